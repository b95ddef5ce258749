/** The figure as an option of ECharts: the same for the screen and for files. */
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { decadeScale, niceScale, niceStep, type Scale } from '../../../core/series/ticks.ts'
import { areaSeries, pixelsOf, plotOf } from '../../charts/areas.ts'
import type { ChartOption } from '../../charts/echarts.ts'
import { formatDecade, formatTick, formatValue } from '../../charts/format.ts'
import { namePlace, placesApart } from '../../charts/level-place.ts'
import { onAxis } from '../../charts/metric-option.ts'
import { withOpacity, type ChartTheme } from '../../charts/theme.ts'
import { plotBoxes, isStacked, type PictureSize } from './boxes.ts'
import type { AdaptationFigure, FigurePanel } from './figure.ts'

/** On the screen 1.7 pixels; larger type has thicker lines. */
export const lineWidth = (type: number): number => 0.155 * type
/** Lengths of dashes and gaps, given for the screen. */
export const dashOf = (dash: readonly number[], type: number): number[] => dash.map((length) => (length * type) / 11)

const BAND_OPACITY = 0.15
const LEVEL_DASH = [5, 3]
const REFERENCE_DASH = [1.5, 2.5]

export function figureOption(figure: AdaptationFigure, size: PictureSize, theme: ChartTheme): ChartOption {
  const boxes = plotBoxes(size)
  const scales = figure.panels.map(yScaleOf)
  const text = { color: theme.ink, fontFamily: theme.font }
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: text,
    grid: figure.panels.map(({ id }) => ({ ...boxes[id], outerBoundsMode: 'none' })),
    title: figure.panels.map(({ id, title }) => ({
      text: title,
      left: boxes[id].left - 4,
      top: boxes[id].top - 1.75 * size.type,
      padding: 0,
      textStyle: { ...text, fontSize: size.type, fontWeight: 600 },
    })),
    xAxis: figure.panels.map(({ id }, gridIndex) => ({
      gridIndex,
      ...xAxis(figure.steps, hasNamedAxis(id, size), size, theme),
    })),
    yAxis: figure.panels.map((panel, gridIndex) => ({ gridIndex, ...yAxis(panel, scales[gridIndex]!, size, theme) })),
    series: figure.panels.flatMap((panel, i) =>
      seriesOf(panel, scales[i]!, figure, size, theme).map((series) => ({ ...series, xAxisIndex: i, yAxisIndex: i })),
    ),
  }
}

/** Plots above others of the same x axis leave its numbers to the lowest. */
const hasNamedAxis = (id: FigurePanel['id'], size: PictureSize): boolean =>
  id === 'feasible' || (id === 'return' && !isStacked(size))

/** Holds lines, bands and levels. Logarithmic scales are in decimal exponents. */
export function yScaleOf({ id, bands, levels, logarithmic }: FigurePanel): Scale {
  if (id === 'feasible') return { min: 0, max: 1, step: 0.5 }
  const all = [
    // As in reports: a band that comes near zero would leave no room for the curves of a logarithmic axis, and is cut.
    ...bands.curves.flatMap(({ value, low, high }) => [...value, ...(logarithmic ? [] : (low ?? [])), ...(high ?? [])]),
    ...levels.map(({ value }) => value),
  ].filter((value) => Number.isFinite(value) && (!logarithmic || value > 0))
  if (all.length === 0) return { min: 0, max: 1, step: 0.5 }
  const [least, most] = [Math.min(...all), Math.max(...all)]
  return logarithmic ? decadeScale(least, most, 4) : niceScale(least, most, 5)
}

function xAxis(steps: number, isNamed: boolean, { type, width }: PictureSize, theme: ChartTheme) {
  const every = Math.max(1, niceStep((steps * 5 * type) / width))
  return {
    type: 'value',
    // Half a marker's room at both ends.
    min: -0.02 * steps,
    max: 1.02 * steps,
    name: isNamed ? 'Adaptation step' : '',
    nameLocation: 'middle',
    nameGap: 2 * type,
    nameTextStyle: { color: theme.soft, fontSize: type, fontFamily: theme.font },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.soft, width: 1 } },
    axisTick: { show: true, length: 4, lineStyle: { color: theme.soft }, customValues: range(steps, every) },
    axisLabel: { ...label(theme, type), show: isNamed, customValues: range(steps, every), formatter: String },
    splitLine: { show: false },
  }
}

const range = (steps: number, every: number): number[] =>
  Array.from({ length: Math.floor(steps / every) + 1 }, (_, i) => i * every)

function yAxis({ id, logarithmic }: FigurePanel, scale: Scale, { type }: PictureSize, theme: ChartTheme) {
  const linear = (value: number) => (id === 'feasible' ? `${Math.round(100 * value)} %` : formatTick(value, scale.step))
  return {
    type: 'value',
    min: scale.min,
    max: scale.max,
    interval: scale.step,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...label(theme, type), formatter: logarithmic ? formatDecade : linear },
    splitLine: { show: true, lineStyle: { color: theme.line, width: 1 } },
  }
}

function label(theme: ChartTheme, type: number) {
  return { color: theme.soft, fontSize: type, fontFamily: theme.font, hideOverlap: true }
}

function seriesOf(
  panel: FigurePanel,
  scale: Scale,
  { styles }: AdaptationFigure,
  { type }: PictureSize,
  theme: ChartTheme,
): object[] {
  const { id, bands, levels, logarithmic } = panel
  const floor = (values: Float64Array) =>
    logarithmic ? values.map((value) => (value <= 0 ? scale.min : Math.log10(value))) : values
  const lines = bands.curves.flatMap(({ label: name, role, value, low, high }) => {
    const colour = theme.series[role]
    const style = styles.get(name)!
    const dash = dashOf(style.dash, type)
    const x = Float64Array.from(value.keys())
    const breaks = new Uint8Array(value.length)
    const band = {
      ...{ id: `${id}/${name}/band`, x, breaks, z: 1 },
      ...{ lower: floor(low ?? value), upper: floor(high ?? value) },
      fill: withOpacity(colour, BAND_OPACITY),
    }
    const line = {
      ...{ id: `${id}/${name}`, type: 'line', silent: true, z: 3 },
      data: pointsOf(value, logarithmic),
      dimensions: ['x', 'y'],
      showSymbol: true,
      symbol: style.marker,
      symbolSize: 0.5 * type,
      lineStyle: { color: colour, width: lineWidth(type), type: dash.length === 0 ? 'solid' : dash },
      itemStyle: { color: colour },
    }
    return low !== null && high !== null ? [areaSeries(band), line] : [line]
  })
  const tints = levels.filter(({ isLimit }) => isLimit).map((limit) => tintSeries(`${id}/beyond`, limit, panel, theme))
  const named = levels.filter(({ mark }) => mark === undefined)
  const marked = levels.filter(({ mark }) => mark !== undefined)
  return [
    ...tints,
    ...lines,
    ...named.map((level, i) => levelSeries(`${id}/level/${i}`, level, panel, type, theme)),
    ...(marked.length === 0 ? [] : [marksSeries(`${id}/marks`, marked, panel, type, theme)]),
  ]
}

/** [x0, y0, x1, y1, ...] of steps 0, 1, ..., as ECharts' own line series take them. */
function pointsOf(values: Float64Array, logarithmic: boolean): Float64Array {
  const points = new Float64Array(2 * values.length)
  values.forEach((value, step) => points.set([step, onAxis(value, logarithmic)], 2 * step))
  return points
}

type Level = FigurePanel['levels'][number]

/** A tint over everything beyond the limit. */
function tintSeries(id: string, { value }: Level, { logarithmic }: FigurePanel, theme: ChartTheme): object {
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const y = pixelsOf(api).y(onAxis(value, logarithmic))
    const shape = { x: plot.x, y: plot.y, width: plot.width, height: Math.max(0, y - plot.y) }
    return { type: 'rect', shape, style: { fill: withOpacity(theme.alarm, theme.dark ? 0.11 : 0.07) }, silent: true }
  }
  return { id, type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 0 }
}

/** Of a character, about, in heights of the type. */
const NAME_WIDTH = 0.55

/** A dashed line with its name, where it hides no value: the cost limit. */
function levelSeries(
  id: string,
  { label: name, value }: Level,
  { logarithmic, bands }: FigurePanel,
  type: number,
  theme: ChartTheme,
): object {
  const at = onAxis(value, logarithmic)
  const colour = theme.alarm
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const y = Math.round(pixels.y(at)) + 0.5
    const right = plot.x + plot.width
    const text = `${name} = ${formatValue(value)}`
    const points = bands.curves.flatMap((curve) =>
      Array.from(curve.value, (one, step): [number, number] => [pixels.x(step), pixels.y(onAxis(one, logarithmic))]),
    )
    // Half a marker around it.
    const size = { width: (NAME_WIDTH * text.length + 1) * type, height: 1.8 * type }
    const { side, edge } = namePlace(plot, size, y, points, 'right')
    return {
      type: 'group',
      children: [
        {
          type: 'line',
          shape: { x1: plot.x, x2: right, y1: y, y2: y },
          style: { stroke: colour, lineWidth: 1, lineDash: dashOf(LEVEL_DASH, type) },
          silent: true,
        },
        {
          type: 'text',
          silent: true,
          style: {
            text,
            x: side === 'right' ? right - 4 : plot.x + 4,
            y: edge === 'above' ? y - 3 : y + 3,
            align: side,
            verticalAlign: edge === 'above' ? 'bottom' : 'top',
            fill: colour,
            // A rim of paper keeps the words legible where a line passes behind them.
            stroke: theme.paper,
            lineWidth: 3,
            fontSize: type,
            fontFamily: theme.font,
          },
        },
      ],
    }
  }
  return { id, type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 4 }
}

/** Dotted lines with their marks in the margin, drawn apart and led to where lines are close. */
function marksSeries(
  id: string,
  levels: readonly Level[],
  { logarithmic }: FigurePanel,
  type: number,
  theme: ChartTheme,
): object {
  const style = { stroke: theme.soft, lineWidth: 1 }
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const plot = plotOf(params)
    const pixels = pixelsOf(api)
    const right = plot.x + plot.width
    const exact = levels.map(({ value }) => pixels.y(onAxis(value, logarithmic)))
    const lines = exact.map((y) => Math.round(y) + 0.5)
    const places = placesApart(exact, type, plot.y + 0.5 * type, plot.y + plot.height - 0.5 * type)
    const line = (x1: number, y1: number, x2: number, y2: number, dash?: number[]) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style: { ...style, ...(dash === undefined ? {} : { lineDash: dash }) },
      silent: true,
    })
    return {
      type: 'group',
      $mergeChildren: false,
      children: levels.flatMap(({ mark = '' }, i) => {
        const [y, place] = [lines[i]!, places[i]!]
        return [
          line(plot.x, y, right, y, dashOf(REFERENCE_DASH, type)),
          line(right, y, right + 0.5 * type, place),
          {
            type: 'text' as const,
            silent: true,
            style: {
              ...{
                text: mark,
                x: right + 0.55 * type,
                y: place,
                align: 'left' as const,
                verticalAlign: 'middle' as const,
              },
              ...{ fill: theme.soft, fontSize: 0.9 * type, fontFamily: theme.font },
            },
          },
        ]
      }),
    }
  }
  return { id, type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 4 }
}
