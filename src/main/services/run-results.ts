/** Trainings against their settings: what differs between them, and what came out. */
import type { MetricName } from '../../core/training/records.ts'
import type { VaryingSetting } from '../../core/study/training-comparison/groups.ts'
import type { Store } from '../store/store.ts'
import { trainingDifferences } from './compare/setting-differences.ts'
import { initialisationLabel } from '../../core/study/plan/initialisation-label.ts'
import { runRow } from './run-rows.ts'
import { readInTraining } from './settings-read.ts'

/** One metric over the iterations of one run; numbers are null where there is no value. */
export interface MetricSummary {
  /** Iterations with a value. */
  readonly count: number
  readonly last: number | null
  /** The newest tenth of its iterations. */
  readonly late: number | null
  readonly mean: number | null
  readonly lowest: number | null
  readonly highest: number | null
}

export interface RunResults {
  /** In the order in which they were named. */
  readonly runs: {
    readonly id: string
    readonly name: string
    readonly seed: number
    readonly done: number
    /** What its policy is called as an initialisation, e.g. `MAML`. */
    readonly kind: string
  }[]
  /** Settings that their trainings read and in which they differ; the seed, which says least, is the last. */
  readonly settings: (VaryingSetting & { readonly values: unknown[] })[]
  /** `values` in the order of the runs. */
  readonly metrics: { readonly metric: MetricName; readonly values: MetricSummary[] }[]
  /** Highest return of an iteration within the cost limit, and the cost there; null where none was. */
  readonly best: { readonly return: number | null; readonly cost: number | null }[]
}

/** Stretches of a series that are read: the newest one is the "newest tenth". */
const STRETCHES = 10

export function runResults(store: Store, ids: readonly string[], metrics: readonly MetricName[]): RunResults {
  const rows = ids.map((id) => runRow(store, id))
  const configs = ids.map((id) => store.run(id).config)
  const settings = trainingDifferences(configs, (config, path) => path === 'seed' || readInTraining(config, path))
  return {
    runs: rows.map(({ id, name, seed, done }, i) => ({ id, name, seed, done, kind: initialisationLabel(configs[i]!) })),
    settings: [...settings.filter(({ path }) => path !== 'seed'), ...settings.filter(({ path }) => path === 'seed')],
    metrics: metrics.map((metric) => ({
      metric,
      values: rows.map(({ id, done }) => summaryOf(store, id, metric, done)),
    })),
    best: rows.map(({ bestReturn, bestCost }) => ({ return: bestReturn, cost: bestCost })),
  }
}

function summaryOf(store: Store, id: string, metric: MetricName, done: number): MetricSummary {
  const stretches = store.series(id, metric, { buckets: STRETCHES })
  const count = stretches.reduce((sum, stretch) => sum + stretch.count, 0)
  if (count === 0) return { count: 0, last: null, late: null, mean: null, lowest: null, highest: null }
  const newest = store.series(id, metric, { from: done, to: done, buckets: 1 }).at(-1)
  return {
    count,
    last: newest?.mean ?? null,
    late: stretches.at(-1)!.mean,
    mean: stretches.reduce((sum, stretch) => sum + stretch.mean * stretch.count, 0) / count,
    lowest: Math.min(...stretches.map(({ min }) => min)),
    highest: Math.max(...stretches.map(({ max }) => max)),
  }
}
