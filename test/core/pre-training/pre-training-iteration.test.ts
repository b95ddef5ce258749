import { beforeAll, describe, expect, it } from 'vitest'
import { preTrainingIteration } from '../../../src/core/pre-training/pre-training-iteration.ts'
import type { Batch } from '../../../src/core/rl/batch.ts'
import type { IterationResult } from '../../../src/core/training/iteration.ts'
import { policyShapeOf } from '../../../src/core/training/state.ts'
import { trainingTasks } from '../../../src/core/training/tasks.ts'
import { recordingWorker, type Recording } from '../../support/recording.ts'
import { costlyState, environmentOf } from '../../support/training.ts'
import { centred, episodeSum, estimate, explainedShare, relativeError } from '../../support/trajectories.ts'
import { standardised, trajectoriesOf } from '../../support/trajectories.ts'
import { preTraining } from './fixtures.ts'

/** Float32 kernels against float64 definitions, relative to the largest entry. */
const TOLERANCE = 1e-3

const joined = (parts: readonly ArrayLike<number>[]) => Float64Array.from(parts.flatMap((part) => Array.from(part)))

describe('an iteration of pre-training, recomputed from its batches', () => {
  const config = preTraining('preTraining.lambda.rate=0.01', 'preTraining.kl=0.03', 'inner.kl=0.3')
  const shape = policyShapeOf(config)
  const { gamma, gaeReward, gaeCost } = config.advantage
  const state = costlyState(config)
  const rewardCritic = state.rewardCritic!
  let recording: Recording
  let result: IterationResult
  /** What was rolled out, part by part. */
  let parts: Batch[]
  let cost: number

  const pooled = (of: (batch: Batch) => ArrayLike<number>) => joined(parts.map(of))
  const rewards = (lambda: number) => (batch: Batch) =>
    estimate(shape, rewardCritic.parameters, batch, batch.rewards, gamma, lambda)
  const costs = (lambda: number) => (batch: Batch) =>
    estimate(shape, state.costCritic.parameters, batch, batch.costs, gamma, lambda)

  beforeAll(async () => {
    const recorded = await recordingWorker(config)
    result = await preTrainingIteration(environmentOf(recorded.worker), state)
    recording = recorded.recording
    parts = recording.rollouts
    cost = (5 * episodeSum(parts[0]!, parts[0]!.costs, 1) + episodeSum(parts[1]!, parts[1]!.costs, 1)) / 6
  })

  it('rolls out the policy for whole episodes on tasks drawn without replacement', () => {
    expect(recording.policies).toEqual([state.theta, state.theta])
    expect(parts.map((batch) => trajectoriesOf(batch).length)).toEqual([5, 1])
    const tasks = result.record.tasks.map(({ task }) => task)
    expect(new Set(tasks).size).toBe(2)
    for (const task of tasks) expect(trainingTasks(config)).toContain(task)
    expect(recording.tasks).toEqual([...tasks, tasks[1]])
    expect(result.state.envSteps).toBe(parts[0]!.size + parts[1]!.size)
    expect(result.record.tasks.map(({ after }) => after.episodes)).toEqual([3, 3])
  })

  it('moves lambda by the violation of the batch before the policy step uses it', () => {
    expect(cost).toBeGreaterThan(config.costLimit)
    const expected = config.preTraining.lambda.initial + 0.01 * (cost - config.costLimit)
    expect(expected).toBeLessThan(config.preTraining.lambda.cap)
    expect(result.state.lambda.value).toBeCloseTo(expected, 6)
    expect(result.record.metrics.lambda).toBe(result.state.lambda.value)
  })

  it('steps along (A_R - lambda A_C) / (1 + lambda), standardised and centred over all tasks', () => {
    const lambda = result.state.lambda.value
    const reward = standardised(pooled((batch) => rewards(gaeReward)(batch).advantages))
    const costAdvantages = centred(pooled((batch) => costs(gaeCost)(batch).advantages))
    const expected = reward.map((a, i) => (a - lambda * costAdvantages[i]!) / (1 + lambda))
    expect(recording.gradients).toHaveLength(1)
    expect(recording.gradients[0]!.theta).toEqual(state.theta)
    expect(relativeError(recording.gradients[0]!.weights, expected)).toBeLessThan(TOLERANCE)
    const [bound] = recording.bound
    const rows = bound!.batch.size
    expect(rows).toBe(parts[0]!.size + parts[1]!.size)
    for (const [array, width] of [
      ['observations', shape.observationSize],
      ['actions', shape.actionSize],
      ['logProbs', 1],
    ] as const) {
      const expectedRows = pooled((batch) => batch[array].subarray(0, batch.size * width))
      expect(Float64Array.from(bound!.batch[array].subarray(0, rows * width))).toEqual(expectedRows)
    }
  })

  it('stays within its own trust region, not that of the inner loop', () => {
    const { outerKl, outerAccepted } = result.record.metrics
    expect(outerAccepted).toBe(1)
    expect(outerKl).toBeLessThanOrEqual(0.03)
    expect(outerKl).toBeGreaterThan(0.003)
    expect(result.state.theta).not.toEqual(state.theta)
  })

  it('takes Fisher rows from all episodes of all parts', () => {
    // Five episodes take turns, then one: a stride of 4 shares no factor with either.
    expect(recording.bound[0]!.stride).toBe(4)
  })

  it('fits both lasting critics, with their optimisers, to the pooled lambda-returns', () => {
    expect(recording.fits).toHaveLength(1)
    const [reward, cost] = recording.fits[0]!
    expect([reward!.before, cost!.before]).toEqual([rewardCritic, state.costCritic])
    expect([reward!.epochs, cost!.epochs]).toEqual([config.preTraining.criticEpochs, config.preTraining.criticEpochs])
    expect(
      relativeError(
        reward!.targets,
        pooled((batch) => rewards(gaeReward)(batch).returns),
      ),
    ).toBeLessThan(TOLERANCE)
    expect(
      relativeError(
        cost!.targets,
        pooled((batch) => costs(gaeCost)(batch).returns),
      ),
    ).toBeLessThan(TOLERANCE)
    expect(result.state.rewardCritic).toEqual(reward!.after)
    expect(result.state.costCritic).toEqual(cost!.after)
    expect(result.state.costCritic.updates).toBeGreaterThan(0)
  })

  it('reports what is known of a policy without adaptation, all finite', () => {
    const { metrics } = result.record
    expect(Object.keys(metrics).sort()).toEqual([
      'costBefore',
      'feasibleBefore',
      'goalsBefore',
      'lambda',
      'metaCriticExplainedVarianceAfter',
      'metaCriticExplainedVarianceBefore',
      'outerAccepted',
      'outerCandidates',
      'outerKl',
      'returnBefore',
      'rewardExplainedVariance',
      'rewardExplainedVarianceAfter',
      'secondsCritics',
      'secondsMetaCritic',
      'secondsOuter',
      'secondsOuterStep',
      'secondsPolicySteps',
      'secondsRollouts',
      'secondsTasks',
      'secondsTotal',
      'std',
      'totalCost',
    ])
    for (const [name, value] of Object.entries(metrics)) expect(Number.isFinite(value), name).toBe(true)
    expect(metrics.costBefore).toBeCloseTo(cost, 6)
    expect(metrics.totalCost).toBeCloseTo(6 * cost, 5)
    const byTask = result.record.tasks.map(({ after }) => after.cost)
    expect((byTask[0]! + byTask[1]!) / 2).toBeCloseTo(cost, 6)
    expect(metrics.feasibleBefore).toBe(byTask.filter((value) => value <= config.costLimit).length / 2)
  })

  it('measures the critics on the discounted returns before and after their fit', () => {
    const { metrics } = result.record
    const reward = explainedShare(
      pooled((batch) => rewards(1)(batch).values),
      pooled((batch) => rewards(1)(batch).returns),
    )
    expect(metrics.rewardExplainedVariance).toBeCloseTo(reward, 3)
    const after = recording.fits[0]![1]!.after.parameters
    const values = pooled((batch) => estimate(shape, after, batch, batch.costs, gamma, 1).values)
    expect(metrics.metaCriticExplainedVarianceAfter).toBeCloseTo(
      explainedShare(
        values,
        pooled((batch) => costs(1)(batch).returns),
      ),
      3,
    )
  })
})
