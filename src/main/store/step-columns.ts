// The numbers of one policy on one task, in the tables `task_steps` and `fine_tune_steps` alike.
import type { EpisodeStatistics } from '../../core/rl/rollout.ts'
import type { AdaptationStepRecord } from '../../core/rl/adaptation.ts'
import { StoreError } from './errors.ts'
import type { AdaptationNumbers, PolicyNumbers } from './store.ts'

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
  longestCostRun: 'longest_cost_run',
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
  costChange: 'cost_change',
  feasibility: 'feasibility',
}

const COLUMNS = Object.entries({ ...STATISTICS, ...ADAPTATION })

/** Field names of a row as `@field` parameters and as selected columns. */
export const STEP_COLUMNS = COLUMNS.map(([, column]) => column).join(', ')
export const STEP_PARAMETERS = COLUMNS.map(([field]) => `@${field}`).join(', ')
export const SELECT_STEP_COLUMNS = COLUMNS.map(([field, column]) => `${column} AS "${field}"`).join(', ')

type Value = number | string | null

/** @param where names the row if one of its numbers cannot be stored, e.g. `iteration 12, task 233, step 0` */
export function stepValues(where: string, step: EpisodeStatistics | AdaptationStepRecord): Record<string, Value> {
  const values: Record<string, Value> = {}
  for (const field of Object.keys(STATISTICS))
    values[field] = storable(where, field, step[field as keyof EpisodeStatistics])
  for (const field of Object.keys(ADAPTATION))
    values[field] = 'kl' in step ? storable(where, field, step[field as keyof AdaptationNumbers]) : null
  return values
}

function storable(where: string, quantity: string, value: number | boolean | string): number | string {
  if (typeof value === 'string') return value
  assertStorable(where, quantity, Number(value))
  return Number(value)
}

/** SQLite would turn NaN into NULL without a word. */
export function assertStorable(where: string, quantity: string, value: number): void {
  if (!Number.isFinite(value))
    throw new StoreError('invalid', `${quantity} is ${value} in ${where}; it was not stored.`)
}

/** What is selected by `SELECT_STEP_COLUMNS`: without adaptation step, all its columns are null. */
type SelectedStep = PolicyNumbers & { readonly [Field in keyof AdaptationNumbers]: Value }

/** A selected row with its adaptation numbers gathered under `adaptation`. */
export function stepRow<Key extends object>(
  row: Key & SelectedStep,
): Key & PolicyNumbers & { readonly adaptation: AdaptationNumbers | null } {
  const flat: Record<string, unknown> = {}
  const adaptation: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(row)) (field in ADAPTATION ? adaptation : flat)[field] = value
  const adapted = row.kl === null ? null : { ...adaptation, accepted: row.accepted === 1 }
  return { ...flat, adaptation: adapted } as Key & PolicyNumbers & { adaptation: AdaptationNumbers | null }
}
