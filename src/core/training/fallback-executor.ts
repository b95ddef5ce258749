import { EngineOutOfMemoryError } from '../nn/tfjs/memory.ts'
import type { BatchedExecutor } from './batched-executor.ts'
import type { Executor, Job, JobResult } from './jobs.ts'

export interface FallbackListener {
  /** Told once, when the device has run out of memory. */
  onFallback(error: EngineOutOfMemoryError): void
  /** Told once, when nothing uses the engine any more: it can be disposed. */
  onLeft(): void
}

/**
 * An executor that leaves its engine for good when the engine's device has run out of memory: the jobs in progress are
 * done again by `simd`, and so is everything after them. Jobs are functions of their message, so nothing is lost.
 */
export function withFallback(
  batched: BatchedExecutor,
  simd: Executor,
  { onFallback, onLeft }: FallbackListener,
): BatchedExecutor {
  const { places } = batched
  /** null once the engine is left: nothing keeps its batches then. */
  let used: BatchedExecutor | null = batched
  let inProgress = 0

  const leave = (error: unknown) => {
    if (!(error instanceof EngineOutOfMemoryError)) throw error
    if (used) onFallback(error)
    used = null
  }
  const runAll = async <J extends Job>(jobs: readonly J[]): Promise<JobResult<J>[]> => {
    if (!used) return simd.runAll(jobs)
    inProgress++
    try {
      return await used.runAll(jobs)
    } catch (error) {
      leave(error)
    } finally {
      // Others may be at work on it yet, each as long as its own device memory lasts.
      if (--inProgress === 0 && !used) onLeft()
    }
    return simd.runAll(jobs)
  }
  return {
    places,
    runAll,
    run: async (job) => (await runAll([job]))[0]!,
  }
}
