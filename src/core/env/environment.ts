/**
 * A constrained Markov decision process that can be stepped: what the learner sees of any simulator.
 *
 * The interface is push-free on purpose: `step` leaves its results in fields, so that a rollout of
 * millions of steps allocates nothing.
 */
export interface Environment {
  /** Length of the raw observation vector. */
  readonly observationSize: number
  /** Length of the action vector; every component is clipped to [-1, 1] by the environment. */
  readonly actionSize: number

  /** Returns to the task's layout and start pose. */
  reset(): void
  /** Takes one environment step (0.02 s) with `actions[offset .. offset + actionSize)`. */
  step(actions: ArrayLike<number>, offset: number): void
  /** Writes the raw, unscaled observation of the current state to `out[offset .. offset + observationSize)`. */
  observe(out: Float64Array, offset: number): void

  /** Reward of the last step. */
  readonly reward: number
  /** Indicator cost of the last step: 1 if any cost part is positive, else 0. */
  readonly cost: number
  /** Which parts made up the last step's cost: a bit set of `CostPart`. */
  readonly costParts: number
  /** The goal was reached in the last step. */
  readonly goalReached: boolean
  /** The episode is over in a state without a future (goal reached under the rule `end`). */
  readonly terminated: boolean
  /** The episode was cut at the horizon; its value must be bootstrapped. */
  readonly truncated: boolean
  /** Environment steps since the last reset. */
  readonly steps: number
}

/** Bits of `Environment.costParts`. */
export const CostPart = {
  /** The robot stands inside a hazard. */
  hazard: 1,
  /** The robot touches a vase. */
  vaseContact: 2,
  /** A vase moves at 1e-4 m/s or more. */
  vaseVelocity: 4,
} as const
