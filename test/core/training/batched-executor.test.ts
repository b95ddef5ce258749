import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { BatchedLearner } from '../../../src/core/nn/batched-learner.ts'
import { batchedFrom } from '../../../src/core/nn/lock-step.ts'
import { createSimdEngine } from '../../../src/core/nn/simd/engine.ts'
import { createBatchedExecutor } from '../../../src/core/training/batched-executor.ts'
import { trainingIteration } from '../../../src/core/training/iteration.ts'
import type { Executor, FineTuneJob } from '../../../src/core/training/jobs.ts'
import type { IterationRecord } from '../../../src/core/training/records.ts'
import { inlineExecutor, runJob } from '../../../src/core/training/run-job.ts'
import { policyShapeOf } from '../../../src/core/training/state.ts'
import { requiredRows } from '../../../src/core/training/worker-context.ts'
import { loadKernels } from '../../../src/main/trainer/kernels.ts'
import { costlyConfig } from '../../support/costly.ts'
import { costlyState, environmentOf } from '../../support/training.ts'
import { tinyWorker } from '../../support/worker.ts'

/** Does every operation after `before`. */
function watched(batched: BatchedLearner, before: () => void): BatchedLearner {
  return new Proxy(batched, {
    get(target, name: keyof BatchedLearner) {
      const value = target[name]
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        before()
        return (value as (...args: unknown[]) => unknown)(...given)
      }
    },
  })
}

/**
 * SIMD engines at the places of a batched executor, and a worker that rolls out for it.
 *
 * @param takes seconds that a rollout and a call of the engine take on `clock`, which stands still otherwise
 */
async function batchedSimd(config: RunConfig, places: number, takes = { rollout: 1, call: 1 }) {
  let seconds = 0
  const { task, pool, episodes } = requiredRows(config)
  const { module } = loadKernels(config.kernels)
  const policyShape = policyShapeOf(config)
  const size = { capacity: 2 * task + pool, episodes: episodes + 1 }
  const engines = Array.from({ length: places }, () => createSimdEngine({ module, policyShape, ...size }))
  const worker = await tinyWorker(config)
  const asked: string[] = []
  const inline = inlineExecutor(worker)
  const simulators: Executor = {
    async runAll(jobs) {
      asked.push(...jobs.map(({ kind }) => kind))
      const results = await inline.runAll(jobs)
      seconds += takes.rollout * jobs.length
      return results.map((result) => ({ ...result, seconds: takes.rollout }))
    },
  }
  const executor = createBatchedExecutor({
    config,
    engine: watched(batchedFrom(engines), () => (seconds += takes.call)),
    simulators,
    createBatch: (place, rows, ofEpisodes) => engines[place]!.createBatch(rows, ofEpisodes),
    now: () => seconds,
  })
  return { executor, worker, asked, clock: () => seconds }
}

const withoutSeconds = ({ metrics, ...rest }: IterationRecord) => ({
  ...rest,
  metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.startsWith('seconds'))),
})

describe('a batched executor', () => {
  it.each([
    ['C-MAML', []],
    ['CPO on observations scaled by running moments', ['inner.algorithm=cpo', 'observationScaling=running']],
    ['second-order MAML', ['inner.algorithm=gradient', 'meta.outerRule=maml', 'inner.steps=2']],
    ['pre-training', ['method=pre-train', 'preTraining.tasksPerIteration=2', 'preTraining.episodes=3']],
  ])('over the same engine does an iteration of %s with the same bits', async (_, assignments) => {
    const config = costlyConfig(...assignments)
    const { executor, worker, asked } = await batchedSimd(config, 3)
    const state = costlyState(config)
    const expected = await trainingIteration(environmentOf(worker), state)
    const result = await trainingIteration(environmentOf(worker, executor), state)
    expect(result.state).toEqual(expected.state)
    expect(withoutSeconds(result.record)).toEqual(withoutSeconds(expected.record))
    // Nobody but the engine has learnt anything.
    expect(new Set(asked)).toEqual(new Set([config.method === 'meta' ? 'rollout' : 'collect']))
  })

  it('charges every second of its engine once, however many tasks wait for it', async () => {
    const config = costlyConfig('meta.tasksPerIteration=3')
    const { executor, worker, clock } = await batchedSimd(config, 3, { rollout: 5, call: 2 })
    const environment = { ...environmentOf(worker, executor), now: clock }
    const { metrics } = (await trainingIteration(environment, costlyState(config))).record
    const { secondsRollouts, secondsPolicySteps, secondsCritics, secondsTasks } = metrics
    // Three tasks; inner steps of a rollout each, and one of the adapted policy.
    expect(secondsRollouts).toBe(5 * 3 * (config.inner.steps + 1))
    expect(secondsPolicySteps).toBeGreaterThan(0)
    expect(secondsCritics).toBeGreaterThan(0)
    // Of one worker: the wall time of the tasks is neither exceeded nor lost.
    expect(secondsRollouts! + secondsPolicySteps! + secondsCritics!).toBeCloseTo(secondsTasks!, 9)
    expect(metrics.secondsOuterStep! + metrics.secondsMetaCritic!).toBeCloseTo(metrics.secondsOuter!, 9)
  })

  it('does more fine-tunings than it has places, of different starts, with the same bits', async () => {
    const config = costlyConfig()
    const { executor, worker } = await batchedSimd(config, 2)
    const { theta, costCritic, moments } = costlyState(config)
    const trained = { theta, costCritic, lambda: 0.3, moments }
    const random = { theta: null, costCritic: null, lambda: null, moments }
    const jobs = [301, 302, 303].flatMap((task): FineTuneJob[] => [
      { kind: 'fine-tune', task, initialisation: trained },
      { kind: 'fine-tune', task, initialisation: random, keepPolicies: true },
    ])
    const results = await executor.runAll(jobs)
    for (const [i, job] of jobs.entries()) expect(results[i]).toEqual(await runJob(worker, job))
  })

  it('fails with the first failure only when nothing is going on any more', async () => {
    const config = costlyConfig()
    const { worker } = await batchedSimd(config, 1)
    const inline = inlineExecutor(worker)
    let inFlight = 0
    const simulators: Executor = {
      async runAll(jobs) {
        inFlight++
        const [job] = jobs
        if (job?.kind === 'rollout' && job.layouts[0] === 12) throw new Error('the simulator is gone')
        await new Promise((resolve) => setTimeout(resolve, 50))
        const results = await inline.runAll(jobs)
        inFlight--
        return results
      },
    }
    const { task, pool, episodes } = requiredRows(config)
    const size = { capacity: 2 * task + pool, episodes: episodes + 1 }
    const engines = [0, 1].map(() =>
      createSimdEngine({ module: loadKernels('auto').module, policyShape: policyShapeOf(config), ...size }),
    )
    const executor = createBatchedExecutor({
      config,
      engine: batchedFrom(engines),
      simulators,
      createBatch: (place, rows, ofEpisodes) => engines[place]!.createBatch(rows, ofEpisodes),
      now: worker.now,
    })
    const { theta, costCritic, moments } = costlyState(config)
    const adapt = (layout: number) =>
      ({ kind: 'adapt-task', iteration: 1, task: layout, theta, costCritic, lambda: 0, moments }) as const
    await expect(executor.runAll([adapt(12), adapt(7)])).rejects.toThrow('the simulator is gone')
    expect(inFlight).toBe(1) // the one that failed
  })
})
