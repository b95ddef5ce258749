import { describe, expect, it } from 'vitest'
import { initialTrainingState, policyShapeOf, trainingLimit, usesAdam } from '../../../src/core/training/state.ts'
import { criticParameterCount } from '../../../src/core/nn/critic.ts'
import { policyParameterCount } from '../../../src/core/nn/policy.ts'
import { startMultiplier } from '../../../src/core/rl/multiplier.ts'
import { tinyConfig } from '../../support/worker.ts'

describe('the state that a run begins with', () => {
  it('of meta-training has two multipliers and no reward critic that lasts', () => {
    const config = tinyConfig('meta.lambda.initial=0.7', 'meta.eta.initial=0.4')
    const state = initialTrainingState(config)
    expect(state.theta).toHaveLength(policyParameterCount(policyShapeOf(config)))
    expect(state).toMatchObject({ iteration: 0, kappa: 0, envSteps: 0, rewardCritic: null, thetaMoments: null })
    expect(state.lambda).toEqual(startMultiplier(0.7))
    expect(state.eta).toEqual(startMultiplier(0.4))
  })

  it('of pre-training has its own multiplier, no eta, and both critics', () => {
    const config = tinyConfig('method=pre-train', 'preTraining.lambda.initial=0.6', 'meta.optimiser=adam')
    const state = initialTrainingState(config)
    expect(state.lambda).toEqual(startMultiplier(0.6))
    expect(state.eta).toEqual(startMultiplier(0))
    expect(state.rewardCritic!.parameters).toHaveLength(criticParameterCount(policyShapeOf(config)))
    expect(state.rewardCritic!.parameters).not.toEqual(state.costCritic.parameters)
    expect(state.thetaMoments).toBeNull()
  })

  it('has the same policy and cost critic for the same seed, whatever the method', () => {
    const [meta, other] = [initialTrainingState(tinyConfig()), initialTrainingState(tinyConfig('method=pre-train'))]
    expect(other.theta).toEqual(meta.theta)
    expect(other.costCritic).toEqual(meta.costCritic)
    expect(initialTrainingState(tinyConfig('seed=2')).theta).not.toEqual(meta.theta)
  })

  it('has no moments but those of the outer optimiser adam', () => {
    const config = tinyConfig('meta.optimiser=adam')
    expect(usesAdam(config)).toBe(true)
    const { thetaMoments, theta } = initialTrainingState(config)
    expect(thetaMoments).toEqual({ firstMoment: theta.map(() => 0), secondMoment: theta.map(() => 0), updates: 0 })
    expect(usesAdam(tinyConfig('meta.optimiser=sgd'))).toBe(false)
  })

  it('has multipliers of zero where they are off', () => {
    const off = initialTrainingState(tinyConfig('meta.lambda.mode=off', 'meta.eta.mode=off'))
    expect([off.lambda.value, off.eta.value]).toEqual([0, 0])
    expect(initialTrainingState(tinyConfig('method=pre-train', 'preTraining.lambda.mode=off')).lambda.value).toBe(0)
  })
})

describe('the cost that training aims at', () => {
  it('is the limit, or its share', () => {
    expect(trainingLimit(tinyConfig('costLimit=8'))).toBe(8)
    expect(trainingLimit(tinyConfig('costLimit=8', 'meta.limitShare=0.75'))).toBe(6)
  })
})
