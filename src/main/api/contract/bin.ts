// What was deleted and can still be brought back.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import type { BinContent } from '../../services/bin-keeper.ts'
import { comparisonId } from './comparisons.ts'
import { cursor, runId } from './runs.ts'

export type { BinContent }
export type BinnedRun = BinContent['runs'][number]
export type RemovedComparison = BinContent['comparisons'][number]

/** The newest deletion first. Times are milliseconds since the Unix epoch; at `purgeAt` it goes for good. */
export const binContent = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['train', 'fine-tune']),
      method: z.enum(['meta', 'pre-train']).nullable(),
      world: z.string(),
      /** Name of the bundle that it was imported from. */
      source: z.string().nullable(),
      done: z.number(),
      total: z.number(),
      binnedAt: z.number(),
      purgeAt: z.number(),
    }),
  ),
  comparisons: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** How many runs it names. */
      runs: z.number(),
      removedAt: z.number(),
      purgeAt: z.number(),
    }),
  ),
}) satisfies z.ZodType<BinContent>

const runs = z.array(runId).max(20_000)
const choice = z.object({ runs, comparisons: z.array(comparisonId).max(20_000) })

export const binContract = {
  /** The content now, and whenever it changed. */
  watch: oc.output(eventIterator(binContent.extend({ cursor }))),
  /** Bytes that deleting each of the runs frees, about; 0 of one that is gone. In the order of the runs. */
  sizes: oc.input(z.object({ runs: runs.max(200) })).output(z.array(z.number())),
  /** Takes them out of sight, all of the runs or none; `restore` brings them back until `purgeAt`. */
  put: oc.input(choice).output(z.object({ purgeAt: z.number() })),
  /** All of the runs, or none. */
  restore: oc.input(choice),
  /** Deletes for good what of it is in the bin; answers once its disk is freed. */
  purge: oc.input(choice),
}
