import { EngineOutOfMemoryError } from '../nn/tfjs/memory.ts'
import type { BatchedExecutor } from './batched-executor.ts'
import type { Executor, Job, JobResult } from './jobs.ts'

/**
 * An executor that leaves its engine for good when the engine's device has run out of memory: the jobs in progress are
 * done again by `simd`, and so is everything after them. Jobs are functions of their message, so nothing is lost.
 *
 * @param onFallback is told once
 */
export function withFallback(
  batched: BatchedExecutor,
  simd: Executor,
  onFallback: (error: EngineOutOfMemoryError) => void,
): BatchedExecutor {
  let left = false
  const leave = (error: unknown) => {
    if (!(error instanceof EngineOutOfMemoryError)) throw error
    if (!left) onFallback(error)
    left = true
  }
  const runAll = async <J extends Job>(jobs: readonly J[]): Promise<JobResult<J>[]> => {
    if (left) return simd.runAll(jobs)
    try {
      return await batched.runAll(jobs)
    } catch (error) {
      leave(error)
      return simd.runAll(jobs)
    }
  }
  return {
    places: batched.places,
    runAll,
    run: async (job) => (await runAll([job]))[0]!,
  }
}
