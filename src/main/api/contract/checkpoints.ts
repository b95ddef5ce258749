// Trained policies: what there is, where it comes from and leads to, and files of it in both directions.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { MAX_UPLOAD_BYTES } from '../../../core/wire/upload.ts'
import { checkpointRow, runId } from './runs.ts'

const checkpointId = z.string().min(1).max(64)

/** Of a run: its return and cost are those that the run recorded at that iteration; null where it kept none. */
export const runCheckpoint = checkpointRow.extend({
  return: z.number().nullable(),
  cost: z.number().nullable(),
  /** SHA-256 of the policy and the scaling of its input: the same here, in exported files and imported again. */
  weights: z.string(),
})
export type RunCheckpoint = z.infer<typeof runCheckpoint>

/** A run in the descent of policies. */
export const lineageNode = z.object({
  /** null where it is known by a card only: its checkpoint came without it. */
  run: z.string().nullable(),
  name: z.string(),
  kind: z.enum(['train', 'fine-tune']),
  method: z.enum(['meta', 'pre-train']).nullable(),
  /** Index of the node that it starts from; null of the first. */
  parent: z.number().nullable(),
  /** The state of its parent that it starts from. */
  iteration: z.number().nullable(),
  /** Whether it is the run that was asked about. */
  self: z.boolean(),
})
export type LineageNode = z.infer<typeof lineageNode>

export const checkpointsOfRun = z.object({
  /** Oldest first. */
  checkpoints: z.array(runCheckpoint),
  /** Parents before their children; the run's ancestors, itself, and what starts from it. */
  lineage: z.array(lineageNode),
  /** Descendants that are left out. */
  more: z.number(),
})
export type CheckpointsOfRun = z.infer<typeof checkpointsOfRun>

/** A checkpoint without its run, which came as a file or with a bundle. */
export const importedCheckpoint = checkpointRow.extend({
  /** Name of the file. */
  source: z.string(),
  /** From the configuration inside. */
  world: z.string(),
  algorithm: z.string(),
  costLimit: z.number(),
  method: z.enum(['meta', 'pre-train']),
  /** The configuration itself, fully resolved. */
  config: z.record(z.string(), z.unknown()),
  /** As its card says; null where it has none. */
  run: z.object({ id: z.string(), name: z.string() }).nullable(),
  results: z.object({ return: z.number(), cost: z.number() }).nullable(),
  /** Names of the trainings before, oldest first. */
  lineage: z.array(z.string()),
})
export type ImportedCheckpoint = z.infer<typeof importedCheckpoint>

/** Of a run, or imported, which has a `source`. */
export const listedCheckpoint = runCheckpoint.extend({
  /** Of an imported one, as its card says: it is not in this database. */
  run: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Name of the file that it came in; null of a run's. */
  source: z.string().nullable(),
  method: z.enum(['meta', 'pre-train']),
  world: z.string(),
  costLimit: z.number(),
  /** Names of the trainings before, oldest first. */
  lineage: z.array(z.string()),
})
export type ListedCheckpoint = z.infer<typeof listedCheckpoint>

export const checkpointSort = z.enum(['stored', 'name', 'iteration', 'return', 'cost', 'size'])
export type CheckpointSort = z.infer<typeof checkpointSort>

export const checkpointPageRequest = z.object({
  /** Words, each part of the name of its run or file, or its iteration, or the beginning of an id or a hash. */
  text: z.string().max(200).default(''),
  sort: checkpointSort.default('stored'),
  /** Newest or largest first. */
  descending: z.boolean().default(true),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(200).default(50),
})

export const checkpointPage = z.object({
  rows: z.array(listedCheckpoint),
  /** Of all that match. */
  total: z.number(),
})
export type CheckpointPage = z.infer<typeof checkpointPage>

export const checkpointFormat = z.enum(['safetensors', 'json', 'onnx', 'tfjs'])
export type CheckpointFormat = z.infer<typeof checkpointFormat>

const bytes = z.instanceof(Uint8Array)

export const checkpointsContract = {
  list: oc.input(z.object({ run: runId })).output(checkpointsOfRun),
  /** Of runs and imported. */
  page: oc.input(checkpointPageRequest).output(checkpointPage),
  /** Newest first. */
  imported: oc.output(z.array(importedCheckpoint)),
  /** As a file to save; the hash is of the file. */
  export: oc
    .input(z.object({ checkpoint: checkpointId, format: checkpointFormat }))
    .output(z.object({ name: z.string(), type: z.string(), bytes, sha256: z.string() })),
  /** A safetensors file; where the same checkpoint is here already, it is `known`, and `run` is its run, if any. */
  import: oc
    .input(
      z.object({
        name: z.string().min(1).max(255),
        bytes: bytes.refine(({ length }) => length <= MAX_UPLOAD_BYTES, 'The file is too large.'),
      }),
    )
    .output(z.object({ checkpoint: checkpointId, run: z.string().nullable(), known: z.boolean() })),
  /** Of imported ones only; those of a run go with it. Out of sight at once, deleted at `purgeAt`. */
  remove: oc.input(z.object({ checkpoint: checkpointId })).output(z.object({ purgeAt: z.number() })),
  /** Brings a removed one back, unless it is deleted. */
  restore: oc.input(z.object({ checkpoint: checkpointId })).output(z.object({ restored: z.boolean() })),
}
