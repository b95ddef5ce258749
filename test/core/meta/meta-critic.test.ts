import { beforeAll, describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { AdaptTaskResult, MetaCriticResult, PooledData } from '../../../src/core/training/jobs.ts'
import { fitMetaCritic } from '../../../src/core/meta/meta-critic.ts'
import { poolData } from '../../../src/core/training/pooled.ts'
import { runJob } from '../../../src/core/training/run-job.ts'
import { initialTrainingState, policyShapeOf } from '../../../src/core/training/state.ts'
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

/** D_p1 of two tasks and the displacement of their cost critics. */
async function adapted(settings: RunConfig) {
  const { worker, recording } = await recordingWorker(settings)
  const theta = drivingPolicy(settings)
  const { moments, costCritic } = initialTrainingState(settings)
  const results: AdaptTaskResult[] = []
  for (const task of [7, 12]) {
    const job = { kind: 'adapt-task', iteration: 1, task, theta, costCritic, lambda: 0.5, moments } as const
    results.push(await runJob(worker, job))
  }
  const fits = recording.fits.splice(0)
  return { worker, recording, results, fits, pooled: poolData(results, (floats) => new Float32Array(floats)) }
}

describe('fitMetaCritic (eq. 12)', () => {
  const fresh = initialTrainingState(config).costCritic
  let pooled: PooledData
  let recording: Recording
  let first: MetaCriticResult
  let second: MetaCriticResult

  beforeAll(async () => {
    const recorded = await adapted(config)
    recording = recorded.recording
    pooled = recorded.pooled
    const job = { kind: 'meta-critic', displacement: new Float32Array(), pooled } as const
    first = await fitMetaCritic(recorded.worker, { ...job, iteration: 1, costCritic: fresh })
    const { costCritic } = first
    second = await fitMetaCritic(recorded.worker, { ...job, iteration: 2, costCritic })
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

describe('fitMetaCritic by meta-gradient (algorithm 1, line 16)', () => {
  const literal = costlyConfig('meta.critic=meta-gradient', 'meta.criticRate=0.5')

  it('gets from each task how far its cost critic has come from phi', async () => {
    const { results, fits } = await adapted(literal)
    const phi = initialTrainingState(literal).costCritic.parameters
    // Per task: the warm-up of the reward critic, then both critics.
    for (const [i, { costCriticDisplacement }] of results.entries()) {
      const [, cost] = fits[2 * i + 1]!
      expect(cost!.before.parameters).toEqual(phi)
      expect(costCriticDisplacement).toEqual(cost!.after.parameters.map((value, j) => value - phi[j]!))
      expect(Math.max(...costCriticDisplacement)).toBeGreaterThan(0)
    }
  })

  it('moves phi along the displacement by its rate, and fits nothing', async () => {
    const { worker, recording, pooled } = await adapted(literal)
    const { costCritic } = initialTrainingState(literal)
    const before = structuredClone(costCritic)
    const displacement = costCritic.parameters.map((_, i) => Math.sin(i))
    const job = { kind: 'meta-critic', iteration: 1, costCritic, displacement, pooled } as const
    const result = await fitMetaCritic(worker, job)
    const expected = before.parameters.map((value, i) => value + 0.5 * displacement[i]!)
    expect(result.costCritic).toEqual({ ...before, parameters: expected })
    expect(costCritic).toEqual(before)
    expect(recording.fits).toEqual([])
    expect(result.explainedVarianceBefore).toBeCloseTo(explained(before, pooled), 3)
    expect(result.explainedVarianceAfter).toBeCloseTo(explained(result.costCritic, pooled), 3)
  })

  it('asks nothing of the tasks where the critic learns by regression', async () => {
    const { results } = await adapted(config)
    for (const { costCriticDisplacement } of results) expect(costCriticDisplacement).toHaveLength(0)
  })
})
