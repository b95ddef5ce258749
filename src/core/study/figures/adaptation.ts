/** Return and cost over adaptation: figures 4, 5 and 13 (spread over tasks), 10 and 11 (spread over seeds). */
import type { CurvesPanel, Figure, IntervalsPanel, Panel, Series } from '../figure-data.ts'
import { meanInterval } from '../paired.ts'
import { runMeans, taskMeans, type ScoreMatrix } from '../statistics/score-matrix.ts'
import { spreadAcrossRuns, spreadAcrossTasks } from '../statistics/spread.ts'
import type { ArmResults, StudyData } from '../study-data.ts'
import { comparedBudgets, costLimitReference, counted, describeComparison } from './caption.ts'
import { compareArms, type Comparison } from './comparison.ts'
import { allSteps, episodeCost, episodeReturn, scoresAt, stepsOf, type Quantity } from './scores.ts'
import { statisticsFigure } from './statistics-figure.ts'

/** A point of a curve; ends are null where there is no band. */
export interface BandPoint {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** What a point's band is made of. */
export interface Band {
  readonly of: (scores: ScoreMatrix) => BandPoint
  /** Independent units behind a point. */
  readonly count: (comparison: Comparison) => number
}

const taskSpread: Band = { of: spreadAcrossTasks, count: ({ tasks }) => tasks.length }
const seedSpread: Band = { of: spreadAcrossRuns, count: ({ seeds }) => seeds.length }
const taskInterval: Band = { of: (scores) => studentInterval(taskMeans(scores)), count: taskSpread.count }
const seedInterval: Band = { of: (scores) => studentInterval(runMeans(scores)), count: seedSpread.count }

export function adaptationFigures(data: StudyData, bootstrapSeed: number): Figure[] {
  const comparison = compareArms(data)
  const { id, study } = data.plan
  const tasks = comparison.tasks.length
  const spread =
    tasks === 1
      ? 'No bands: one task only.'
      : `Means, with plus and minus one standard deviation across the ${tasks} tasks${meanOfSeeds(comparison)}; bands of costs end at 0.`
  const interval =
    tasks === 1
      ? 'No intervals: one task only.'
      : `Means, with 95 % Student t intervals over the ${tasks} tasks${meanOfSeeds(comparison)}; bands of costs end at 0. They hold for other tasks of this distribution, not for other training seeds.`
  return [
    {
      id,
      title: study.title,
      caption: captionOf(comparison, spread),
      panels: adaptationPanels(comparison, taskSpread),
    },
    {
      id: `${id}-intervals`,
      title: `${study.title}: 95 % intervals over tasks`,
      ...intervalPanels(comparison, taskInterval, interval),
    },
    ...(comparison.arms.length > 0 ? [statisticsFigure(comparison, bootstrapSeed)] : []),
  ]
}

export function seedAdaptationFigures(data: StudyData): Figure[] {
  const comparison = compareArms(data)
  const { id, study } = data.plan
  const seeds = comparison.seeds.length
  const single = 'No bands: one seed only.'
  const spread =
    `Averages of the seeds' means over tasks, with plus and minus one standard deviation of these ${seeds} ` +
    'means; bands of costs end at 0. (The "mean standard deviation of these three seeds" of the paper may instead be ' +
    'the seeds\' average standard deviation across tasks: column "mean SD of seeds" of the table.)'
  const interval =
    `Averages of the seeds' means over tasks, with 95 % Student t intervals over the ${seeds} seeds; bands of costs ` +
    `end at 0. ${whatSeedsAre(comparison)}`
  return [
    {
      id,
      title: study.title,
      caption: captionOf(comparison, seeds === 1 ? single : spread),
      panels: adaptationPanels(comparison, seedSpread),
    },
    {
      id: `${id}-intervals`,
      title: `${study.title}: 95 % intervals over seeds`,
      ...intervalPanels(comparison, seedInterval, seeds === 1 ? single : interval),
    },
  ]
}

/** What differs between the seeds of each initialisation. */
function whatSeedsAre({ arms, data }: Comparison): string {
  const isTrained = (id: string) => data.plan.trainings.some((training) => training.arm === id)
  const labelsOf = (wanted: (arm: ArmResults) => boolean) =>
    arms.flatMap(({ arm }) => (wanted(arm) ? [arm.label] : [])).join(', ')
  const kinds = [
    ['a training of its own', labelsOf(({ id, given }) => !given && isTrained(id))],
    ['fresh networks, one for each task', labelsOf(({ id, given }) => !given && !isTrained(id))],
    ['a fine-tuning of the same checkpoint', labelsOf(({ given }) => given === true)],
  ]
  const parts = kinds.flatMap(([what, labels]) => (labels ? [`${what} (${labels})`] : []))
  return `A seed is ${parts.join(', ')}.`
}

/** Return and cost with the spread over tasks, for figures that have them beside others. */
export const taskSpreadPanels = (comparison: Comparison): Panel[] => adaptationPanels(comparison, taskSpread)

function adaptationPanels(comparison: Comparison, band: Band, logarithmicCost = false): Panel[] {
  const x = { label: 'adaptation step' }
  const panels: CurvesPanel[] = [
    {
      kind: 'curves',
      title: 'Return during fine-tuning',
      x,
      y: { label: 'episode return' },
      series: adaptationSeries(comparison, episodeReturn, band),
    },
    {
      kind: 'curves',
      title: 'Cost during fine-tuning',
      x,
      y: { label: 'episode cost', unit: 'steps' },
      series: adaptationSeries(comparison, episodeCost, band).map(withoutNegative),
      references: [costLimitReference(comparison.data.plan)],
      ...(logarithmicCost ? { logarithmic: true } : {}),
    },
  ]
  return comparison.steps === 0 ? panels.map(withoutSteps) : panels
}

/** K = 0 leaves one point of each curve: a row. */
function withoutSteps({ y, series, references = [] }: CurvesPanel): IntervalsPanel {
  return {
    kind: 'intervals',
    title: 'Without adaptation',
    x: y,
    estimates: series.flatMap(({ label, role, mean, low, high }) => {
      const [value] = mean
      if (value === undefined) return []
      return low && high ? [{ label, role, value, low: low[0]!, high: high[0]! }] : [{ label, role, value }]
    }),
    references,
  }
}

function intervalPanels(comparison: Comparison, band: Band, meaning: string): Pick<Figure, 'caption' | 'panels'> {
  const logarithmic = comparison.steps > 0 && spansDecades(comparison)
  const axis = logarithmic ? ' The axis of costs is logarithmic.' : ''
  return {
    caption: captionOf(comparison, `${meaning}${axis}`),
    panels: adaptationPanels(comparison, band, logarithmic),
  }
}

/** Whether an unconstrained initialisation's costs would press those near the limit onto the axis. */
function spansDecades(comparison: Comparison): boolean {
  const means = comparison.arms.flatMap((arm) =>
    stepsOf(allSteps(comparison)).map((step) => spreadAcrossTasks(scoresAt(arm, step, episodeCost)).value),
  )
  return means.length > 0 && Math.min(...means) > 0 && Math.max(...means) > 10 * Math.min(...means)
}

/** Initialisations in the plan's order; those with nothing yet have no points. */
export function adaptationSeries(comparison: Comparison, of: Quantity, band: Band): Series[] {
  const steps = stepsOf(allSteps(comparison))
  const byArm = new Map(comparison.arms.map((compared) => [compared.arm.id, compared]))
  return comparison.data.arms.map(({ id, label, role }) => {
    const compared = byArm.get(id)
    if (!compared) return { label, role, x: [], mean: [] }
    const points = steps.map((step) => band.of(scoresAt(compared, step, of)))
    return { label, role, x: steps, ...curveOf(points), n: band.count(comparison) }
  })
}

/** The columns of a series; a band only where every point has one. */
export function curveOf(points: readonly BandPoint[]): Pick<Series, 'mean' | 'low' | 'high'> {
  const mean = points.map(({ value }) => value)
  const ends = points.flatMap(({ low, high }) =>
    low !== null && high !== null && Number.isFinite(low) && Number.isFinite(high) ? [{ low, high }] : [],
  )
  if (ends.length < points.length) return { mean }
  return { mean, low: ends.map(({ low }) => low), high: ends.map(({ high }) => high) }
}

/** Costs are not negative, whatever a symmetric band says. */
function withoutNegative(series: Series): Series {
  return series.low ? { ...series, low: series.low.map((value) => Math.max(0, value)) } : series
}

function studentInterval(values: Float64Array): BandPoint {
  const { mean, low, high } = meanInterval([...values])
  return { value: mean, low, high }
}

const meanOfSeeds = ({ seeds }: Comparison) =>
  seeds.length > 1 ? `, each the mean of its ${counted(seeds.length, 'seed')}` : ''

function captionOf(comparison: Comparison, meaning: string): string {
  const lines = [...describeComparison(comparison), ...comparedBudgets(comparison)]
  return comparison.arms.length === 0 ? lines.join(' ') : `${lines.join(' ')}\n${meaning}`
}
