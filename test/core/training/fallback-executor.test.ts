import { describe, expect, it } from 'vitest'
import { EngineOutOfMemoryError } from '../../../src/core/nn/tfjs/memory.ts'
import type { BatchedExecutor } from '../../../src/core/training/batched-executor.ts'
import { withFallback } from '../../../src/core/training/fallback-executor.ts'
import { trainingIteration } from '../../../src/core/training/iteration.ts'
import type { Job } from '../../../src/core/training/jobs.ts'
import { inlineExecutor } from '../../../src/core/training/run-job.ts'
import { initialTrainingState } from '../../../src/core/training/state.ts'
import { environmentOf } from '../../support/training.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

/** Does jobs, until one of a kind is refused by what stands for the device. */
async function failingAt(kind: Job['kind'], error: Error) {
  const config = tinyConfig()
  const worker = await tinyWorker(config)
  const inline = inlineExecutor(worker)
  const done: Job['kind'][] = []
  const batched: BatchedExecutor = {
    places: 3,
    runAll(jobs) {
      if (jobs.some((job) => job.kind === kind)) return Promise.reject(error)
      done.push(...jobs.map((job) => job.kind))
      return inline.runAll(jobs)
    },
    run: async (job) => (await batched.runAll([job]))[0]!,
  }
  const told: Error[] = []
  const executor = withFallback(batched, inline, (reason) => told.push(reason))
  return { config, worker, done, told, executor }
}

const outOfMemory = new EngineOutOfMemoryError('tfjs/webgpu', new Error('Out of memory'))

describe('an executor whose device runs out of memory', () => {
  it('has its jobs done again by the SIMD engine, which then does all that follows', async () => {
    const { config, worker, done, told, executor } = await failingAt('outer-step', outOfMemory)
    const state = initialTrainingState(config)
    const expected = await trainingIteration(environmentOf(worker), state)
    const result = await trainingIteration(environmentOf(worker, executor), state)
    expect(result.state).toEqual(expected.state)
    expect(told).toEqual([outOfMemory])
    expect(done.filter((kind) => kind === 'adapt-task')).toHaveLength(3)
    done.length = 0
    await trainingIteration(environmentOf(worker, executor), result.state)
    expect(done).toEqual([])
    expect(told).toHaveLength(1)
  })

  it('fails for every other reason', async () => {
    const { config, worker, told, executor } = await failingAt('adapt-task', new Error('the device is gone'))
    const iteration = trainingIteration(environmentOf(worker, executor), initialTrainingState(config))
    await expect(iteration).rejects.toThrow('the device is gone')
    expect(told).toEqual([])
  })
})
