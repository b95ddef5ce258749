import type { RunConfig } from '../config/settings.ts'
import { ACTION_SIZE } from '../env/goal-task.ts'
import { observationSizeOf } from '../env/world.ts'
import { createCritic, type CriticState } from '../nn/critic.ts'
import { initialisePolicy } from '../nn/initialise.ts'
import { emptyMoments, pointGoalScaling, runningScaling } from '../nn/observation-scaling.ts'
import type { ObservationScaling, RunningMoments } from '../nn/observation-scaling.ts'
import type { PolicyShape } from '../nn/policy.ts'
import { stream } from '../random/stream.ts'
import { worldOf } from './tasks.ts'

/**
 * Everything that one meta-iteration hands to the next. Random streams are functions of (seed, iteration, task,
 * purpose), so this is also all that a resume needs.
 */
export interface MetaState {
  /** Meta-iterations done. */
  readonly iteration: number
  /** Meta-policy. */
  readonly theta: Float32Array
  /** Meta cost critic phi with its optimiser. */
  readonly costCritic: CriticState
  readonly lambda: number
  readonly eta: number
  /** Running mean of the ratio of undiscounted to discounted episode cost (signal `critic` of eta). */
  readonly kappa: number
  /** Moments of raw observations; empty under affine scaling. */
  readonly moments: RunningMoments
  /** Environment steps taken in meta-training so far. */
  readonly envSteps: number
}

export function policyShapeOf(config: RunConfig): PolicyShape {
  const observationSize = observationSizeOf(worldOf(config), config.environment.goal === 'visible')
  return { observationSize, hidden: config.policy.hidden, actionSize: ACTION_SIZE }
}

/** A random meta-policy and meta cost critic (Algorithm 1, line 3). */
export function initialMetaState(config: RunConfig): MetaState {
  const shape = policyShapeOf(config)
  return {
    iteration: 0,
    theta: randomPolicy(config, [config.seed, 'initial policy']),
    costCritic: createCritic(shape, stream(config.seed, 'initial cost critic')),
    lambda: config.meta.lambda.initial,
    eta: config.meta.eta.initial,
    kappa: 0,
    moments: emptyMoments(shape.observationSize),
    envSteps: 0,
  }
}

export function randomPolicy(config: RunConfig, path: readonly (number | string)[]): Float32Array {
  const { headScale, initialLogStd } = config.policy
  return initialisePolicy(policyShapeOf(config), headScale, initialLogStd, stream(...path))
}

export function scalingOf(config: RunConfig, moments: RunningMoments): ObservationScaling {
  return config.observationScaling === 'running'
    ? runningScaling(moments)
    : pointGoalScaling(policyShapeOf(config).observationSize)
}
