// What a checkpoint is, in words and numbers that other programs and people can read: it travels inside every export.
import { z } from 'zod'
import { isPrintable } from '../../../core/text/printable.ts'
import { CheckpointError } from './safetensors.ts'

const text = z.string().max(500).refine(isPrintable, 'has characters that cannot be shown')
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

const ancestor = z.strictObject({
  run: text,
  name: text,
  method: z.enum(['meta', 'pre-train']),
  /** Of the checkpoint that the next one starts from. */
  iteration: count,
})

const card = z.strictObject({
  format: z.literal('cmaml-card'),
  version: z.literal(1),
  /** The run that it is a state of; null where that is not known any more. */
  run: z.strictObject({ id: text, name: text }).nullable(),
  method: z.enum(['meta', 'pre-train']),
  iteration: count,
  envSteps: count,
  /** Runs that came before, the oldest first: their checkpoints are what it was trained from. */
  lineage: z.array(ancestor).max(100),
  /** Of the iteration; after adaptation where the method adapts. */
  results: z.strictObject({ return: z.number(), cost: z.number() }).nullable(),
  /** Name of the task world. */
  world: text,
  /** Most cost per episode. */
  costLimit: z.number(),
  algorithm: text,
  seed: z.number(),
  /** What the input is, and what to do with the output. */
  observation: z.strictObject({ size: count, scaling: z.enum(['affine', 'proximity', 'running']), input: text }),
  action: z.strictObject({ size: count, use: text }),
  /** Of the checkpoint as a database of this program stores it. */
  sha256,
  /** Of the configuration as JSON. */
  configSha256: sha256,
  /** Version of the program that trained it. */
  appVersion: text,
  licence: text,
})
export type CheckpointCard = z.infer<typeof card>

/** @throws CheckpointError that names the field */
export function parseCard(input: unknown): CheckpointCard {
  const result = card.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue && issue.path.length > 0 ? `its ${issue.path.join('.').slice(0, 80)}: ` : ''
  throw new CheckpointError(`its card cannot be used: ${where}${issue?.message.slice(0, 200)}`)
}
