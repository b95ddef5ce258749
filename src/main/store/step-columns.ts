// The numbers of one policy on one task, in the tables `task_steps` and `fine_tune_steps` alike.
import type { EpisodeStatistics } from '../../core/rl/rollout.ts'
import type { AdaptationStepRecord } from '../../core/rl/adaptation.ts'
import { StoreError } from './errors.ts'
import type { AdaptationNumbers } from './store.ts'

const STATISTICS: Readonly<Record<keyof EpisodeStatistics, string>> = {
  episodes: 'episodes',
  transitions: 'transitions',
  return: 'episode_return',
  cost: 'episode_cost',
  hazardSteps: 'hazard_steps',
  contactSteps: 'contact_steps',
  velocitySteps: 'velocity_steps',
  goals: 'goals',
  length: 'episode_length',
}

const ADAPTATION: Readonly<Record<keyof AdaptationNumbers, string>> = {
  multiplier: 'multiplier',
  kl: 'kl',
  improvement: 'improvement',
  accepted: 'accepted',
  candidates: 'candidates',
  std: 'std',
  rewardExplainedVariance: 'reward_explained_variance',
  rewardExplainedVarianceAfter: 'reward_explained_variance_after',
  costExplainedVariance: 'cost_explained_variance',
  costExplainedVarianceAfter: 'cost_explained_variance_after',
}

const COLUMNS = Object.entries({ ...STATISTICS, ...ADAPTATION })

/** Field names of a row as `@field` parameters and as selected columns. */
export const STEP_COLUMNS = COLUMNS.map(([, column]) => column).join(', ')
export const STEP_PARAMETERS = COLUMNS.map(([field]) => `@${field}`).join(', ')
export const SELECT_STEP_COLUMNS = COLUMNS.map(([field, column]) => `${column} AS "${field}"`).join(', ')

type Numbers<T> = { readonly [Field in keyof T]: number | null }

/** @param where names the row if one of its numbers cannot be stored, e.g. `iteration 12, task 233, step 0` */
export function stepValues(
  where: string,
  step: EpisodeStatistics | AdaptationStepRecord,
): Record<string, number | null> {
  const values: Record<string, number | null> = {}
  for (const field of Object.keys(STATISTICS))
    values[field] = numberOf(where, field, step[field as keyof EpisodeStatistics])
  for (const field of Object.keys(ADAPTATION))
    values[field] = 'kl' in step ? numberOf(where, field, step[field as keyof AdaptationNumbers]) : null
  return values
}

function numberOf(where: string, quantity: string, value: number | boolean): number {
  assertStorable(where, quantity, Number(value))
  return Number(value)
}

/** SQLite would turn NaN into NULL without a word. */
export function assertStorable(where: string, quantity: string, value: number): void {
  if (!Number.isFinite(value))
    throw new StoreError('invalid', `${quantity} is ${value} in ${where}; it was not stored.`)
}

/** A selected row with its adaptation numbers gathered under `adaptation`. */
export function stepRow<Key extends object>(
  row: Key & EpisodeStatistics & Numbers<AdaptationNumbers>,
): Key & EpisodeStatistics & { readonly adaptation: AdaptationNumbers | null } {
  const flat: Record<string, unknown> = {}
  const adaptation: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(row)) (field in ADAPTATION ? adaptation : flat)[field] = value
  const adapted = row.kl === null ? null : { ...adaptation, accepted: row.accepted === 1 }
  return { ...flat, adaptation: adapted } as Key & EpisodeStatistics & { adaptation: AdaptationNumbers | null }
}
