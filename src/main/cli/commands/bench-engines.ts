import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { breakEvens, isSameProblem, problemWords, wholeWords, type BreakEven } from '../../../core/engines/timings.ts'
import { claimEngines } from '../../services/engines/claim.ts'
import { availableEngines } from '../../services/engines/list-engines.ts'
import { loadWarning } from '../../services/engines/load-warning.ts'
import { measureEngines, type MeasureProgress } from '../../services/engines/measure.ts'
import { defaultTimingsFile, writeMeasurement, type EngineMeasurement } from '../../services/engines/timings-file.ts'
import { integer, names, number } from '../arguments.ts'
import { createCommand, outputOf, type CommonOptions } from '../command.ts'
import { aborting } from '../interrupt.ts'
import { formatDuration, formatNumber, formatTable } from '../table.ts'
import { counted } from '../../services/conclusion.ts'
import { enginesByName } from './engines.ts'

interface Options extends CommonOptions {
  readonly widths: readonly number[]
  readonly rows: readonly number[]
  readonly tasks: readonly number[]
  readonly engines?: readonly string[]
  readonly budget: number
}

const MOST_SIZES = 20

function sizes(most: number): (text: string) => number[] {
  const one = integer({ min: 1, max: most })
  return (text) => {
    const all = [...new Set(names(text).map(one))].sort((a, b) => a - b)
    if (all.length > MOST_SIZES) throw new InvalidArgumentError(`At most ${MOST_SIZES} sizes.`)
    return all
  }
}

export function benchEnginesCommand(): Command {
  return createCommand('engines', 'Time an update on every engine, and store it for --engine auto.')
    .option('--widths <list>', 'of both hidden layers', sizes(4096), [64, 256, 1024])
    .option('--rows <list>', "of each task's batch", sizes(1_000_000), [2000, 20_000, 200_000])
    .option('--tasks <list>', 'updated together', sizes(200), [1, 10, 40])
    .option('--engines <list>', 'engines to time, all that are available if missing; simd is the baseline', names)
    .option(
      '--budget <seconds>',
      'combinations that would take longer are left out',
      number({ min: 1, max: 86_400 }),
      600,
    )
    .action(async (options: Options, command: Command) => {
      // `--json` before the name belongs to `bench`.
      const common = command.optsWithGlobals<Options>()
      const { widths, rows, tasks, budget } = options
      const output = outputOf(common)
      const display = output.progress('Timing')
      const engines = enginesByName(options.engines ?? availableEngines())
      const withoutSimd = engines.includes('simd') ? [] : (['simd'] as const)
      const giveBack = claimEngines('timing the engines')
      const warning = loadWarning()
      if (warning !== null) output.warn(warning)
      const start = performance.now()
      const work = async (signal: AbortSignal) => {
        const measured = await measureEngines({
          ...{ engines: [...withoutSimd, ...engines], sizes: { widths, rows, tasks }, budget, signal },
          onProgress: ({ done, total, remaining, ...at }) => {
            const rate = (1000 * done) / (performance.now() - start)
            display.update({ done, total, rate, remaining }, describe(at))
          },
        })
        display.finish()
        // First what took so long: that it cannot be stored comes after it.
        output.result({ ...measured, breakEvens: breakEvens(measured.timings) }, () => measuredText(measured))
        if (measured.timings.length === 0) return
        writeMeasurement(measured)
        output.note(`Stored in ${defaultTimingsFile()}.`)
      }
      await aborting(work, { keeps: 'What has been timed is kept.' }).finally(giveBack)
    })
}

function describe({ engine, problem }: Pick<MeasureProgress, 'engine' | 'problem'>): string {
  if (problem === null) return `${engine}: loading`
  return `${engine}: ${problemWords(problem)}`
}

/** A row per combination, a column per engine; the fastest is marked. */
export function measuredText(measured: EngineMeasurement): string {
  const { machine, engines, timings, skipped } = measured
  const reasons = engines.map(({ name, device, failure }) => `${name}: ${[device, failure].filter(Boolean).join('; ')}`)
  if (timings.length === 0 && skipped.length === 0) return ['Nothing was timed.', ...reasons].join('\n')
  const shown = engines.filter(({ name }) => timings.some(({ engine }) => engine === name))
  const problems = [...timings, ...skipped]
    .filter((one, i, all) => all.findIndex((other) => isSameProblem(one, other)) === i)
    .sort((a, b) => a.width - b.width || a.tasks - b.tasks || a.rows - b.rows)
  const cells = problems.map((problem) => {
    const here = timings.filter((timing) => isSameProblem(timing, problem))
    const best = Math.min(...here.map(({ seconds }) => seconds))
    const cell = (name: string) => {
      const seconds = here.find(({ engine }) => engine === name)?.seconds
      if (seconds !== undefined) return `${formatSeconds(seconds)}${seconds === best && here.length > 1 ? ' *' : '  '}`
      const left = skipped.find((one) => one.engine === name && isSameProblem(one, problem))
      return left ? `(${left.seconds === null ? 'too long' : `~${formatSeconds(left.seconds)}`})  ` : '-  '
    }
    const { width, tasks, rows } = problem
    return [String(width), String(tasks), wholeWords(rows), ...shown.map(({ name }) => cell(name))]
  })
  const right = 'right' as const
  return [
    `Seconds per update of all tasks on ${machine.cpu}, ${machine.cores} cores. *: fastest.`,
    '',
    formatTable(
      ['width', 'tasks', 'rows', ...shown.map(({ name }) => `${name}  `)].map((title) => ({ title, align: right })),
      cells,
    ),
    '',
    ...(skipped.length > 0
      ? [
          '(~x): not measured; by a smaller problem and the ratio of the work it would take about x (seconds, h:mm:ss).',
          '',
        ]
      : []),
    ...breakEvenText(breakEvens(timings)),
    ...reasons,
  ].join('\n')
}

/** Where another engine overtakes the SIMD engine. */
function breakEvenText(all: readonly BreakEven[]): string[] {
  const found = all.flatMap(({ engine, width, tasks, rows, fromStart, speedUp }) => {
    if (rows === null) return []
    const from = `${fromStart ? 'at the latest from' : 'from about'} ${wholeWords(Number(rows.toPrecision(2)))} rows`
    return [
      `  ${engine}, ${width} wide, ${counted(tasks, 'task')}: ${from}; ${formatNumber(speedUp)} times as fast at the largest batch`,
    ]
  })
  if (found.length > 0) return ['Break-even with simd:', ...found, '']
  return [
    all.length > 0 ? 'No engine overtakes simd within what was measured.' : 'No other engine was timed beside simd.',
    '',
  ]
}

const formatSeconds = (seconds: number): string =>
  seconds >= 600 ? formatDuration(seconds) : String(Number(seconds.toPrecision(2)))
