import { criticShape } from '../critic.ts'
import { policyParameterCount, type PolicyShape } from '../policy.ts'
import { allocateBatches } from './batches.ts'
import { allocateCritics } from './critics.ts'
import { allocateHessianScratch } from './hessian.ts'
import type { Allocate } from './memory.ts'
import { allocateScratch, BLOCK_ROWS } from './network.ts'

/** Kernel memory by purpose. */
export function allocateEngine(policyShape: PolicyShape, capacity: number, episodes: number, allocate: Allocate) {
  const { observationSize, hidden, actionSize } = policyShape
  const vector = () => allocate(policyParameterCount(policyShape))
  const activations = (rows: number) => hidden.map((width) => allocate(rows * width))
  const strided = Math.ceil(capacity / 2)
  return {
    behaviour: vector(),
    old: vector(),
    candidate: vector(),
    direction: vector(),
    product: vector(),
    scratch: allocateScratch(hidden, allocate),
    hessian: allocateHessianScratch(hidden, allocate),
    critics: allocateCritics(criticShape(policyShape), allocate),
    block: {
      activations: activations(BLOCK_ROWS),
      means: allocate(BLOCK_ROWS * actionSize),
      meanTangents: allocate(BLOCK_ROWS * actionSize),
      errors: allocate(BLOCK_ROWS * actionSize),
      errorTangents: allocate(BLOCK_ROWS * actionSize),
    },
    batches: allocateBatches(policyShape, capacity, episodes, allocate),
    /** Activations and means of the old policy for every bound row. */
    cached: { activations: activations(capacity), means: allocate(capacity * actionSize) },
    /** Copies of the rows that a Fisher product with a stride uses. */
    fisher: { observations: allocate(strided * observationSize), activations: activations(strided) },
  }
}
