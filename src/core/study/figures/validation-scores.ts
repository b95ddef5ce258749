/** What a training has come to: return and cost of its last episodes. */
import { mean } from '../statistics/score-matrix.ts'
import type { StudyPlan } from '../plan/plan.ts'
import type { ArmResults, StudyData, TrainingCurve } from '../study-data.ts'
import { pointsOf } from './training-curves.ts'

/** The last 5 % of ten million steps in episodes of 1,000. */
export const FINAL_EPISODES = 500
/** What OmniSafe's logs average over: `logger_cfgs.window_lens`, configs/on-policy/TRPO.yaml. */
export const OMNISAFE_EPISODES = 100

/** Pre-training's policy stands under the names of the meta-policy. */
export const quantities = {
  return: { metric: 'returnBefore', label: 'episode return' },
  cost: { metric: 'costBefore', label: 'episode cost' },
} as const
export type QuantityName = keyof typeof quantities

/**
 * The trainings of an arm that are compared: the finished ones. As long as there is none, those in progress stand in for
 * them, and are no comparison yet.
 */
export function comparedTrainings({ trainings }: ArmResults): { finished: boolean; trainings: TrainingCurve[] } {
  const finished = trainings.filter(({ completed }) => completed)
  if (finished.length > 0) return { finished: true, trainings: finished }
  return { finished: false, trainings: trainings.filter(({ iterations }) => iterations.length > 0) }
}

export const comparedArms = ({ arms }: StudyData): ArmResults[] =>
  arms.map((arm) => ({ ...arm, trainings: comparedTrainings(arm).trainings }))

/** Iterations that hold so many episodes; the last may hold more. */
export function iterationsOf(episodes: number, { config }: StudyPlan): number {
  return Math.ceil(episodes / (config.preTraining.tasksPerIteration * config.preTraining.episodes))
}

/** Mean over the last iterations, which have equally many episodes; null where there are none. */
export function lastMean(training: TrainingCurve, quantity: QuantityName, iterations: number): number | null {
  const values = pointsOf(training, quantities[quantity].metric).slice(-iterations)
  return values.length === 0 ? null : mean(values.map(({ y }) => y))
}

export interface SeedSpread {
  readonly mean: number
  /** Divides by N - 1; null with one seed. */
  readonly deviation: number | null
}

/** Over the seeds that have a value; null where none has. */
export function seedSpread(values: readonly (number | null)[]): SeedSpread | null {
  const present = values.filter((value) => value !== null)
  if (present.length === 0) return null
  const middle = mean(present)
  if (present.length === 1) return { mean: middle, deviation: null }
  const squares = present.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return { mean: middle, deviation: Math.sqrt(squares / (present.length - 1)) }
}
