import type { RunConfig } from '../config/settings.ts'
import { ACTION_SIZE } from '../env/goal-task.ts'
import { observationSizeOf } from '../env/world.ts'
import { zeroMoments, type AdamMoments } from '../nn/adam.ts'
import { createCritic, type CriticState } from '../nn/critic.ts'
import { initialisePolicy } from '../nn/initialise.ts'
import { emptyMoments, pointGoalScaling, proximityScaling, runningScaling } from '../nn/observation-scaling.ts'
import type { ObservationScaling, RunningMoments } from '../nn/observation-scaling.ts'
import type { PolicyShape } from '../nn/policy.ts'
import { initialMultiplier, startMultiplier, type MultiplierState } from '../rl/multiplier.ts'
import { stream } from '../random/stream.ts'
import { worldOf } from './tasks.ts'

/**
 * Everything that one iteration hands to the next. Random streams are functions of (seed, iteration, task, purpose), so
 * this is also all that a resume needs.
 */
export interface TrainingState {
  /** Iterations done. */
  readonly iteration: number
  /** Meta-policy; in pre-training the policy. */
  readonly theta: Float32Array
  /** Moments of the outer optimiser adam; null for the others. */
  readonly thetaMoments: AdamMoments | null
  /** Meta cost critic phi with its optimiser; in pre-training the cost critic. */
  readonly costCritic: CriticState
  /** Of pre-training; meta-training has none that lasts. */
  readonly rewardCritic: CriticState | null
  readonly lambda: MultiplierState
  readonly eta: MultiplierState
  /** Running mean of the ratio of undiscounted to discounted episode cost (signal `critic` of the multipliers). */
  readonly kappa: number
  /** Of pre-training: episode costs of the newest batches, oldest first, at most `preTraining.costWindow` - 1. */
  readonly recentCosts: readonly number[]
  /** Moments of raw observations; empty under affine scaling. */
  readonly moments: RunningMoments
  /** Environment steps taken in training so far. */
  readonly envSteps: number
}

export function policyShapeOf(config: RunConfig): PolicyShape {
  const observationSize = observationSizeOf(worldOf(config), config.environment.goal === 'visible')
  return { observationSize, hidden: config.policy.hidden, actionSize: ACTION_SIZE }
}

/** A random policy and cost critic (Algorithm 1, line 3); pre-training has a reward critic too. */
export function initialTrainingState(config: RunConfig): TrainingState {
  const shape = policyShapeOf(config)
  const { seed, method, meta, preTraining } = config
  const theta = randomPolicy(config, [seed, 'initial policy'])
  return {
    iteration: 0,
    theta,
    thetaMoments: usesAdam(config) ? zeroMoments(theta.length) : null,
    costCritic: createCritic(shape, stream(seed, 'initial cost critic')),
    rewardCritic: method === 'pre-train' ? createCritic(shape, stream(seed, 'initial reward critic')) : null,
    lambda: initialMultiplier(method === 'meta' ? meta.lambda : preTraining.lambda),
    eta: method === 'meta' ? initialMultiplier(meta.eta) : startMultiplier(0),
    kappa: 0,
    recentCosts: [],
    moments: emptyMoments(shape.observationSize),
    envSteps: 0,
  }
}

/** Whether the outer loop keeps Adam's moments. */
export const usesAdam = ({ method, meta }: RunConfig): boolean => method === 'meta' && meta.optimiser === 'adam'

export function randomPolicy(config: RunConfig, path: readonly (number | string)[]): Float32Array {
  const { headScale, initialLogStd } = config.policy
  return initialisePolicy(policyShapeOf(config), headScale, initialLogStd, stream(...path))
}

export function scalingOf(config: RunConfig, moments: RunningMoments): ObservationScaling {
  switch (config.observationScaling) {
    case 'running':
      return runningScaling(moments)
    case 'affine':
      return pointGoalScaling(policyShapeOf(config).observationSize)
    case 'proximity':
      return proximityScaling(policyShapeOf(config).observationSize)
  }
}

/** The episode cost that training aims at; fine-tuning is judged by, and aims at, the limit itself. */
export const trainingLimit = ({ costLimit, meta }: RunConfig): number => costLimit * meta.limitShare
