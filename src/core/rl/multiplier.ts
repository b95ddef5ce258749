import { BETA_1, BETA_2, EPSILON } from '../nn/adam.ts'

/** How a Lagrange multiplier follows the cost: on the dual, it ascends on violation (eq. 22, 31). */
export interface MultiplierSettings {
  readonly update: 'gradient' | 'adam' | 'pid'
  /** Step per unit of episode cost above the limit; Adam's step size; the PID controller's integral gain. */
  readonly rate: number
  /** PID gains on the violation and on the rise of the cost. */
  readonly proportional: number
  readonly derivative: number
  /** Weight of the past in the PID controller's running mean of the cost, [0, 1). */
  readonly smoothing: number
  readonly cap: number
  /** Most of a violation that one update counts: an anti-windup guard against the huge costs of early training. */
  readonly violationCap: number
}

/** A multiplier with what its next update needs to know. */
export interface MultiplierState {
  readonly value: number
  readonly updates: number
  /** Adam's moments of the violation. */
  readonly firstMoment: number
  readonly secondMoment: number
  /** The PID controller's integral, and its running mean of the cost. */
  readonly integral: number
  readonly smoothedCost: number
}

/** A multiplier before its first update. The PID integral starts at its value, so that it starts where it was put. */
export const startMultiplier = (value: number): MultiplierState => ({
  value,
  updates: 0,
  firstMoment: 0,
  secondMoment: 0,
  integral: value,
  smoothedCost: 0,
})

/** One update by the violation min(cost - limit, violationCap); the value stays within [0, cap]. */
export function updateMultiplier(
  state: MultiplierState,
  cost: number,
  limit: number,
  settings: MultiplierSettings,
): MultiplierState {
  const { rate, cap, violationCap } = settings
  const violation = Math.min(cost - limit, violationCap)
  const clip = (value: number) => Math.min(cap, Math.max(0, value))
  const updates = state.updates + 1
  switch (settings.update) {
    case 'gradient':
      return { ...state, updates, value: clip(state.value + rate * violation) }
    case 'adam': {
      const firstMoment = BETA_1 * state.firstMoment + (1 - BETA_1) * violation
      const secondMoment = BETA_2 * state.secondMoment + (1 - BETA_2) * violation ** 2
      const mean = firstMoment / (1 - BETA_1 ** updates)
      const deviation = Math.sqrt(secondMoment / (1 - BETA_2 ** updates))
      return {
        ...state,
        updates,
        firstMoment,
        secondMoment,
        value: clip(state.value + (rate * mean) / (deviation + EPSILON)),
      }
    }
    case 'pid': {
      // Stooke et al. (2020), algorithm 2: the integral alone keeps the value, and is itself bounded.
      const { proportional, derivative, smoothing } = settings
      const smoothedCost = updates === 1 ? cost : smoothing * state.smoothedCost + (1 - smoothing) * cost
      const present = Math.min(smoothedCost - limit, violationCap)
      const rise = updates === 1 ? 0 : Math.min(Math.max(0, smoothedCost - state.smoothedCost), violationCap)
      const integral = clip(state.integral + rate * violation)
      return {
        ...state,
        updates,
        smoothedCost,
        integral,
        value: clip(integral + proportional * present + derivative * rise),
      }
    }
  }
}

/** `adaptive` multipliers follow the cost; others stay what they are. */
export function followCost(
  state: MultiplierState,
  cost: number,
  limit: number,
  settings: MultiplierSettings & { readonly mode: 'adaptive' | 'fixed' | 'off' },
): MultiplierState {
  return settings.mode === 'adaptive' ? updateMultiplier(state, cost, limit, settings) : state
}

/** As a run begins with it. */
export const initialMultiplier = (settings: {
  readonly mode: 'adaptive' | 'fixed' | 'off'
  readonly initial: number
}): MultiplierState => startMultiplier(settings.mode === 'off' ? 0 : settings.initial)
