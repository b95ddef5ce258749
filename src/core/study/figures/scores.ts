/** Results of a comparison as matrices of R seeds x T tasks, the form of every statistic. */
import { worldOf } from '../../training/tasks.ts'
import { normalisedScore } from '../statistics/normalised-score.ts'
import { mapScores, mean, scoreMatrix, type ScoreMatrix } from '../statistics/score-matrix.ts'
import type { StepResult } from '../study-data.ts'
import type { ComparedArm, Comparison } from './comparison.ts'

export type Quantity = (result: StepResult) => number

export const episodeReturn: Quantity = (result) => result.return
export const episodeCost: Quantity = (result) => result.cost

/** First and last adaptation step, both included. */
export interface StepRange {
  readonly from: number
  readonly to: number
}

export const stepsOf = ({ from, to }: StepRange): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
export const allSteps = ({ steps }: Comparison): StepRange => ({ from: 0, to: steps })

export function scoresAt({ results }: ComparedArm, step: number, of: Quantity): ScoreMatrix {
  return scoreMatrix(results.map((ofSeed) => ofSeed.map((ofTask) => of(ofTask[step]!))))
}

/** One matrix for each step. */
export function scoresByStep(arm: ComparedArm, range: StepRange, of: Quantity): ScoreMatrix[] {
  return stepsOf(range).map((step) => scoresAt(arm, step, of))
}

/** Of each seed and task, the mean over steps. */
export function meanOverSteps(arm: ComparedArm, range: StepRange, of: Quantity): ScoreMatrix {
  return mapScores(scoresByStep(arm, range, of), mean)
}

/** Returns as they are compared between tasks. */
export interface ScoreScale {
  /** Whether scores are shares of the largest return that a task allows. */
  readonly normalised: boolean
  readonly label: string
  readonly of: (returns: ScoreMatrix) => ScoreMatrix
}

/** Normalised where the goal ends the episode; a return without that has no largest value and stays as it is. */
export function scoreScaleOf({ data, tasks }: Comparison): ScoreScale {
  const { config } = data.plan
  const { goal } = worldOf(config)
  const distances = tasks.map((task) => data.goalDistances.get(task) ?? NaN)
  if (config.environment.goalRule !== 'end' || !distances.every((distance) => distance > goal.radius))
    return { normalised: false, label: 'episode return', of: (returns) => returns }
  return {
    normalised: true,
    label: 'normalised score',
    of: ({ runs, tasks: count, values }) => ({
      runs,
      tasks: count,
      values: values.map((value, at) => normalisedScore(value, distances[at % count]!, goal)),
    }),
  }
}
