import { beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import { metaIteration } from '../../../src/core/meta/meta-iteration.ts'
import { initialTrainingState, type TrainingState } from '../../../src/core/training/state.ts'
import { trainingTasks } from '../../../src/core/training/tasks.ts'
import { feasibilityCounts } from '../../../src/core/training/feasibility-counts.ts'
import { METRICS } from '../../../src/core/training/records.ts'
import type { WorkerContext } from '../../../src/core/training/worker-context.ts'
import { NonFiniteError } from '../../../src/core/rl/finite.ts'
import { costlyConfig } from '../../support/costly.ts'
import { recordingWorker } from '../../support/recording.ts'
import { backwards, costlyState, dealt, environmentOf, iterate, straightAndResumed } from '../../support/training.ts'
import { withoutCosts } from '../../support/without-costs.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

const trained = async (config: RunConfig, iterations: number): Promise<TrainingState> =>
  (await iterate(await tinyWorker(config), initialTrainingState(config), iterations)).state

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
    const { state } = await metaIteration(environmentOf(worker, backwards(worker)), costlyState(config))
    expect(state).toEqual(reference.state)
  })

  it('does not depend on how many workers there are', async () => {
    const workers = [worker, await tinyWorker(config)]
    const { state } = await metaIteration(environmentOf(worker, dealt(workers)), costlyState(config))
    expect(state).toEqual(reference.state)
  })

  it('reports every metric as a finite number, and every task', () => {
    const { record, state } = reference
    const ofCases = Object.keys(feasibilityCounts('cpo', []))
    const expected = Object.keys(METRICS).filter((name) => !ofCases.includes(name))
    expect(Object.keys(record.metrics).sort()).toEqual(expected.sort())
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
    const moved = Math.hypot(...short.theta.map((value, i) => value - initialTrainingState(config).theta[i]!))
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThan(1e-2)
  })

  it('moves both multipliers by the measured violation (eq. 22, 31)', async () => {
    const strict = costlyConfig('meta.lambda.violationCap=1000', 'meta.eta.violationCap=1000', 'meta.eta.rate=0.001')
    const { state, record } = await metaIteration(environmentOf(await tinyWorker(strict)), costlyState(strict))
    const [costBefore, costAfter] = [record.metrics.costBefore!, record.metrics.costAfter!]
    expect(costAfter).not.toBe(costBefore)
    expect(state.lambda.value).toBeCloseTo(strict.meta.lambda.initial + strict.meta.lambda.rate * (costAfter - 1), 10)
    expect(state.eta.value).toBeCloseTo(strict.meta.eta.initial + strict.meta.eta.rate * (costBefore - 1), 10)
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
    const state = initialTrainingState(config)
    state.theta[0] = NaN
    const failure = metaIteration(environmentOf(worker), state)
    await expect(failure).rejects.toThrow(NonFiniteError)
    await expect(failure).rejects.toThrow(/iteration 1, task \d+/)
  })
})

describe('a run of meta-training', () => {
  const runs = {
    'the defaults': [],
    'outer optimiser adam': ['meta.optimiser=adam'],
    'outer optimiser sgd, multipliers by pid and adam': [
      'meta.optimiser=sgd',
      'meta.rate=0.01',
      'meta.lambda.update=pid',
      'meta.eta.update=adam',
      'inner.multiplier.update=pid',
    ],
    'rule reptile, meta critic by meta-gradient': ['meta.outerRule=reptile', 'meta.critic=meta-gradient'],
    'rule maml': ['meta.outerRule=maml', 'inner.algorithm=gradient', 'inner.steps=2'],
    'inner algorithm cpo, running scaling, critic signals': [
      'inner.algorithm=cpo',
      'observationScaling=running',
      'meta.lambda.signal=critic',
      'meta.eta.signal=critic',
    ],
  }
  it.each(Object.entries(runs))('resumes to the same bits: %s', async (_name, assignments) => {
    const config = costlyConfig('environment.horizon=80', ...assignments)
    const { straight, resumed } = await straightAndResumed(config)
    expect(resumed).toEqual(straight.state)
    expect(straight.state.theta).not.toEqual(costlyState(config).theta)
    for (const { metrics } of straight.records) {
      expect(metrics.outerAccepted).toBe(1)
      for (const [name, value] of Object.entries(metrics)) expect(Number.isFinite(value), name).toBe(true)
    }
    if (config.meta.optimiser === 'adam') expect(straight.state.thetaMoments!.updates).toBe(2)
    else expect(straight.state.thetaMoments).toBeNull()
  })

  it('moves theta by beta times the mean displacement under reptile with eta off', async () => {
    const config = costlyConfig('meta.outerRule=reptile', 'meta.rate=0.5', 'meta.eta.mode=off', 'meta.kl=1')
    const { worker, recording } = await recordingWorker(config)
    const start = costlyState(config)
    const { state, records } = await iterate(worker, start, 1)
    // Each task rolls out theta and then theta_p.
    const adapted = recording.policies.filter((_, i) => i % 2 === 1)
    expect(adapted).toHaveLength(config.meta.tasksPerIteration)
    const expected = start.theta.map(
      (value, i) => value + (0.5 * adapted.reduce((sum, policy) => sum + policy[i]! - value, 0)) / adapted.length,
    )
    expect(Math.max(...state.theta.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6)
    expect(Math.max(...state.theta.map((value, i) => Math.abs(value - start.theta[i]!)))).toBeGreaterThan(1e-3)
    expect(records[0]!.metrics.outerCandidates).toBe(1)
  })
})

describe('MAML-TRPO: no constraint anywhere', () => {
  const unconstrained = ['inner.algorithm=trpo', 'meta.lambda.mode=off', 'meta.eta.mode=off']

  /** Two iterations in the world as it is, and in the same world with nothing that costs. */
  async function inBothWorlds(...assignments: string[]) {
    const config = costlyConfig(...assignments)
    const worker = await tinyWorker(config)
    const costly = await iterate(worker, costlyState(config), 2)
    return { costly, free: await iterate(withoutCosts(worker), costlyState(config), 2) }
  }

  it('learns the same policy where nothing costs anything', async () => {
    const { costly, free } = await inBothWorlds(...unconstrained)
    for (const [i, { metrics }] of costly.records.entries()) {
      expect(metrics.costBefore).toBeGreaterThan(0)
      expect(free.records[i]!.metrics.totalCost).toBe(0)
    }
    expect(free.state.theta).toEqual(costly.state.theta)
    expect(free.state.costCritic).not.toEqual(costly.state.costCritic)
  })

  it('does not with a constraint, inner or outer', async () => {
    for (const constraint of ['inner.algorithm=trpo-lag', 'meta.lambda.mode=fixed', 'meta.eta.mode=fixed']) {
      const { costly, free } = await inBothWorlds(...unconstrained, constraint)
      expect(free.state.theta, constraint).not.toEqual(costly.state.theta)
    }
  })
})
