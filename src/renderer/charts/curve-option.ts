// Curves over any axis with bands: performance profiles, cost over steps, metrics of many runs. Paths may turn back.
import { areaSeries } from './areas.ts'
import { frame } from './axes.ts'
import type { ChartOption } from './echarts.ts'
import { drawnLevels, levelRows, levelSeries, type Level } from './level-series.ts'
import type { Margins, PlotSize } from './plot-place.ts'
import { withOpacity, type ChartTheme } from './theme.ts'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { axisOption, placeOn, valueAxis, type ValueAxis } from './value-axes.ts'

export interface PlainCurve {
  /** Unique within its chart. */
  readonly id: string
  readonly name: string
  readonly role: SeriesRole
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  /** Ends of the band; NaN where there is none. */
  readonly low?: ArrayLike<number> | null
  readonly high?: ArrayLike<number> | null
  /** Lengths of dashes and gaps; none is a solid line. */
  readonly dash?: readonly number[]
  /** One of many that stand behind the others. */
  readonly faint?: boolean
}

export interface CurveAxes {
  readonly x: ValueAxis
  readonly y: ValueAxis
}

export interface CurveNames {
  readonly x: string
  readonly y: string
  readonly logarithmicY?: boolean
  /** Values that the y axis holds besides those of the curves. */
  readonly include?: readonly number[]
  /** Where the values of the y axis end, whatever the curves do. */
  readonly within?: readonly [number, number]
}

export function curveAxes(curves: readonly PlainCurve[], names: CurveNames): CurveAxes {
  const all = function* (of: 'x' | 'y') {
    for (const curve of curves)
      for (const values of of === 'x' ? [curve.x] : [curve.y, curve.low ?? [], curve.high ?? []])
        for (let i = 0; i < values.length; i++) yield values[i]!
    if (of === 'y') yield* names.include ?? []
  }
  return {
    x: valueAxis(names.x, all('x'), { tight: true }),
    y: valueAxis(names.y, all('y'), {
      logarithmic: names.logarithmicY ?? false,
      ...(names.within === undefined ? {} : { within: names.within }),
    }),
  }
}

export interface CurveView {
  readonly axes: CurveAxes
  readonly levels: readonly Level[]
  readonly size: PlotSize
  readonly margins: Margins
  /** Holds its value until the next x. */
  readonly stepped: boolean
  /** The curve that is pointed at: the others stand behind it. */
  readonly focused?: string | null
}

export function curveOption(curves: readonly PlainCurve[], view: CurveView, theme: ChartTheme): ChartOption {
  const { axes, levels, size, margins, stepped, focused = null } = view
  return {
    ...frame(theme),
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: axisOption(axes.x, 'x', size.width - margins.left - margins.right, theme),
    yAxis: axisOption(axes.y, 'y', size.height - margins.top - margins.bottom, theme),
    series: [
      ...drawnLevels(levels, axes).map((level) => levelSeries(level, theme)),
      ...curves.flatMap((curve) => seriesOf(inFocus(curve, focused), axes.y, stepped, theme)),
    ],
  }
}

/** While one is pointed at, the others are faint and have no bands. */
function inFocus(curve: PlainCurve, focused: string | null): PlainCurve {
  if (focused === null) return curve
  return curve.id === focused ? { ...curve, faint: false } : { ...curve, faint: true, low: null, high: null }
}

function seriesOf(curve: PlainCurve, axis: ValueAxis, stepped: boolean, theme: ChartTheme): object[] {
  const { id, name, role, x, low, high, dash = [], faint = false } = curve
  const colour = theme.series[role]
  const placed = (values: ArrayLike<number>) => Float64Array.from(values, (value) => placeOn(axis, value))
  const y = placed(curve.y)
  const points = new Float64Array(2 * x.length)
  for (let i = 0; i < x.length; i++) {
    points[2 * i] = x[i]!
    points[2 * i + 1] = y[i]!
  }
  const line = {
    id,
    name,
    type: 'line',
    data: points,
    dimensions: ['x', 'y'],
    // A single point has no line.
    showSymbol: x.length === 1,
    symbol: 'circle',
    symbolSize: 6,
    silent: true,
    ...(stepped ? { step: 'end' } : {}),
    lineStyle: {
      color: faint ? withOpacity(colour, 0.45) : colour,
      width: faint ? 1 : 1.7,
      type: dash.length === 0 ? 'solid' : [...dash],
      join: 'round',
    },
    itemStyle: { color: colour },
    z: faint ? 2 : 3,
  }
  if (!low || !high) return [line]
  const breaks = new Uint8Array(x.length)
  const foot = (values: ArrayLike<number>) =>
    Float64Array.from(placed(values), (place, i) =>
      Number.isNaN(values[i]!) || !Number.isNaN(place) ? place : axis.scale.min,
    )
  const fill = withOpacity(colour, 0.14)
  return [areaSeries({ id: `${id}/band`, x, lower: foot(low), upper: foot(high), breaks, fill, z: 1 }), line]
}

/** Exactly what is drawn, the levels last; the first row names the columns. */
export function curveRows(
  curves: readonly PlainCurve[],
  names: Pick<CurveNames, 'x' | 'y'>,
  levels: readonly Level[],
  axes: CurveAxes,
): (string | number)[][] {
  const hasBand = curves.some(({ low }) => low)
  const rows: (string | number)[][] = [['Series', names.x, names.y, ...(hasBand ? ['lower', 'upper'] : [])]]
  for (const { name, x, y, low, high } of curves)
    for (let i = 0; i < x.length; i++)
      rows.push([name, x[i]!, y[i]!, ...(hasBand ? [low?.[i] ?? Number.NaN, high?.[i] ?? Number.NaN] : [])])
  return [...rows, ...levelRows(drawnLevels(levels, axes), rows[0]!.length, { x: 1, y: 2 })]
}
