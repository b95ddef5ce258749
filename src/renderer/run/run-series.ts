// A run's lines as a panel draws them. What comes out the same is the same object, so a panel prepares it once.
import type { Stretch } from '../../core/series/stretch.ts'
import type { Bound } from '../charts/metric-option.ts'
import type { Band, ChartSeries } from '../charts/series.ts'
import type { Chart, Line } from './chart-list.ts'
import type { RunXKind } from './chart-settings.ts'
import { kept } from './kept.ts'
import { cumulative, placesOf, throughput, type Axis, type RunMetrics } from './run-metrics.ts'
import { band, type IterationSpread, type Quantity, type Spread } from './task-cells.ts'

/** Over the tasks of each iteration. */
export type TaskSpreads = Readonly<Record<'before' | 'after', Readonly<Record<Quantity, readonly IterationSpread[]>>>>

/** What all panels of a run draw from. */
export interface RunValues {
  /** The whole run, coarse. */
  readonly whole: RunMetrics
  /** The same with finer stretches where it is zoomed into. */
  readonly shown: RunMetrics
  /** undefined: not known, or not to be shown. */
  readonly spreads: TaskSpreads | undefined
}

const BAND_NAMES = { sd: '± SD', quartiles: 'quartiles' } as const
const NONE: readonly Stretch[] = []

/** Makes one line again and again, as values arrive. */
export function lineMaker(line: Line): (values: RunValues, xKind: RunXKind, spread: Spread) => ChartSeries {
  const { metric, as } = line
  const sums = kept(cumulative)
  const rates = kept(throughput)
  const places = kept(placesOf)
  const bands = kept(bandsOf)
  const series = kept(
    (stretches: readonly Stretch[], x: Float64Array | undefined, around: readonly Band[]): ChartSeries => ({
      id: line.id,
      name: line.name,
      role: line.role,
      stretches,
      bands: around,
      ...(x === undefined ? {} : { x }),
      ...(line.dash === undefined ? {} : { dash: line.dash }),
    }),
  )
  return ({ whole, shown, spreads }, xKind, spread) => {
    const recorded = shown.series.get(metric) ?? NONE
    const stretches =
      as === 'sum'
        ? sums(whole.series.get(metric) ?? NONE, recorded)
        : as === 'throughput'
          ? rates(recorded, shown.axis)
          : recorded
    const own = line.spread && spreads?.[line.spread.policy][line.spread.quantity]
    // The axis grows with every iteration, and over iterations nothing depends on it.
    const x = xKind === 'iteration' ? undefined : places(stretches, shown.axis, xKind)
    return series(stretches, x, bands(stretches, own, spread, line.spread?.quantity))
  }
}

const NO_BANDS: readonly Band[] = []

function bandsOf(
  stretches: readonly Stretch[],
  known: readonly IterationSpread[] | undefined,
  spread: Spread,
  quantity: Quantity | undefined,
): readonly Band[] {
  if (known === undefined || known.length === 0 || spread === 'none') return NO_BANDS
  const { isCut, ...edges } = band(stretches, known, spread, quantity === 'cost' ? 0 : -Infinity)
  return [{ label: `${BAND_NAMES[spread]} over ${countOfTasks(known)}${isCut ? CUT : ''}`, ...edges }]
}

/** Said of a spread that would reach below what a quantity can be. */
export const CUT = ', cut at 0'

/** N of a band, of the iterations that are known. */
function countOfTasks(known: readonly IterationSpread[]): string {
  const [least, most] = known.reduce(
    ([low, high], { tasks }) => [Math.min(low, tasks), Math.max(high, tasks)],
    [Infinity, 0],
  )
  return least === most ? `${most} task${most === 1 ? '' : 's'}` : `${least} to ${most} tasks`
}

/** Over the stretches of the longest of the panel's lines. */
export function boundOf(
  bound: Chart['bound'],
  series: readonly ChartSeries[],
  axis: Axis,
  xKind: RunXKind,
): Bound | null {
  const longest = series.toSorted((a, b) => b.stretches.length - a.stretches.length)[0]
  if (bound === undefined || longest === undefined || longest.stretches.length === 0) return null
  const { stretches } = longest
  const ends = [stretches[0]!.first, ...stretches.map(({ last }) => last)]
  const points = ends.map((at): Stretch => ({ first: at, last: at, count: 1, min: at, max: at, mean: at }))
  return {
    symbol: bound.symbol,
    x: placesOf(points, axis, xKind) ?? Float64Array.from(ends),
    y: Float64Array.from(ends, bound.at),
  }
}
