import { beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { Executor } from '../../../src/core/meta/jobs.ts'
import { metaIteration } from '../../../src/core/meta/meta-iteration.ts'
import { inlineExecutor, runJob } from '../../../src/core/meta/run-job.ts'
import { initialMetaState, type MetaState } from '../../../src/core/meta/state.ts'
import { trainingTasks } from '../../../src/core/meta/tasks.ts'
import { METRICS } from '../../../src/core/meta/records.ts'
import type { WorkerContext } from '../../../src/core/meta/worker-context.ts'
import { NonFiniteError } from '../../../src/core/rl/finite.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

const allocate = (floats: number) => new Float32Array(floats)
const now = () => performance.now() / 1000

function environmentOf(worker: WorkerContext, executor: Executor = inlineExecutor(worker)) {
  return { config: worker.config, trainingTasks: trainingTasks(worker.config), executor, allocate, now }
}

/** A meta-policy that drives ahead through hazards. */
function costlyState(config: RunConfig): MetaState {
  return { ...initialMetaState(config), theta: drivingPolicy(config) }
}

async function trained(config: RunConfig, iterations: number): Promise<MetaState> {
  const environment = environmentOf(await tinyWorker(config))
  let state = initialMetaState(config)
  for (let i = 0; i < iterations; i++) state = (await metaIteration(environment, state)).state
  return state
}

describe('metaIteration', () => {
  const config = costlyConfig()
  let worker: WorkerContext
  let reference: Awaited<ReturnType<typeof metaIteration>>
  beforeAll(async () => {
    worker = await tinyWorker(config)
    reference = await metaIteration(environmentOf(worker), costlyState(config))
  })

  it('changes nothing of the state it is given, and gives the same result again', async () => {
    const state = costlyState(config)
    const copy = structuredClone(state)
    const again = await metaIteration(environmentOf(worker), state)
    expect(state).toEqual(copy)
    expect(again.state).toEqual(reference.state)
  })

  it('does not depend on the order in which jobs are done', async () => {
    const backwards: Executor = {
      async runAll(jobs) {
        const results = []
        for (const job of jobs.toReversed()) results.push(await runJob(worker, job))
        return results.toReversed()
      },
    }
    const { state } = await metaIteration(environmentOf(worker, backwards), costlyState(config))
    expect(state).toEqual(reference.state)
  })

  it('reports every metric as a finite number, and every task', () => {
    const { record, state } = reference
    expect(Object.keys(record.metrics).sort()).toEqual(Object.keys(METRICS).sort())
    for (const [name, value] of Object.entries(record.metrics)) expect(Number.isFinite(value), name).toBe(true)
    expect(new Set(record.tasks.map((task) => task.task)).size).toBe(config.meta.tasksPerIteration)
    for (const { task, steps } of record.tasks) {
      expect(trainingTasks(config)).toContain(task)
      expect(steps).toHaveLength(config.inner.steps)
    }
    const transitions = record.tasks.flatMap(({ steps, after }) => [...steps, after].map((e) => e.transitions))
    expect(state.envSteps).toBe(transitions.reduce((sum, count) => sum + count, 0))
    expect(record.metrics.costBefore).toBeGreaterThan(config.costLimit)
    expect(record.metrics.safetyGradientNorm).toBeGreaterThan(0)
  })

  it('keeps the outer step within its KL bound, and takes all of it under kl-exact', async () => {
    expect(reference.record.metrics.outerKl).toBeLessThanOrEqual(config.meta.kl)
    expect(reference.record.metrics.outerKl).toBeGreaterThan(0.9 * config.meta.kl)
    const short = await trained(tinyConfig('meta.step=kl-max', 'meta.rate=1e-3'), 1)
    const moved = Math.hypot(...short.theta.map((value, i) => value - initialMetaState(config).theta[i]!))
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThan(1e-2)
  })

  it('moves both multipliers by the measured violation (eq. 22, 31)', async () => {
    const strict = costlyConfig('meta.lambda.violationCap=1000', 'meta.eta.violationCap=1000', 'meta.eta.rate=0.001')
    const { state, record } = await metaIteration(environmentOf(await tinyWorker(strict)), costlyState(strict))
    const { costBefore, costAfter } = record.metrics
    expect(costAfter).not.toBe(costBefore)
    expect(state.lambda).toBeCloseTo(strict.meta.lambda.initial + strict.meta.lambda.rate * (costAfter - 1), 10)
    expect(state.eta).toBeCloseTo(strict.meta.eta.initial + strict.meta.eta.rate * (costBefore - 1), 10)
  })

  it('updates running moments once per iteration, from the meta-policy’s data in task order', async () => {
    const state = await trained(tinyConfig('observationScaling=running'), 1)
    // Every observation of D_p1, also the one behind each truncation.
    expect(state.moments.count).toBe(3 * 3 * 31)
    expect(state.moments.mean[2]).toBeCloseTo(9.81, 1) // the accelerometer's vertical axis feels gravity
    const second = await trained(tinyConfig('observationScaling=running'), 2)
    expect(second.moments.count).toBe(2 * 3 * 3 * 31)
  })

  it('stops at a number that is not finite and names iteration, task and quantity', async () => {
    const state = initialMetaState(config)
    state.theta[0] = NaN
    const failure = metaIteration(environmentOf(worker), state)
    await expect(failure).rejects.toThrow(NonFiniteError)
    await expect(failure).rejects.toThrow(/iteration 1, task \d+/)
  })
})
