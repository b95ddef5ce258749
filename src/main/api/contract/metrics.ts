// Series of a run: never whole, always at most as many stretches as a chart has pixels.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import type { AdaptationCurve } from '../../services/adaptation.ts'
import { runId } from './runs.ts'

export type { AdaptationCurve }

// Without a word on the kind of buffer, which `z.instanceof` would fix.
export const numbers = z.custom<Float64Array>((value) => value instanceof Float64Array)
export const integers = z.custom<Int32Array>((value) => value instanceof Int32Array)
const singles = z.custom<Float32Array>((value) => value instanceof Float32Array)
export const metricName = z.string().max(60)

/** One metric as stretches of iterations; all arrays have the same length. A stretch of one iteration has min = max. */
export const seriesStretches = z.object({
  metric: metricName,
  first: numbers,
  last: numbers,
  count: numbers,
  min: numbers,
  max: numbers,
  mean: numbers,
})
export type SeriesStretches = z.infer<typeof seriesStretches>

export const runSeries = z.object({
  /** The newest iteration that the answer knows: `watch` goes on after it. */
  cursor: z.number(),
  series: z.array(seriesStretches),
  /** Environment steps and time computed (s) at some iterations, ascending, to draw over something else than iterations. */
  axis: z.object({ iteration: numbers, envSteps: numbers, seconds: numbers }),
})
export type RunSeries = z.infer<typeof runSeries>

/** New iterations: one value per metric and iteration, NaN where there is none, metric by metric. */
export const newIterations = z.object({
  cursor: z.number(),
  metrics: z.array(metricName),
  iteration: numbers,
  envSteps: numbers,
  seconds: numbers,
  values: z.array(numbers),
})
export type NewIterations = z.infer<typeof newIterations>

/** What each task's policy did in each iteration: `values[i]` belongs to `iteration[i]` and `task[i]`. */
export const taskCells = z.object({
  cursor: z.number(),
  tasks: z.array(z.number()),
  iteration: integers,
  task: integers,
  return: singles,
  cost: singles,
})
export type TaskCells = z.infer<typeof taskCells>

/** Mean and spread over tasks of a fine-tuning, by initialisation and adaptation step. */
export const adaptationCurve = z.object({
  label: z.string(),
  /** Results behind the numbers. */
  tasks: z.number(),
  return: z.array(z.object({ mean: z.number(), sd: z.number() })),
  cost: z.array(z.object({ mean: z.number(), sd: z.number() })),
  /** Share of tasks within the limit. */
  feasible: z.array(z.number()),
}) satisfies z.ZodType<AdaptationCurve>

const range = { from: z.number().int().optional(), to: z.number().int().optional() }

export const metricsContract = {
  series: oc
    .input(
      z.object({
        run: runId,
        metrics: z.array(metricName).max(60),
        ...range,
        buckets: z.number().int().min(1).max(5000),
      }),
    )
    .output(runSeries),
  watch: oc
    .input(z.object({ run: runId, metrics: z.array(metricName).max(60), after: z.number().int().min(0) }))
    .output(eventIterator(newIterations)),
  /** @param policy the meta-policy before, or the adapted policy after the last inner step */
  tasks: oc
    .input(z.object({ run: runId, policy: z.enum(['before', 'after']), ...range, most: z.number().int().max(200_000) }))
    .output(taskCells),
  adaptation: oc.input(z.object({ run: runId })).output(z.array(adaptationCurve)),
  /** Series of many runs, each as `series` answers it; `overlayOnGrid` of the core puts them on one grid. */
  overlay: oc
    .input(
      z.object({
        runs: z.array(runId).min(1).max(1000),
        metrics: z.array(metricName).min(1).max(24),
        ...range,
        buckets: z.number().int().min(1).max(5000),
      }),
    )
    .output(z.array(runSeries.extend({ run: runId }))),
  /** Of trainings every metric of every iteration, of fine-tunings every result: a file for each of the two kinds. */
  files: oc
    .input(z.object({ runs: z.array(runId).min(1).max(1000), format: z.enum(['csv', 'parquet']) }))
    .output(z.array(z.object({ name: z.string(), type: z.string(), bytes: z.instanceof(Uint8Array) }))),
}
