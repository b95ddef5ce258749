/**
 * Bootstraps of runs x tasks. Figures and tables use `crossed`, the pigeonhole bootstrap (Owen, 2007, Annals of Applied
 * Statistics 1(2), pages 386 to 411): whole runs and whole tasks are drawn, because all fine-tunings of a run share one
 * initialisation. rliable's stratified forms (Agarwal et al., 2021, arXiv 2108.13264, section 4.1; `StratifiedBootstrap`)
 * draw runs anew within each task, as if a run's scores on two tasks had nothing in common: they understate the spread
 * between trainings and serve for comparison with rliable alone.
 *
 * Simulated coverage of nominal 95 % intervals of the mean over 117 tasks (score = seed + task + noise, all normal, SD of
 * tasks 0.6, of noise 0.5; 2,000 studies; `test/core/study/statistics/coverage.test.ts`):
 *
 *     SD of seeds     0    0.1   0.2
 *     3 runs         .96   .92   .85   crossed       .95   .85   .65   stratified
 *     5 runs         .96   .93   .91                 .95   .88   .74
 *     10 runs        .96   .94   .93                 .95   .91   .81
 *
 * What no resampling can mend: R runs resampled have (R - 1) / R of the variance of fresh runs, and percentiles know no
 * Student's t. With few runs an interval is too narrow where runs differ much; where they do not, it is somewhat too wide.
 */
import { stream } from '../../random/stream.ts'
import type { Stream } from '../../random/stream.ts'
import { CONFIDENCE } from './percentile.ts'
import type { ScoreMatrix } from './score-matrix.ts'

/**
 * What is drawn anew, with replacement:
 * - `crossed`: whole runs and whole tasks (other seeds, other tasks);
 * - `tasks`: tasks, each with all its runs (these seeds, other tasks);
 * - `runs`: the R runs within each task, as independent ones (rliable's default);
 * - `runs-and-tasks`: tasks, and such runs within each (rliable's `task_bootstrap`).
 */
export type Resampling = 'crossed' | 'tasks' | 'runs' | 'runs-and-tasks'

export interface BootstrapOptions {
  readonly resampling: Resampling
  /** An integer; the same seed gives the same resamples whatever is computed from them. */
  readonly seed: number
  readonly resamples?: number
  readonly confidence?: number
}

/** rliable's default for performance profiles. */
const DEFAULT_RESAMPLES = 2_000

/** With fewer runs an interval says that it is rough. */
const FEW_RUNS = 5

/** What can be resampled of scores of this shape. */
export interface BootstrapPlan {
  /** `whole`: with all tasks; `within-tasks`: anew within each task. */
  readonly runs: 'whole' | 'within-tasks' | 'fixed'
  readonly tasks: boolean
  readonly resamples: number
  readonly confidence: number
  readonly random: Stream
  /** What the interval means, for people. */
  readonly band: string
}

/**
 * The plan, or why there is none: resampling the only run within a task returns that run, and an interval from it would
 * claim a certainty that nobody has. Where runs and tasks were asked for and only one kind has several, that one is
 * resampled and the band says so. `runs` holds R of every score matrix that takes part; with one of them single,
 * runs are not resampled.
 */
export function bootstrapPlan(
  runs: readonly number[],
  tasks: number,
  options: BootstrapOptions,
): BootstrapPlan | { readonly reason: string } {
  const { resampling, seed, resamples = DEFAULT_RESAMPLES, confidence = CONFIDENCE } = options
  const asked = { runs: resampling !== 'tasks', tasks: resampling !== 'runs' }
  const moved = resampling === 'crossed' ? 'whole' : 'within-tasks'
  const moves = {
    runs: asked.runs && Math.min(...runs) > 1 ? moved : 'fixed',
    tasks: asked.tasks && tasks > 1,
  } as const
  if (moves.runs === 'fixed' && !moves.tasks) {
    const missing = [asked.runs ? 'one run' : '', asked.tasks ? 'one task' : ''].filter(Boolean).join(' and ')
    return { reason: `no interval: ${missing} only, nothing to resample` }
  }
  return {
    ...moves,
    resamples,
    confidence,
    random: stream(seed, 'stratified bootstrap'),
    band: `${percent(confidence)} percentile of ${resamples.toLocaleString('en-US')} ${units(moves, runs, tasks)}`,
  }
}

function units(moves: Pick<BootstrapPlan, 'runs' | 'tasks'>, runs: readonly number[], tasks: number): string {
  const distinct = [...new Set(runs)].join(' and ')
  const nRuns = distinct === '1' ? 'one run' : `${distinct} runs`
  const nTasks = tasks === 1 ? 'one task' : `${tasks} tasks`
  if (moves.runs === 'whole') {
    const fewest = Math.min(...runs)
    const rough = fewest < FEW_RUNS ? `; rough with ${fewest} runs, too narrow where they differ much` : ''
    return `bootstrap resamples ${moves.tasks ? `of whole runs and whole tasks (${nRuns}, ${nTasks}` : `of runs (${nRuns}, ${nTasks}`}${rough})`
  }
  if (moves.runs === 'within-tasks')
    return moves.tasks
      ? `stratified bootstrap resamples over ${nTasks} and ${nRuns} within each`
      : `stratified bootstrap resamples over ${nRuns} within ${tasks === 1 ? nTasks : `each of ${nTasks}`}`
  const caveat = Math.min(...runs) === 1 ? ': it says nothing about other runs' : ''
  return `bootstrap resamples over ${nTasks}, ${distinct === '1' ? 'of' : 'each with all its'} ${nRuns}${caveat}`
}

const percent = (share: number) => `${Number((100 * share).toPrecision(6))} %`

/**
 * Resamples `matrices` (the same tasks in the same columns; numbers of runs may differ): tasks are drawn once for all of
 * them, since they are matched, runs for each on its own. The returned function draws and returns the same buffers each time.
 */
export function createResampler(matrices: readonly ScoreMatrix[], plan: BootstrapPlan): () => readonly ScoreMatrix[] {
  const { random } = plan
  const tasks = matrices[0]!.tasks
  const drawnTasks = identity(tasks)
  const samples = matrices.map((matrix) => ({
    sample: { ...matrix, values: new Float64Array(matrix.values.length) },
    source: matrix.values,
    drawnRuns: identity(matrix.runs),
  }))
  const drawn = samples.map(({ sample }) => sample)
  return () => {
    if (plan.tasks) draw(random, drawnTasks)
    for (const { sample, source, drawnRuns } of samples) {
      const { runs, values } = sample
      if (plan.runs === 'whole') draw(random, drawnRuns)
      for (let at = 0; at < values.length; at++) {
        const run = plan.runs === 'within-tasks' ? random.integer(runs) : drawnRuns[Math.floor(at / tasks)]!
        values[at] = source[run * tasks + drawnTasks[at % tasks]!]!
      }
    }
    return drawn
  }
}

const identity = (count: number) => Int32Array.from({ length: count }, (_, index) => index)

function draw(random: Stream, indices: Int32Array): void {
  for (let i = 0; i < indices.length; i++) indices[i] = random.integer(indices.length)
}
