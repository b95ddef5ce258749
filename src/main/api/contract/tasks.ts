// Questions about tasks across runs: which worlds and seeds runs use, what they found on each, and sheets of maps.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { integers, numbers } from './metrics.ts'
import { runId } from './runs.ts'

const seed = z.number().int().min(0).max(1_000_000)
/** A world as `src/core/env/world-variant.ts` writes it. */
const variant = z.string().min(1).max(100)

/** Seeds that runs of the database train on, or hold out. */
export const taskSet = z.object({
  kind: z.enum(['training', 'held-out']),
  from: z.number(),
  to: z.number(),
  arcDegrees: z.number(),
})
export type TaskSet = z.infer<typeof taskSet>

/** A world with the sets of tasks that it is used with; those of most runs come first. */
export const knownWorld = z.object({
  variant: z.string(),
  title: z.string(),
  runs: z.number(),
  sets: z.array(taskSet),
})
export type KnownWorld = z.infer<typeof knownWorld>

/**
 * Values by initialisation, adaptation step and task: of initialisation i, step k and task t at
 * `(i * steps.length + k) * tasks.length + t`; NaN where there is no result.
 */
export const taskResults = z.object({
  kind: z.enum(['train', 'fine-tune']),
  world: z.string(),
  /** null where the runs have different ones. */
  costLimit: z.number().nullable(),
  tasks: integers,
  /** Adaptation steps that have values, ascending. */
  steps: z.array(z.number()),
  labels: z.array(z.string()),
  return: numbers,
  cost: numbers,
  /** Share of the results within their run's limit. */
  feasible: numbers,
  /** Results behind each value, by initialisation and task. */
  count: integers,
  /** What a value is the mean of: a sentence. */
  meaning: z.string(),
})
export type TaskResults = z.infer<typeof taskResults>

const beforeAndAfter = {
  run: z.string(),
  name: z.string(),
  costLimit: z.number(),
  vasesConstrained: z.boolean(),
  /** Adaptation steps behind the values after. */
  steps: z.number(),
  returnBefore: z.number(),
  costBefore: z.number(),
  returnAfter: z.number(),
  costAfter: z.number(),
}

/** What runs found on one task, newest run first. */
export const aboutTask = z.object({
  fineTunings: z.array(z.object({ ...beforeAndAfter, label: z.string() })),
  /** Means over the newest iterations that met the task. */
  trainings: z.array(z.object({ ...beforeAndAfter, iterations: z.number() })),
  episodes: z.array(
    z.object({
      id: z.number(),
      /** null: of an imported checkpoint, by whose file it is named. */
      run: z.string().nullable(),
      name: z.string(),
      /** null: a policy of training. */
      label: z.string().nullable(),
      iteration: z.number(),
      step: z.number(),
      episode: z.number(),
      return: z.number(),
      cost: z.number(),
      length: z.number(),
    }),
  ),
})
export type AboutTask = z.infer<typeof aboutTask>

const colour = z.string().regex(/^#[0-9a-f]{6}$/)

export const tasksContract = {
  worlds: oc.output(z.array(knownWorld)),
  /** Of one fine-tuning, of several that are pooled by their labels, or of one training. */
  results: oc.input(z.object({ runs: z.array(runId).min(1).max(200) })).output(taskResults),
  /** @param world as runs name it */
  about: oc.input(z.object({ world: z.string().max(100), task: seed })).output(aboutTask),
  /** Maps of tasks on one page, as figures 7, 8 and 12 of the paper show them. */
  sheet: oc
    .input(
      z.object({
        variant,
        format: z.enum(['svg', 'png']),
        title: z.string().max(200),
        caption: z.string().max(2000),
        /** In the order of the page; a mark is a coloured frame and a value under the seed. */
        tasks: z
          .array(z.object({ seed, mark: z.object({ colour, text: z.string().max(20) }).optional() }))
          .min(1)
          .max(1000),
      }),
    )
    .output(z.object({ name: z.string(), type: z.string(), bytes: z.instanceof(Uint8Array) })),
}
