import { omnisafeBenchmark, type PublishedResult, type PublishedScore } from '../../plan/published.ts'
import { mean } from '../../statistics/score-matrix.ts'
import type { ArmResults, StudyData, TrainingCurve } from '../../study-data.ts'
import { counted, partial, smoke } from '../caption.ts'
import { publishedOf } from '../published-result.ts'
import {
  comparedTrainings,
  FINAL_EPISODES,
  iterationsOf,
  lastMean,
  OMNISAFE_EPISODES,
  quantities,
  seedSpread,
  type QuantityName,
  type SeedSpread,
} from '../validation-scores.ts'
import { column, tableOf, type StudyTable } from './table.ts'

interface Row {
  readonly arm: ArmResults
  readonly quantity: QuantityName
  readonly trainings: readonly TrainingCurve[]
  readonly finished: boolean
  readonly final: SeedSpread | null
  readonly omnisafe: SeedSpread | null
  readonly published: PublishedScore
}

/** Ours beside the published results, then every training by itself. */
export const validationTables = (data: StudyData): StudyTable[] => [comparisonTable(data), trainingsTable(data)]

function comparisonTable(data: StudyData): StudyTable {
  const { plan, arms } = data
  const { name, source, envSteps, seeds } = omnisafeBenchmark
  const rows = arms.flatMap((arm) => {
    const published = publishedOf(plan, arm.id)
    return (Object.keys(quantities) as QuantityName[]).map((quantity) => rowOf(data, arm, quantity, published))
  })
  return tableOf(
    `Beside ${name}'s results`,
    rows,
    [
      column('algorithm', ({ arm }) => arm.label),
      column('episode', ({ quantity }) => quantity),
      column('seeds', ({ trainings, finished }) => (finished ? trainings.length : `0 (${trainings.length} partial)`)),
      column(`last ${FINAL_EPISODES}`, ({ final }) => final?.mean ?? null),
      column('SD', ({ final }) => final?.deviation ?? null),
      column(`last ${OMNISAFE_EPISODES}`, ({ omnisafe }) => omnisafe?.mean ?? null),
      column(`SD of last ${OMNISAFE_EPISODES}`, ({ omnisafe }) => omnisafe?.deviation ?? null),
      column('published', ({ published }) => published.mean),
      column('published SD', ({ published }) => published.deviation),
      column('difference', differenceOf),
      column('within published spread', (row) => {
        const difference = differenceOf(row)
        if (difference === null) return null
        return Math.abs(difference) <= row.published.deviation ? 'yes' : 'no'
      }),
      column('env steps', ({ trainings }) => meanOf(trainings.map((training) => training.envSteps))),
      column('wall seconds', ({ trainings }) => meanOf(trainings.flatMap(({ seconds }) => seconds ?? []))),
    ],
    [
      `last ${FINAL_EPISODES}, last ${OMNISAFE_EPISODES}: means over seeds of each training's mean over its last episodes ` +
        `(${lastIterations(data, FINAL_EPISODES)} and ${lastIterations(data, OMNISAFE_EPISODES)}, or as many as there are); ` +
        `${name} averages over ${OMNISAFE_EPISODES}. SD: over seeds, divided by N - 1.`,
      `published: mean and SD after ${counted(envSteps, 'environment step')}, seeds ${seeds.join(', ')} (${source}).`,
      `difference: last ${FINAL_EPISODES} - published; within published spread: it is at most the published SD. ` +
        'Only finished trainings are compared; env steps and wall seconds are their means.',
      ...partial(data),
      ...smoke(plan),
    ],
  )
}

function rowOf(data: StudyData, arm: ArmResults, quantity: QuantityName, published: PublishedResult): Row {
  const compared = comparedTrainings(arm)
  const lastOf = (episodes: number) =>
    seedSpread(compared.trainings.map((one) => lastMean(one, quantity, iterationsOf(episodes, data.plan))))
  return {
    arm,
    quantity,
    ...compared,
    final: lastOf(FINAL_EPISODES),
    omnisafe: lastOf(OMNISAFE_EPISODES),
    published: published[quantity],
  }
}

const differenceOf = ({ finished, final, published }: Row): number | null =>
  finished && final ? final.mean - published.mean : null

const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values))

const lastIterations = ({ plan }: StudyData, episodes: number) => counted(iterationsOf(episodes, plan), 'iteration')

function trainingsTable(data: StudyData): StudyTable {
  const { plan, arms } = data
  const rows = arms.flatMap(({ label, trainings }) => trainings.map((training) => ({ label, training })))
  type TrainingRow = (typeof rows)[number]
  const last = (quantity: QuantityName, episodes: number) =>
    column(`${quantity}, last ${episodes}`, ({ training }: TrainingRow) =>
      lastMean(training, quantity, iterationsOf(episodes, plan)),
    )
  return tableOf(
    'Trainings',
    rows,
    [
      column('algorithm', ({ label }) => label),
      column('seed', ({ training }) => training.seed),
      column('state', ({ training }) => (training.completed ? 'finished' : 'partial')),
      column('env steps', ({ training }) => training.envSteps),
      column('wall seconds', ({ training }) => training.seconds),
      column('workers', ({ training }) => training.workers),
      last('return', FINAL_EPISODES),
      last('cost', FINAL_EPISODES),
      last('return', OMNISAFE_EPISODES),
      last('cost', OMNISAFE_EPISODES),
    ],
    [
      `Means over the last ${FINAL_EPISODES} and ${OMNISAFE_EPISODES} episodes of each training, or as many as there are.`,
      ...partial(data),
      ...smoke(plan),
    ],
  )
}
