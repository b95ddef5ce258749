import { beforeAll, describe, expect, it } from 'vitest'
import type { MetaCriticResult, PooledData } from '../../../src/core/meta/jobs.ts'
import { fitMetaCritic } from '../../../src/core/meta/meta-critic.ts'
import { poolData } from '../../../src/core/meta/pooled.ts'
import { runJob } from '../../../src/core/meta/run-job.ts'
import { initialMetaState, policyShapeOf } from '../../../src/core/meta/state.ts'
import { criticShape, type CriticState } from '../../../src/core/nn/critic.ts'
import { costlyConfig, drivingPolicy } from '../../support/costly.ts'
import { explainedShare } from '../../support/trajectories.ts'
import { recordingWorker, type Recording } from '../../support/recording.ts'
import { outputsOf } from '../nn/reference.ts'

const config = costlyConfig('meta.criticEpochs=6', 'critics.learningRate=0.01')

/** Share of the variance of the pooled discounted cost returns that a critic explains, in float64. */
function explained(critic: CriticState, { observations, rows, costReturns }: PooledData): number {
  const values = outputsOf(criticShape(policyShapeOf(config)), critic.parameters, observations, rows)
  return explainedShare(values, Float64Array.from(costReturns))
}

describe('fitMetaCritic (eq. 12)', () => {
  const fresh = initialMetaState(config).costCritic
  let pooled: PooledData
  let recording: Recording
  let first: MetaCriticResult
  let second: MetaCriticResult

  beforeAll(async () => {
    const recorded = await recordingWorker(config)
    const theta = drivingPolicy(config)
    const { moments } = initialMetaState(config)
    const results = []
    for (const task of [7, 12]) {
      const job = { kind: 'adapt-task', iteration: 1, task, theta, costCritic: fresh, lambda: 0.5, moments } as const
      results.push(await runJob(recorded.worker, job))
    }
    pooled = poolData(results, (floats) => new Float32Array(floats))
    recording = recorded.recording
    recording.fits.length = 0
    first = await fitMetaCritic(recorded.worker, { kind: 'meta-critic', iteration: 1, costCritic: fresh, pooled })
    const { costCritic } = first
    second = await fitMetaCritic(recorded.worker, { kind: 'meta-critic', iteration: 2, costCritic, pooled })
  })

  it('fits the given critic to the pooled cost targets, with its optimiser', () => {
    const [[one], [two]] = recording.fits as [Recording['fits'][number], Recording['fits'][number]]
    expect(one!.before).toEqual(fresh)
    expect(two!.before).toEqual(first.costCritic)
    expect(two!.before.updates).toBeGreaterThan(0)
    for (const { targets, epochs } of [one!, two!]) {
      expect(targets).toEqual(pooled.costTargets)
      expect(epochs).toBe(6)
    }
    expect(second.costCritic.updates).toBe(2 * first.costCritic.updates)
  })

  it('reports the explained variance of the discounted returns before and after the fit', () => {
    expect(first.explainedVarianceBefore).toBeCloseTo(explained(fresh, pooled), 3)
    expect(first.explainedVarianceAfter).toBeCloseTo(explained(first.costCritic, pooled), 3)
    expect(second.explainedVarianceBefore).toBeCloseTo(first.explainedVarianceAfter, 6)
    expect(second.explainedVarianceAfter).toBeCloseTo(explained(second.costCritic, pooled), 3)
  })

  it('learns: on data with costs it explains a good part of them', () => {
    expect(first.explainedVarianceAfter).toBeGreaterThan(first.explainedVarianceBefore + 0.05)
    expect(Math.abs(second.explainedVarianceBefore)).toBeGreaterThan(0.05)
  })
})
