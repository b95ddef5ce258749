// Recorded episodes: which there are, one of them in full, recording, and a policy at work.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import type { Episode } from '../../../core/episode/episode.ts'
import type { NewSteps } from '../../../core/episode/growing.ts'
import { runId } from './runs.ts'

const id = z.number().int().min(1)
const ids = z.array(id).min(1).max(10_000)
const task = z.number().int().min(0)
const step = z.number().int().min(0)
const checkpointId = z.string().min(1).max(64)

export const episodeRow = z.object({
  id,
  /** null: of a checkpoint without its run. */
  run: z.string().nullable(),
  /** The imported checkpoint, where there is no run. */
  checkpoint: z.string().nullable(),
  /** Of an imported checkpoint, the name of its file. */
  runName: z.string(),
  /** d of the run, or of the checkpoint's configuration. */
  costLimit: z.number(),
  /** Of a fine-tuning: which of its initialisations; null for a policy of training. */
  initialisation: z.object({ index: z.number(), label: z.string() }).nullable(),
  /** Of the training's checkpoint; 0 where a fine-tuning's policy drives. */
  iteration: z.number(),
  task: z.number(),
  /** Adaptation steps that the policy took on this task. */
  step: z.number(),
  /** Counts the episodes of one policy on one task, from 0. */
  episode: z.number(),
  /** Actions were sampled; else the mean acted. */
  stochastic: z.boolean(),
  return: z.number(),
  cost: z.number(),
  length: z.number(),
  /** Bytes stored. */
  size: z.number(),
  /** Milliseconds since the Unix epoch; null for old recordings. */
  recordedAt: z.number().nullable(),
})
export type EpisodeRow = z.infer<typeof episodeRow>

export const episodeSort = z.enum(['newest', 'task', 'return', 'cost', 'length'])
export type EpisodeSort = z.infer<typeof episodeSort>

export const episodeQuery = z.object({
  /** These alone. */
  ids: ids.optional(),
  run: runId.optional(),
  /** An imported checkpoint. */
  checkpoint: checkpointId.optional(),
  task: task.optional(),
  /** Index within a fine-tuning; null for policies of training. */
  initialisation: z.number().int().min(0).nullable().optional(),
  step: step.optional(),
  sort: episodeSort.default('newest'),
  descending: z.boolean().default(false),
  /** `next` of the page before. */
  after: z.string().max(200).nullable().default(null),
  limit: z.number().int().min(1).max(1000).default(100),
})

export const episodePage = z.object({
  rows: z.array(episodeRow),
  /** Of all that match. */
  total: z.number(),
  /** Where the next page starts; null where this is the last. */
  next: z.string().nullable(),
})
export type EpisodePage = z.infer<typeof episodePage>

/** Arrays travel bit for bit. */
const episode = z.custom<Episode>((value) => typeof value === 'object' && value !== null)

/** Whose policies: a checkpoint, imported ones included, or initialisations of a fine-tuning by their index. */
export const episodeSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checkpoint'), checkpoint: checkpointId }),
  z.object({
    kind: z.literal('fine-tuning'),
    run: runId,
    initialisations: z.array(z.number().int().min(0)).min(1).max(100),
  }),
])
export type EpisodeSource = z.infer<typeof episodeSource>

export const recordRequest = z.object({
  source: episodeSource,
  tasks: z.array(task).min(1).max(1000),
  /** 0 is the initialisation itself; a later policy is found by adapting once more, which gives the same bits. */
  adaptationSteps: z.array(step).min(1).max(100),
  episodes: z.number().int().min(1).max(100).default(1),
  stochastic: z.boolean().default(true),
})
export type RecordRequest = z.input<typeof recordRequest>

export const recordProgress = z.object({
  done: z.number(),
  total: z.number(),
  /** Of the episodes recorded since the last report. */
  ids: z.array(id),
})
export type RecordProgress = z.infer<typeof recordProgress>

/** The paper's figure 9: initialisations by adaptation steps on one task. */
export const episodeGrid = z.object({
  task,
  steps: z.array(step),
  rows: z.array(
    z.object({
      run: z.string(),
      runName: z.string(),
      /** The episodes are those of another run than was asked for, which found the same policies. */
      isOther: z.boolean(),
      initialisation: z.number(),
      label: z.string(),
      seed: z.number(),
      /** One per entry of `steps`; null where nothing is recorded. */
      episodes: z.array(id.nullable()),
    }),
  ),
  /** Tasks of these runs of which something is recorded, ascending. */
  recordedTasks: z.array(task),
})
export type EpisodeGrid = z.infer<typeof episodeGrid>

/** A policy at work. First `start`, whose episode has length 0; then steps to be appended; then `end`. */
export type LiveEpisode =
  | { readonly kind: 'start'; readonly episode: Episode; readonly horizon: number }
  | {
      readonly kind: 'steps'
      /** Steps before these. */
      readonly from: number
      readonly steps: NewSteps
    }
  | { readonly kind: 'end'; readonly terminated: boolean; readonly truncated: boolean }

const liveEpisode = z.custom<LiveEpisode>((value) => typeof value === 'object' && value !== null && 'kind' in value)

export const episodesContract = {
  list: oc.input(episodeQuery).output(episodePage),
  /** Ids of what something is recorded of: runs, and checkpoints without one. */
  owners: oc.output(z.object({ runs: z.array(z.string()), checkpoints: z.array(z.string()) })),
  read: oc.input(z.object({ id })).output(episode),
  /** Progress, ending with `done` = `total`; a caller that goes away cancels what is not recorded yet. */
  record: oc.input(recordRequest).output(eventIterator(recordProgress)),
  /** Takes episodes out of sight; `restore` brings them back until `purgeAt`, when their disk is freed. */
  remove: oc.input(z.object({ ids })).output(z.object({ removed: z.number(), purgeAt: z.number() })),
  restore: oc.input(z.object({ ids })).output(z.object({ restored: z.number() })),
  figure9: oc.input(z.object({ runs: z.array(runId).min(1).max(200), task: task.nullable() })).output(episodeGrid),
  /** @param speed 1 is real time (50 steps per second); null is as fast as the policy runs */
  live: oc
    .input(
      z.object({
        checkpoint: checkpointId,
        task,
        stochastic: z.boolean().default(true),
        /** Another number, another episode. */
        episode: z.number().int().min(0).default(0),
        speed: z.number().min(0.1).max(64).nullable().default(1),
      }),
    )
    .output(eventIterator(liveEpisode)),
}
