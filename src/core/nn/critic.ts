import type { Stream } from '../random/stream.ts'
import { networkTensors, parameterCount, type NetworkShape, type PolicyShape } from './policy.ts'
import { initialiseNetwork } from './initialise.ts'

/** A value network together with its Adam optimiser, updated in place by `Learner.fitCritics`. */
export interface CriticState {
  readonly parameters: Float32Array
  readonly firstMoment: Float32Array
  readonly secondMoment: Float32Array
  /** Adam steps taken. */
  updates: number
}

/** A critic sees what the policy sees and has the same hidden layers. */
export function criticShape(policy: PolicyShape): NetworkShape {
  return { inputs: policy.observationSize, hidden: policy.hidden, outputs: 1 }
}

export const criticTensors = (policy: PolicyShape) => networkTensors(criticShape(policy))

/** A fresh critic predicts about zero everywhere: noise of its own would first have to be unlearnt. */
const CRITIC_HEAD_SCALE = 0.01

/** A freshly initialised critic with zero optimiser moments. */
export function createCritic(policy: PolicyShape, stream: Stream): CriticState {
  return withFreshOptimiser(initialiseNetwork(criticShape(policy), CRITIC_HEAD_SCALE, stream))
}

export function withFreshOptimiser(parameters: Float32Array): CriticState {
  const zeros = () => new Float32Array(parameters.length)
  return { parameters: parameters.slice(), firstMoment: zeros(), secondMoment: zeros(), updates: 0 }
}

export function copyCritic(critic: CriticState): CriticState {
  return {
    parameters: critic.parameters.slice(),
    firstMoment: critic.firstMoment.slice(),
    secondMoment: critic.secondMoment.slice(),
    updates: critic.updates,
  }
}

export const criticParameterCount = (policy: PolicyShape): number => parameterCount(criticShape(policy))
