import type { Checkpoint } from '../store.ts'
import { sha256 } from '../sha256.ts'
import { encodeSafetensors } from './safetensors.ts'
import { scalingTensors } from './scaling-tensors.ts'
import { checkpointTensors } from './state-tensors.ts'

const ACTS = /^policy\.(?!firstMoment\.|secondMoment\.)/

/**
 * SHA-256 of what acts: a safetensors file of the policy's tensors and those of its scaling, without metadata. It is the
 * same for a checkpoint in the database, exported and imported again, whatever else those files say.
 */
export function weightsSha256(checkpoint: Checkpoint): string {
  const acting = [...checkpointTensors(checkpoint)].filter(([name]) => ACTS.test(name))
  return sha256(encodeSafetensors({ tensors: new Map([...acting, ...scalingTensors(checkpoint)]), metadata: {} }))
}
