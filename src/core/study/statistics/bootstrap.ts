/**
 * The stratified bootstrap of runs x tasks (Agarwal et al., 2021, arXiv 2108.13264, section 4.1; rliable's
 * `StratifiedBootstrap`), and its form for meta-learning, where tasks are the random factor.
 *
 * What no resampling can mend: R runs resampled within a task have (R - 1) / R of the variance of fresh runs, so that an
 * interval over 3 runs is about 18 % too narrow. And resampling within each task takes its runs as independent of those on
 * other tasks, where all fine-tunings of a seed share one meta-policy: it understates the spread between meta-trainings.
 */
import { stream } from '../../random/stream.ts'
import type { Stream } from '../../random/stream.ts'
import { CONFIDENCE } from './percentile.ts'
import type { ScoreMatrix } from './score-matrix.ts'

/**
 * What is drawn anew, with replacement:
 * - `runs`: the R runs within each task (other seeds, these tasks);
 * - `runs-and-tasks`: tasks, and the runs within each (other seeds, other tasks; rliable's `task_bootstrap`);
 * - `tasks`: tasks, each with all its runs (these seeds, other tasks).
 */
export type Resampling = 'runs' | 'runs-and-tasks' | 'tasks'

export interface BootstrapOptions {
  readonly resampling: Resampling
  /** An integer; the same seed gives the same resamples whatever is computed from them. */
  readonly seed: number
  readonly resamples?: number
  readonly confidence?: number
}

/** rliable's default for performance profiles. */
export const DEFAULT_RESAMPLES = 2_000

/** What can be resampled of scores of this shape. */
export interface BootstrapPlan {
  readonly runs: boolean
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
  const several = { runs: Math.min(...runs) > 1, tasks: tasks > 1 }
  const asked = { runs: resampling !== 'tasks', tasks: resampling !== 'runs' }
  const moves = { runs: asked.runs && several.runs, tasks: asked.tasks && several.tasks }
  if (!moves.runs && !moves.tasks) {
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

function units(moves: { runs: boolean; tasks: boolean }, runs: readonly number[], tasks: number): string {
  const distinct = [...new Set(runs)].join(' and ')
  const nRuns = distinct === '1' ? 'one run' : `${distinct} runs`
  const nTasks = tasks === 1 ? 'one task' : `${tasks} tasks`
  if (moves.runs && moves.tasks) return `stratified bootstrap resamples over ${nTasks} and ${nRuns} within each`
  if (moves.runs)
    return `stratified bootstrap resamples over ${nRuns} within ${tasks === 1 ? nTasks : `each of ${nTasks}`}`
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
  const drawnTasks = Int32Array.from({ length: tasks }, (_, task) => task)
  const samples = matrices.map((matrix) => ({ ...matrix, values: new Float64Array(matrix.values.length) }))
  return () => {
    if (plan.tasks) for (let task = 0; task < tasks; task++) drawnTasks[task] = random.integer(tasks)
    for (let k = 0; k < samples.length; k++) {
      const { runs, values } = samples[k]!
      const source = matrices[k]!.values
      for (let at = 0; at < values.length; at++) {
        const run = plan.runs ? random.integer(runs) : Math.floor(at / tasks)
        values[at] = source[run * tasks + drawnTasks[at % tasks]!]!
      }
    }
    return samples
  }
}
