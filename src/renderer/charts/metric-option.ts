// A panel of one or more series over training, as an option of ECharts.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { areaSeries, pixelsOf, plotOf } from './areas.ts'
import { frame, xAxis, yAxis, type XAxisView } from './axes.ts'
import type { ChartOption } from './echarts.ts'
import { formatValue } from './format.ts'
import { alongLine, namePlace } from './level-place.ts'
import { lineSeries, markSeries, type Marks } from './lines.ts'
import type { DrawnSeries, YFit } from './series.ts'
import { withOpacity, type ChartTheme } from './theme.ts'

/** A level not to exceed, e.g. the cost limit d. */
export interface Limit {
  readonly value: number
  /** E.g. 'd'. */
  readonly symbol: string
}

/** A bound that is kept anyway, over the x axis: nothing beyond it is a violation, so nothing is shaded. */
export interface Bound {
  /** E.g. 'δ'. */
  readonly symbol: string
  /** Ascending. */
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

export interface MetricView {
  readonly x: XAxisView
  readonly y: YFit
  readonly logarithmic: boolean
  readonly unit?: string
  readonly limit: Limit | null
  readonly bound?: Bound | null
}

const RAW_OPACITY = 0.3
const LINE_WIDTH = 1.6
const BAND_OPACITY = 0.14
const Z = { violating: 0, band: 1, raw: 2, line: 3, limit: 4 } as const

/** Made for what a series looks like; kept, so that `optionUpdate` finds unchanged series by their identity. */
interface Made {
  readonly theme: ChartTheme
  readonly logarithmic: boolean
  /** Of a logarithmic axis, where marks and bands end. */
  readonly foot: number | null
  readonly options: readonly object[]
}
const made = new WeakMap<DrawnSeries, Made>()

function keptSeries(drawn: DrawnSeries, view: MetricView, theme: ChartTheme): readonly object[] {
  const { logarithmic } = view
  const foot = logarithmic ? view.y.scale.min : null
  const kept = made.get(drawn)
  if (kept?.theme === theme && kept.logarithmic === logarithmic && kept.foot === foot) return kept.options
  const options = seriesOf(drawn, view, theme)
  made.set(drawn, { theme, logarithmic, foot, options })
  return options
}

export function metricOption(drawn: readonly DrawnSeries[], view: MetricView, theme: ChartTheme): ChartOption {
  const { scale } = view.y
  const yAxisView = { scale, logarithmic: view.logarithmic, ...(view.unit === undefined ? {} : { unit: view.unit }) }
  return {
    ...frame(theme),
    xAxis: xAxis(view.x, theme),
    yAxis: yAxis(yAxisView, theme),
    series: [
      ...(view.limit === null ? [] : limitSeries(view.limit, drawn, view.logarithmic, theme)),
      ...(view.bound ? [boundSeries(view.bound, view.logarithmic, theme)] : []),
      ...drawn.flatMap((series) => keptSeries(series, view, theme)),
    ],
  }
}

/** Logarithmic axes are linear in the decimal exponent; what has none is a gap. */
export function onAxis(value: number, logarithmic: boolean): number {
  if (!logarithmic) return value
  return value > 0 ? Math.log10(value) : NaN
}

function seriesOf(series: DrawnSeries, view: MetricView, theme: ChartTheme): object[] {
  const { source, x, values, smoothed, breaks } = series
  const colour = theme.series[source.role]
  const { logarithmic } = view
  const bands = series.bands.map(({ lower, upper }, i) =>
    areaSeries({
      id: `${source.id}/band/${i}`,
      x,
      lower: edge(lower, view),
      upper: edge(upper, view),
      breaks,
      fill: withOpacity(colour, BAND_OPACITY),
      z: Z.band,
    }),
  )
  const main = onAxisAll(smoothed ?? values, logarithmic)
  const line = { id: `${source.id}/line`, x, y: main, breaks, stroke: colour, width: LINE_WIDTH, z: Z.line }
  const raw = smoothed !== null && {
    ...{ id: `${source.id}/raw`, x, y: onAxisAll(values, logarithmic), breaks },
    ...{ stroke: withOpacity(colour, RAW_OPACITY), width: 1, z: Z.raw },
  }
  return [
    ...bands,
    ...(raw ? [lineSeries(raw)] : []),
    lineSeries({ ...line, dash: source.dash }),
    markSeries({ id: `${source.id}/marks`, ...marksOf(series, main, logarithmic), colour, z: Z.line }),
  ]
}

/** Of values as they are drawn, which never change: their places on a logarithmic axis. */
const exponents = new WeakMap<Float64Array, Float64Array>()

function onAxisAll(values: Float64Array, logarithmic: boolean): Float64Array {
  if (!logarithmic) return values
  const known = exponents.get(values) ?? values.map((value) => onAxis(value, true))
  exponents.set(values, known)
  return known
}

/** The edge of a band on the axis; on a logarithmic axis, what reaches below it ends at its foot. */
function edge(values: ArrayLike<number>, { logarithmic, y }: MetricView): ArrayLike<number> {
  if (!logarithmic) return values
  return Float64Array.from(values, (value) => (value <= 0 ? y.scale.min : Math.log10(value)))
}

/**
 * Points that no line shows: single values between gaps, the newest value, and at the foot of a logarithmic axis the
 * places of values that it cannot show. `line` is on the axis.
 */
export function marksOf(
  { x, values, breaks }: Pick<DrawnSeries, 'x' | 'values' | 'breaks'>,
  line: ArrayLike<number>,
  logarithmic: boolean,
): Pick<Marks, 'dots' | 'below'> {
  const n = x.length
  const dots: [number, number][] = []
  const below: number[] = []
  const isDrawn = (i: number): boolean => i >= 0 && i < n && !Number.isNaN(line[i]!)
  for (let i = 0; i < n; i++) {
    if (logarithmic && values[i]! <= 0) below.push(x[i]!)
    if (!isDrawn(i)) continue
    const isJoined = (breaks[i] === 0 && isDrawn(i - 1)) || (breaks[i + 1] === 0 && isDrawn(i + 1))
    if (!isJoined || i === n - 1) dots.push([x[i]!, line[i]!])
  }
  return { dots, below }
}

/** Pixels: of one letter of a limit's name, about, of its line, and between the points that a curve is seen as. */
const NAME = { letter: 6.2, height: 18, apart: 6 } as const

/** A dashed line with its name where it hides least of the curves, and a tint over everything beyond it. */
function limitSeries(limit: Limit, drawn: readonly DrawnSeries[], logarithmic: boolean, theme: ChartTheme): object[] {
  const level = onAxis(limit.value, logarithmic)
  if (!Number.isFinite(level)) return []
  const violating: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const foot = Math.min(plot.y + plot.height, pixelsOf(api).y(level))
    const shape = { x: plot.x, y: plot.y, width: plot.width, height: Math.max(0, foot - plot.y) }
    return { type: 'rect', shape, style: { fill: withOpacity(theme.alarm, theme.dark ? 0.11 : 0.07) }, silent: true }
  }
  const line: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const y = Math.round(pixels.y(level)) + 0.5
    const right = plot.x + plot.width
    const text = `limit ${limit.symbol} = ${formatValue(limit.value)}`
    const curves = drawn.flatMap(({ x, values, smoothed }) => {
      const points = Array.from(smoothed ?? values, (value, i): [number, number] => [
        pixels.x(x[i]!),
        pixels.y(onAxis(value, logarithmic)),
      ])
      return alongLine(points, NAME.apart, plot)
    })
    const size = { width: NAME.letter * text.length, height: NAME.height }
    const { side, edge } = namePlace(plot, size, y, curves, 'right')
    return {
      type: 'group',
      children: [
        {
          type: 'line',
          shape: { x1: plot.x, x2: right, y1: y, y2: y },
          style: { stroke: theme.alarm, lineWidth: 1, lineDash: [5, 3] },
          silent: true,
        },
        {
          type: 'text',
          silent: true,
          style: {
            text,
            x: side === 'left' ? plot.x + 4 : right - 4,
            y: edge === 'above' ? y - 4 : y + 4,
            align: side,
            verticalAlign: edge === 'above' ? 'bottom' : 'top',
            fill: theme.alarm,
            // A rim of paper keeps the words legible where a line passes behind them.
            stroke: theme.paper,
            lineWidth: 3,
            fontSize: 11,
            fontFamily: theme.font,
          },
        },
      ],
    }
  }
  const shared = { type: 'custom', data: [[0, 0]], silent: true, clip: false }
  return [
    { ...shared, id: 'limit/violating', renderItem: violating, z: Z.violating },
    { ...shared, id: 'limit/line', renderItem: line, z: Z.limit },
  ]
}

/** Where the name of a bound that falls stands along it: what keeps the bound leaves the room above it free. */
const NAME_AT = 0.6

/** A thin line with its name and value, or the values at its ends. */
function boundSeries({ symbol, x, y }: Bound, logarithmic: boolean, theme: ChartTheme): object {
  const [start, end] = [y[0]!, y[y.length - 1]!]
  const isLevel = start === end
  const words = isLevel ? formatValue(end) : `${formatValue(start)} to ${formatValue(end)}`
  const line: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const points = Array.from(x, (at, i) => [pixels.x(at), pixels.y(onAxis(y[i]!, logarithmic))] as [number, number])
    const left = isLevel ? plot.x + plot.width - 4 : plot.x + NAME_AT * plot.width
    const top = (points.find(([at]) => at >= left) ?? points.at(-1)!)[1]
    const above = top - plot.y > 18
    return {
      type: 'group',
      clipPath: { type: 'rect', shape: { ...plot } },
      children: [
        { type: 'polyline', shape: { points }, style: { stroke: theme.ink, lineWidth: 1, fill: 'none' }, silent: true },
        {
          type: 'text',
          silent: true,
          style: {
            text: `${symbol} = ${words}`,
            x: left,
            y: above ? top - 3 : top + 4,
            align: isLevel ? 'right' : 'left',
            verticalAlign: above ? 'bottom' : 'top',
            fill: theme.ink,
            stroke: theme.paper,
            lineWidth: 3,
            fontSize: 11,
            fontFamily: theme.font,
          },
        },
      ],
    }
  }
  return { id: 'bound', type: 'custom', data: [[0, 0]], silent: true, clip: false, renderItem: line, z: Z.limit }
}
