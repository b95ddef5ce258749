import type { Command } from 'commander'
import type { AgreementRow } from '../../../core/engines/agreement.ts'
import { measuredFrom } from '../../../core/engines/timings.ts'
import { didYouMean } from '../../../core/text/near-miss.ts'
import { installHere } from '../../services/engines/install.ts'
import { availableEngines, listEngines, type EngineRow } from '../../services/engines/list-engines.ts'
import { readMeasurement, TRIABLE } from '../../services/engines/timings-file.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { ENGINE_KINDS, type EngineKind } from '../../trainer/engines/install.ts'
import { EngineRefused, spawnTrial } from '../../trainer/spawn.ts'
import { names } from '../arguments.ts'
import { createCommand, outputOf, type CommonOptions } from '../command.ts'
import { aborting } from '../interrupt.ts'
import { installProgress } from '../install-progress.ts'
import { formatTable } from '../table.ts'

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
      if (options.only && !options.check) throw new InvalidRequest('--only chooses what --check computes: add --check.')
      if (options.check) await check(options)
      else list(options)
    })
  command.addCommand(installCommand())
  return command
}

/** Each once. @throws InvalidRequest */
export function enginesByName(wanted: readonly string[]): TriableEngine[] {
  return [...new Set(wanted)].map((name) => {
    const known = TRIABLE.find((engine) => engine === name)
    if (known) return known
    if (name === 'tfjs')
      throw new InvalidRequest(
        `"tfjs" stands for the best of several engines; name one of them: ${TRIABLE.slice(1).join(', ')}.`,
      )
    throw new InvalidRequest(
      `There is no engine "${name}"; there are ${TRIABLE.join(', ')}.${didYouMean(name, TRIABLE)}`,
    )
  })
}

function list(options: Options): void {
  const { measurement, problem } = readMeasurement()
  const output = outputOf(options)
  const engines = listEngines(measurement)
  const iso = (time: number) => new Date(time).toISOString()
  const [from, measuredAt] =
    measurement === null ? [null, null] : [iso(measuredFrom(measurement)), iso(measurement.measuredAt)]
  output.result({ engines, measuredFrom: from, measuredAt, problem }, () =>
    [
      formatTable(
        [{ title: 'engine' }, { title: 'state' }, { title: 'device' }, { title: 'versions' }],
        engines.map((engine) => [engine.name, stateOf(engine), engine.device ?? '', versionsOf(engine)]),
      ),
      ...engines.flatMap((engine) => adviceOn(engine)),
      '',
      measuredAt === null
        ? 'Updates have not been timed here: cmaml bench engines'
        : `Updates were timed here ${from === measuredAt ? `at ${measuredAt}` : `from ${from} to ${measuredAt}`}: --engine auto takes what was fastest.`,
      ...(problem === null ? [] : [problem]),
    ].join('\n'),
  )
}

const stateOf = ({ available, tried }: EngineRow) =>
  available ? (tried ? 'available' : 'installed, not tried yet') : 'not available'
const versionsOf = ({ versions }: EngineRow) =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')

function adviceOn({ name, problem, installs }: Pick<EngineRow, 'name' | 'problem' | 'installs'>): string[] {
  if (problem === null) return []
  const ways = installs.map(({ kind, device }) => `  cmaml engines install ${kind.padEnd(10)}  ${device}`)
  return ['', `${name}: ${problem.replace(/\.$/, '')}.`, ...ways]
}

/** Every engine in a process of its own: what crashes is one line of the table. */
async function check(options: Options): Promise<void> {
  const output = outputOf(options)
  const wanted = enginesByName(options.only ?? availableEngines())
  const checked: CheckedEngine[] = []
  await aborting(async (signal) => {
    for (const name of wanted) {
      signal.throwIfAborted()
      output.note(`${name} ...`)
      checked.push(await checkOne(name, signal))
    }
  })
  output.result(checked, () => checkedText(checked))
  const failed = failedChecks(checked, options.only !== undefined)
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}.`)
}

export interface CheckedEngine {
  readonly engine: TriableEngine
  readonly device: string | null
  readonly rows: readonly AgreementRow[]
  readonly failure: string | null
  /** It finds no device, or is not there; nothing was computed. */
  readonly isUnavailable: boolean
}

/** @param named an engine that is asked for by name has to be there */
export const failedChecks = (checked: readonly CheckedEngine[], named: boolean): TriableEngine[] =>
  checked.flatMap(({ engine, failure, rows, isUnavailable }) =>
    (failure !== null && (named || !isUnavailable)) || rows.some(isTooFar) ? [engine] : [],
  )

async function checkOne(name: TriableEngine, signal: AbortSignal): Promise<CheckedEngine> {
  try {
    const trial = await spawnTrial(name)
    const close = () => void trial.close()
    signal.addEventListener('abort', close)
    try {
      // It may have come while the engine was loaded.
      signal.throwIfAborted()
      const rows = await trial.agreement()
      return { engine: name, device: trial.engine.device, rows, failure: null, isUnavailable: false }
    } finally {
      signal.removeEventListener('abort', close)
      await trial.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    const { message } = error as Error
    const isUnavailable = error instanceof EngineRefused && error.cause === undefined
    return {
      engine: name,
      device: null,
      rows: [],
      failure: isUnavailable ? message : `It failed: ${message}`,
      isUnavailable,
    }
  }
}

const isTooFar = ({ toSimd, toFloat64, toAlone, limit }: AgreementRow): boolean =>
  // A NaN is no agreement either.
  [toSimd, toFloat64, toAlone].some((error) => error !== null && !(error <= limit))

function checkedText(checked: readonly CheckedEngine[]): string {
  return [...(checked.some(({ rows }) => rows.length > 0) ? agreementText(checked) : []), ...checked.flatMap(outcomeOf)]
    .join('\n')
    .trim()
}

function outcomeOf({ engine, device, failure, isUnavailable }: CheckedEngine): string[] {
  if (!isUnavailable) return [`${engine}: ${failure ?? device}`]
  const { installs } = listEngines(null).find(({ name }) => name === engine)!
  return adviceOn({ name: engine, problem: failure, installs })
}

function agreementText(checked: readonly CheckedEngine[]): string[] {
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
  ]
}

function installCommand(): Command {
  return createCommand('install <kind>', `Install an engine: ${ENGINE_KINDS.join(', ')} (docs/engines.md).`).action(
    async (wanted: string, _: CommonOptions, command: Command) => {
      const kind = ENGINE_KINDS.find((name): name is EngineKind => name === wanted)
      if (!kind) throw new InvalidRequest(`"${wanted}" cannot be installed; there are ${ENGINE_KINDS.join(', ')}.`)
      // `--json` is an option of `engines` too, which takes it.
      const output = outputOf(command.optsWithGlobals<CommonOptions>())
      const onProgress = installProgress((line) => output.note(line))
      const installed = await aborting((signal) => installHere(kind, { signal, onProgress }))
      output.result({ kind, ...installed }, () => `Installed. It computes on: ${installed.device}`)
    },
  )
}
