import type { Command } from 'commander'
import type { AgreementRow } from '../../../core/engines/agreement.ts'
import { listEngines, type EngineRow } from '../../services/engines/list-engines.ts'
import { readMeasurement, TRIABLE } from '../../services/engines/timings-file.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { didYouMean } from '../../services/near-miss.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { ENGINE_KINDS, installEngine, type EngineKind, type InstallProgress } from '../../trainer/engines/install.ts'
import { EngineRefused, spawnTrial } from '../../trainer/spawn.ts'
import { names } from '../arguments.ts'
import { createCommand, outputOf, type CommonOptions } from '../command.ts'
import { aborting } from '../interrupt.ts'
import { formatMegabytes, formatTable } from '../table.ts'

interface Options extends CommonOptions {
  readonly check?: true
  readonly only?: readonly string[]
}

export function enginesCommand(): Command {
  const command = createCommand('engines', 'What can compute updates on this machine, and how to get what cannot yet.')
    .option(
      '--check',
      'compute every operation on every engine, and say how far it is from the SIMD engine and float64',
    )
    .option('--only <engines>', `with --check: these engines, of ${TRIABLE.join(', ')}`, names)
    .action(async (options: Options) => {
      if (options.check) await check(options)
      else list(options)
    })
  command.addCommand(installCommand())
  return command
}

/** @throws InvalidRequest */
export function enginesByName(wanted: readonly string[]): TriableEngine[] {
  return wanted.map((name) => {
    const known = TRIABLE.find((engine) => engine === name)
    if (known) return known
    throw new InvalidRequest(
      `There is no engine "${name}"; there are ${TRIABLE.join(', ')}.${didYouMean(name, TRIABLE)}`,
    )
  })
}

function list(options: Options): void {
  const { measurement, problem } = readMeasurement()
  const output = outputOf(options)
  const engines = listEngines(measurement)
  const measuredAt = measurement === null ? null : new Date(measurement.measuredAt).toISOString()
  output.result({ engines, measuredAt, problem }, () =>
    [
      formatTable(
        [{ title: 'engine' }, { title: 'state' }, { title: 'device' }, { title: 'versions' }],
        engines.map((engine) => [engine.name, stateOf(engine), engine.device ?? '', versionsOf(engine)]),
      ),
      ...engines.flatMap((engine) => adviceOn(engine)),
      '',
      measuredAt === null
        ? 'Updates have not been timed here: cmaml bench engines'
        : `Updates were timed here at ${measuredAt}: --engine auto takes what was fastest.`,
      ...(problem === null ? [] : [problem]),
    ].join('\n'),
  )
}

const stateOf = ({ available }: EngineRow) => (available ? 'available' : 'not available')
const versionsOf = ({ versions }: EngineRow) =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')

function adviceOn({ name, problem, installs }: EngineRow): string[] {
  if (problem === null) return []
  const ways = installs.map(({ kind, device }) => `  cmaml engines install ${kind.padEnd(10)}  ${device}`)
  return ['', `${name}: ${problem.replace(/\.$/, '')}.`, ...ways]
}

/** Every engine in a process of its own: what crashes is one line of the table. */
async function check(options: Options): Promise<void> {
  const output = outputOf(options)
  const wanted = enginesByName(
    options.only ?? listEngines(null).flatMap(({ name, available }) => (available ? [name] : [])),
  )
  const checked: CheckedEngine[] = []
  await aborting(async (signal) => {
    for (const name of wanted) {
      signal.throwIfAborted()
      output.note(`${name} ...`)
      checked.push(await checkOne(name, signal))
    }
  })
  output.result(checked, () => checkedText(checked))
  const failed = checked.filter(({ failure, rows }) => failure !== null || rows.some(isTooFar))
  if (failed.length > 0 && options.only !== undefined)
    throw new Error(`Failed: ${failed.map(({ engine }) => engine).join(', ')}.`)
}

interface CheckedEngine {
  readonly engine: TriableEngine
  readonly device: string | null
  readonly rows: readonly AgreementRow[]
  readonly failure: string | null
}

async function checkOne(name: TriableEngine, signal: AbortSignal): Promise<CheckedEngine> {
  try {
    const trial = await spawnTrial(name)
    const close = () => void trial.close()
    signal.addEventListener('abort', close)
    try {
      return { engine: name, device: trial.engine.device, rows: await trial.agreement(), failure: null }
    } finally {
      signal.removeEventListener('abort', close)
      await trial.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    const { message } = error as Error
    const failure = error instanceof EngineRefused ? message : `It failed: ${message}`
    return { engine: name, device: null, rows: [], failure }
  }
}

const isTooFar = ({ toSimd, toFloat64, toAlone, limit }: AgreementRow): boolean =>
  // A NaN is no agreement either.
  [toSimd, toFloat64, toAlone].some((error) => error !== null && !(error <= limit))

function checkedText(checked: readonly CheckedEngine[]): string {
  const cell = (value: number | null) => (value === null ? '' : value === 0 ? '0' : value.toExponential(1))
  const right = 'right' as const
  const table = formatTable(
    [
      { title: 'engine' },
      { title: 'operation' },
      { title: 'to SIMD', align: right },
      { title: 'to float64', align: right },
      { title: 'to the task alone', align: right },
      { title: 'limit', align: right },
      { title: '' },
    ],
    checked.flatMap(({ rows }) =>
      rows.map((row) => [
        row.engine,
        row.operation,
        ...[row.toSimd, row.toFloat64, row.toAlone].map(cell),
        row.limit.toExponential(0),
        isTooFar(row) ? 'TOO FAR' : '',
      ]),
    ),
  )
  return [
    'Relative errors on 4,000 rows of the real environment, 44-64-64-2, beside tasks of 2,500 and 1,000 rows.',
    '',
    table,
    '',
    ...checked.map(({ engine, device, failure }) => `${engine}: ${failure ?? device}`),
  ].join('\n')
}

function installCommand(): Command {
  return createCommand('install <kind>', `Install an engine: ${ENGINE_KINDS.join(', ')} (docs/engines.md).`).action(
    async (wanted: string, options: CommonOptions) => {
      const kind = ENGINE_KINDS.find((name): name is EngineKind => name === wanted)
      if (!kind) throw new InvalidRequest(`"${wanted}" cannot be installed; there are ${ENGINE_KINDS.join(', ')}.`)
      const output = outputOf(options)
      let last = ''
      const onProgress = (progress: InstallProgress) => {
        const line = progressText(progress)
        if (line !== last) output.note(line)
        last = line
      }
      const installed = await aborting((signal) => installEngine(kind, { signal, onProgress }))
      output.result({ kind, ...installed }, () => `Installed. It computes on: ${installed.device}`)
    },
  )
}

/** A line per step, and per tenth of a large download. */
export function progressText(progress: InstallProgress): string {
  const { step, what } = progress
  if (progress.step !== 'download' || !progress.total) return `${step}: ${what}`
  const tenth = Math.floor((10 * progress.received) / progress.total)
  return `${step}: ${what}, ${tenth * 10} % of ${formatMegabytes(progress.total)}`
}
