import type { AdaptTaskResult, PooledData } from './jobs.ts'
import type { WorkerContext } from './worker-context.ts'

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

/** Copies pooled observations into the worker's pool batch. */
export function loadPooled({ pool }: WorkerContext, { rows, observations }: PooledData): void {
  pool.size = rows
  pool.bootstrapSize = 0
  pool.observations.set(observations)
}

/** Binds pooled observations to theta: enough for Fisher products and KL, which need no actions. */
export async function bindPooled(worker: WorkerContext, pooled: PooledData, theta: Float32Array, stride: number) {
  loadPooled(worker, pooled)
  await worker.engine.bind(worker.pool, theta, stride)
}
