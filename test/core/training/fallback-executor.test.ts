import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import { createTfjsEngine } from '../../../src/core/nn/tfjs/engine.ts'
import { EngineOutOfMemoryError } from '../../../src/core/nn/tfjs/memory.ts'
import { createBatchedExecutor, type BatchedExecutor } from '../../../src/core/training/batched-executor.ts'
import { withFallback } from '../../../src/core/training/fallback-executor.ts'
import { trainingIteration } from '../../../src/core/training/iteration.ts'
import type { AdaptTaskJob, Executor, Job } from '../../../src/core/training/jobs.ts'
import { inlineExecutor } from '../../../src/core/training/run-job.ts'
import { initialTrainingState, policyShapeOf } from '../../../src/core/training/state.ts'
import { createPlainBatch } from '../../../src/core/training/transitions.ts'
import { environmentOf } from '../../support/training.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'
import { backends, startBackend } from '../nn/tfjs/backends.ts'

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
  let left = 0
  const executor = withFallback(batched, inline, {
    onFallback: (reason) => told.push(reason),
    onLeft: () => left++,
  })
  return { config, worker, done, told, executor, left: () => left }
}

function anyJob(config: RunConfig): AdaptTaskJob {
  const { theta, costCritic, moments } = initialTrainingState(config)
  return { kind: 'adapt-task', iteration: 1, task: 7, theta, costCritic, lambda: 0, moments }
}

const outOfMemory = new EngineOutOfMemoryError('tfjs/webgpu', new Error('Out of memory'))

describe('an executor whose device runs out of memory', () => {
  it('has its jobs done again by the SIMD engine, which then does all that follows', async () => {
    const { config, worker, done, told, executor, left } = await failingAt('outer-step', outOfMemory)
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
    expect(left()).toBe(1)
  })

  it('lets go of its engine only when nothing uses it any more', async () => {
    const [failing, lasting] = [Promise.withResolvers<never>(), Promise.withResolvers<[]>()]
    const work = [failing.promise, lasting.promise]
    const batched = { places: 2, runAll: () => work.shift()!, run: () => Promise.reject(new Error('not asked')) }
    const log: string[] = []
    const simd: Executor = { runAll: () => Promise.resolve([]) }
    const executor = withFallback(batched, simd, { onFallback: () => log.push('full'), onLeft: () => log.push('left') })
    const first = executor.runAll([])
    const second = executor.runAll([])
    failing.reject(outOfMemory)
    await first
    expect(log).toEqual(['full'])
    lasting.resolve([])
    await second
    expect(log).toEqual(['full', 'left'])
    await executor.runAll([])
    expect(log).toEqual(['full', 'left'])
  })

  it('holds no tensor once it is left, and the run goes on with the same bits as without it', async () => {
    const config = tinyConfig()
    const worker = await tinyWorker(config)
    const inline = inlineExecutor(worker)
    const backend = await startBackend(backends[0])
    const before = tf.memory().numTensors
    let tensors = 0
    // The products of conjugate gradients find a device that is full of what was bound before.
    const full: typeof tf = {
      ...tf,
      square: (() => {
        tensors = Math.max(tensors, tf.memory().numTensors)
        throw new Error('OOM when allocating tensor')
      }) as typeof tf.square,
    }
    const policyShape = policyShapeOf(config)
    const engine = createTfjsEngine({ ...backend, tf: full, policyShape, tasks: 3 })
    const createBatch = (_: number, rows: number, episodes: number) => createPlainBatch(policyShape, rows, episodes)
    const batched = createBatchedExecutor({ config, engine, simulators: inline, createBatch, now: worker.now })
    const told: Error[] = []
    const executor = withFallback(batched, inline, {
      onFallback: (reason) => told.push(reason),
      onLeft: () => engine.dispose(),
    })
    const state = initialTrainingState(config)
    const result = await trainingIteration(environmentOf(worker, executor), state)
    expect(result.state).toEqual((await trainingIteration(environmentOf(worker), state)).state)
    expect(told).toEqual([expect.any(EngineOutOfMemoryError)])
    expect(tensors).toBeGreaterThan(before)
    expect(tf.memory().numTensors).toBe(before)
    await expect(batched.run(anyJob(config))).rejects.toThrow('is disposed')
  })

  it('fails for every other reason', async () => {
    const { config, worker, told, executor } = await failingAt('adapt-task', new Error('the device is gone'))
    const iteration = trainingIteration(environmentOf(worker, executor), initialTrainingState(config))
    await expect(iteration).rejects.toThrow('the device is gone')
    expect(told).toEqual([])
  })
})
