import type { AdaptTaskResult, PolicyData, PooledData } from './jobs.ts'
import type { LearnerContext } from './worker-context.ts'

/** D_p1 of all tasks, concatenated in task order. */
export function poolData(results: readonly AdaptTaskResult[], allocate: (floats: number) => Float32Array): PooledData {
  const rows = results.reduce((sum, result) => sum + result.rows, 0)
  const width = results[0]!.observations.length / results[0]!.rows
  const observations = allocate(rows * width)
  const costTargets = allocate(rows)
  const costReturns = allocate(rows)
  let row = 0
  for (const result of results) {
    observations.set(result.observations, row * width)
    costTargets.set(result.costTargets, row)
    costReturns.set(result.costReturns, row)
    row += result.rows
  }
  return { rows, observations, costTargets, costReturns }
}

/** Parts of a batch of pre-training, concatenated in their order. */
export function poolPolicyData(parts: readonly PolicyData[], allocate: (floats: number) => Float32Array): PolicyData {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const join = (of: (part: PolicyData) => Float32Array): Float32Array => {
    const joined = allocate(parts.reduce((sum, part) => sum + of(part).length, 0))
    let at = 0
    for (const part of parts) {
      joined.set(of(part), at)
      at += of(part).length
    }
    return joined
  }
  return {
    rows,
    observations: join((part) => part.observations),
    actions: join((part) => part.actions),
    logProbs: join((part) => part.logProbs),
    rewardAdvantages: join((part) => part.rewardAdvantages),
    costAdvantages: join((part) => part.costAdvantages),
    rewardTargets: join((part) => part.rewardTargets),
    costTargets: join((part) => part.costTargets),
    rewardReturns: join((part) => part.rewardReturns),
    costReturns: join((part) => part.costReturns),
  }
}

/** Copies pooled observations into the worker's pool batch. */
export function loadPooled(
  { pool }: LearnerContext,
  { rows, observations }: Pick<PooledData, 'rows' | 'observations'>,
): void {
  pool.size = rows
  pool.bootstrapSize = 0
  pool.observations.set(observations)
}

/** Binds pooled observations to theta: enough for Fisher products and KL, which need no actions. */
export async function bindPooled(worker: LearnerContext, pooled: PooledData, theta: Float32Array, stride: number) {
  loadPooled(worker, pooled)
  await worker.engine.bind(worker.pool, theta, stride)
}

/** Copies transitions into the worker's pool batch and binds it to the policy that took them. */
export async function bindTransitions(
  worker: LearnerContext,
  data: Pick<PolicyData, 'rows' | 'observations' | 'actions' | 'logProbs'>,
  theta: Float32Array,
  stride: number,
): Promise<void> {
  loadPooled(worker, data)
  worker.pool.actions.set(data.actions)
  worker.pool.logProbs.set(data.logProbs)
  await worker.engine.bind(worker.pool, theta, stride)
}
