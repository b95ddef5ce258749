/** The paper's figure: a quantity over adaptation, one curve per initialisation, with the band that is asked for. */
import type { SeriesRole } from '../figure-data.ts'
import { mean, runMeans, taskMeans, type ScoreMatrix } from '../statistics/score-matrix.ts'
import { spreadAcrossRuns, spreadAcrossTasks } from '../statistics/spread.ts'
import { crossedInterquartileMeans, crossedMeans } from '../statistics/crossed-statistics.ts'
import { crossedShares, shareBand } from '../statistics/share.ts'
import type { Estimate } from '../statistics/estimate.ts'
import type { BandKind } from './band-kinds.ts'
import type { ShownQuantity } from './cube.ts'
import { matricesOf, matrixAt, shownInitialisations, type ComparedPart } from './part.ts'

export interface Bootstrap {
  readonly resamples: number
  readonly seed: number
}

/** Of every comparison, shown or written: the seed is fixed, so that the same results always have the same intervals. */
export const BOOTSTRAP: Bootstrap = { resamples: 10_000, seed: 1 }

export interface BandCurve {
  readonly label: string
  readonly role: SeriesRole
  /** [K + 1] */
  readonly value: Float64Array
  /** [K + 1], NaN at a step without an interval; null where no step has one. */
  readonly low: Float64Array | null
  readonly high: Float64Array | null
}

export interface Bands {
  readonly curves: readonly BandCurve[]
  /** N. */
  readonly tasks: number
  readonly replicates: number
  /** What the line and the band are, in a sentence. */
  readonly meaning: string
}

/** Costs and goals are not negative, whatever a symmetric band says. */
const NEVER_NEGATIVE: readonly ShownQuantity[] = ['cost', 'goals', 'transitions']

export function bands(part: ComparedPart, quantity: ShownQuantity, kind: BandKind, bootstrap: Bootstrap): Bands {
  const steps = part.cube.steps + 1
  const matrices = part.initialisations.map((_, i) => matricesOf(part, i, quantity))
  // One call for all, so that all share the draws.
  const points = pointsOf(matrices.flat(), kind, bootstrap)
  const column = (i: number, of: (point: Estimate) => number | null): Float64Array | null => {
    const numbers = points.slice(i * steps, (i + 1) * steps).map(of)
    return numbers.includes(null) ? null : Float64Array.from(numbers as number[])
  }
  const isNegative = !NEVER_NEGATIVE.includes(quantity)
  const isCut = !isNegative && points.some(({ low }) => low !== null && low < 0)
  const isTrimmedCost = quantity === 'cost' && kind === 'bootstrap-iqm' && points.length > 0
  return {
    curves: shownInitialisations(part).map(({ label, role }, i) => ({
      label,
      role,
      value: column(i, ({ value }) => value)!,
      low: column(i, ({ low }) => (low === null || isNegative ? low : Math.max(0, low))),
      high: column(i, ({ high }) => high),
    })),
    tasks: part.tasks.length,
    replicates: part.replicates.length,
    meaning: `${meaningOf(kind, points[0], isCut)}${isTrimmedCost ? ` ${LIMITS_THE_MEAN}` : ''}`,
  }
}

/** Costs have a long tail: where the middle half keeps the limit, the mean may not. */
const LIMITS_THE_MEAN = 'The limit d is on the mean cost: one below it as an interquartile mean may exceed it.'

/** What each quantity's lines and bands are; quantities that say the same say it together. */
export function meaningsOf(named: readonly (readonly [name: string, of: Pick<Bands, 'meaning'>])[]): string[] {
  const byMeaning = Map.groupBy(named, ([, { meaning }]) => meaning)
  return [...byMeaning].map(([meaning, of]) => `${of.map(([name]) => name).join(', ')}: ${meaning}`)
}

function pointsOf(matrices: readonly ScoreMatrix[], kind: BandKind, bootstrap: Bootstrap): Estimate[] {
  switch (kind) {
    case 'sd-tasks':
      return matrices.map(spreadAcrossTasks)
    case 'sd-seeds':
      return matrices.map(spreadAcrossRuns)
    case 'bootstrap-mean':
      return crossedMeans(matrices, bootstrap)
    case 'bootstrap-iqm':
      return crossedInterquartileMeans(matrices, bootstrap)
  }
}

function meaningOf(kind: BandKind, point: Estimate | undefined, isCut: boolean): string {
  if (point === undefined) return 'Nothing to compare yet.'
  const line = kind === 'bootstrap-iqm' ? 'Interquartile mean of all seeds and tasks' : 'Mean'
  const band = kind.startsWith('sd') ? point.band.replace(/^mean /, '') : point.band
  return `${line}; ${point.low === null ? band : `band: ${band}${isCut ? ', cut at 0' : ''}`}.`
}

/** What of the tasks keeps the limit, per step: a share of all (replicate, task) pairs in [0, 1]. */
export function feasibleShares(part: ComparedPart, bootstrap: Bootstrap): Bands {
  const steps = Array.from({ length: part.cube.steps + 1 }, (_, step) => step)
  const matrices = part.initialisations.map((_, i) =>
    steps.map((step) => {
      const costs = matrixAt(part, i, step, 'cost')
      return { ...costs, values: costs.values.map((cost) => (cost <= part.cube.costLimit ? 1 : 0)) }
    }),
  )
  const points = crossedShares(matrices.flat(), bootstrap)
  const of = (i: number, end: 'value' | 'low' | 'high') =>
    Float64Array.from(steps, (step) => points[i * steps.length + step]![end] ?? Number.NaN)
  const hasBand = points.some(({ low }) => low !== null)
  return {
    curves: shownInitialisations(part).map(({ label, role }, i) => ({
      label,
      role,
      value: of(i, 'value'),
      low: hasBand ? of(i, 'low') : null,
      high: hasBand ? of(i, 'high') : null,
    })),
    tasks: part.tasks.length,
    replicates: part.replicates.length,
    meaning: points[0] === undefined ? 'Nothing to compare yet.' : `Share with cost at most d; ${shareBand(points)}.`,
  }
}

/** What a point of the curve is made of: a value per task (mean over seeds), and per seed (mean over tasks). */
export interface PointDetail {
  readonly tasks: readonly { readonly seed: number; readonly value: number }[]
  readonly replicates: readonly { readonly index: number; readonly value: number }[]
  readonly mean: number
}

/** @param initialisation position in the part */
export function pointDetail(
  part: ComparedPart,
  initialisation: number,
  step: number,
  quantity: ShownQuantity,
): PointDetail {
  const matrix = matrixAt(part, initialisation, step, quantity)
  const [ofTasks, ofRuns] = [taskMeans(matrix), runMeans(matrix)]
  return {
    tasks: part.tasks.map((task, i) => ({ seed: part.cube.tasks[task]!.seed, value: ofTasks[i]! })),
    replicates: part.replicates.map((index, i) => ({ index, value: ofRuns[i]! })),
    mean: mean(matrix.values),
  }
}
