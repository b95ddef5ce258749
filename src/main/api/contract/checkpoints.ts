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

export const checkpointFormat = z.enum(['safetensors', 'json', 'onnx', 'tfjs'])
export type CheckpointFormat = z.infer<typeof checkpointFormat>

const bytes = z.instanceof(Uint8Array)

export const checkpointsContract = {
  list: oc.input(z.object({ run: runId })).output(checkpointsOfRun),
  /** Newest first. */
  imported: oc.output(z.array(importedCheckpoint)),
  /** As a file to save. */
  export: oc
    .input(z.object({ checkpoint: checkpointId, format: checkpointFormat }))
    .output(z.object({ name: z.string(), type: z.string(), bytes })),
  /** A safetensors file; `run` is that of the same checkpoint where it is here already. */
  import: oc
    .input(
      z.object({
        name: z.string().min(1).max(255),
        bytes: bytes.refine(({ length }) => length <= MAX_UPLOAD_BYTES, 'The file is too large.'),
      }),
    )
    .output(z.object({ checkpoint: checkpointId, run: z.string().nullable() })),
  /** Of imported ones only; those of a run go with it. Out of sight at once, deleted at `purgeAt`. */
  remove: oc.input(z.object({ checkpoint: checkpointId })).output(z.object({ purgeAt: z.number() })),
  /** Brings a removed one back, unless it is deleted. */
  restore: oc.input(z.object({ checkpoint: checkpointId })).output(z.object({ restored: z.boolean() })),
}
