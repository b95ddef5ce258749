/** Curves with bands over a common x, and performance profiles. */
import type { CurvesPanel, ProfilePanel, Reference, Series } from '../../../core/study/figure-data.ts'
import { LABEL_GAP, drawPlot } from './plot.ts'
import type { PlotSeries } from './plot.ts'
import { referenceLine } from './reference-line.ts'
import { exactScale, linearScale, logarithmicScale, ticksOf } from './scale.ts'
import type { Scale } from './scale.ts'
import { BAND_OPACITY, GREY, LINE_WIDTH, referencesOf, type } from './style.ts'
import type { DashOf, StyleOf } from './style.ts'
import { drawText, shortenText, textWidth } from './text.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { axisTitle } from './panel.ts'

/** With more points than this, markers would hide the line. */
const MARKED_POINTS = 25
const MARKER_SIZE = 5.5
const TOP = 6

export function drawCurves(
  panel: CurvesPanel | ProfilePanel,
  box: Box,
  styleOf: StyleOf,
  dashOf: DashOf,
): PanelDrawing {
  const { width, idPrefix } = box
  const plotHeight = width > 450 ? 210 : width > 250 ? 165 : 135
  const steps = panel.kind === 'profile'
  const references = referencesOf(panel)
  const y = scaleY(panel, steps ? [] : references)
  const left = Math.max(...ticksOf(y).map((tick) => textWidth(y.format(tick), type.tick))) + LABEL_GAP + 16
  const right = 12
  const bottom = 34
  const height = TOP + plotHeight + bottom
  const inner = width - left - right
  const x = exactScale(
    [...panel.series.flatMap((series) => series.x), ...(steps ? references.map(({ value }) => value) : [])],
    Math.max(2, Math.floor(inner / 55)),
  )

  const series = [
    ...panel.series.map((one) => bandOf(one, y, steps, styleOf(one).colour)),
    ...references.map((reference) => {
      const [{ value }, dash] = [reference, dashOf(reference)]
      const place = y.place(value)
      // A profile's levels are values of x.
      if (steps) return referenceLine([value, y.min], [value, y.max], dash)
      return place === null ? null : referenceLine([x.min, place], [x.max, place], dash)
    }),
    ...panel.series.map((one) => lineOf(one, y, steps, styleOf)),
  ].filter((one) => one !== null)
  const hasData = panel.series.some((one) => one.mean.some((value) => y.place(value) !== null))

  const middleX = left + inner / 2
  const middleY = TOP + plotHeight / 2
  const body = [
    drawPlot({ width, height, left, right, top: TOP, bottom, x, y, series }, idPrefix),
    hasData ? '' : drawText('no data', middleX, middleY, { ...type.axis, colour: GREY, anchor: 'middle' }),
    drawText(shortenText(axisTitle(panel.x), width, type.axis), middleX, height - 5, {
      ...type.axis,
      anchor: 'middle',
    }),
    drawText(shortenText(axisTitle(panel.y), plotHeight + 20, type.axis), 11, middleY, {
      ...type.axis,
      anchor: 'middle',
      upwards: true,
    }),
  ]
  return { body: body.join('\n'), height }
}

function scaleY(panel: CurvesPanel | ProfilePanel, references: readonly Reference[]): Scale {
  if (panel.kind === 'profile') return linearScale([0, 1], 5)
  const tops = panel.series.flatMap(({ mean, high = [] }) => [...mean, ...high])
  const lows = panel.series.flatMap(({ low = [] }) => low)
  const levels = references.map(({ value }) => value)
  // On a logarithmic axis, a band that comes near zero would leave no room for the curves: it is cut instead.
  return panel.logarithmic ? logarithmicScale([...tops, ...levels], 6) : linearScale([...tops, ...lows, ...levels], 5)
}

function lineOf(series: Series, y: Scale, steps: boolean, styleOf: StyleOf): PlotSeries {
  const { colour, dash, marker } = styleOf(series)
  const places = series.mean.map(y.place)
  const marked = !steps && places.length <= MARKED_POINTS
  const points = series.x.map((x, i) => {
    // A point between two gaps has no line to show it.
    const alone = (places[i - 1] ?? null) === null && (places[i + 1] ?? null) === null
    return { at: [x, places[i]!] as const, visible: marked || alone }
  })
  const corners = steps
    ? stepCorners(points, (point, x) => ({ at: [x, point.at[1]] as const, visible: false }))
    : points
  return {
    type: 'line',
    data: corners.map(({ at: [x, place], visible }) => ({
      value: [x, place ?? '-'],
      symbol: visible ? marker : 'none',
    })),
    showSymbol: true,
    symbolSize: MARKER_SIZE,
    lineStyle: { color: colour, width: LINE_WIDTH, type: dash.length === 0 ? 'solid' : [...dash] },
    itemStyle: { color: colour },
    clip: true,
    z: 4,
  }
}

/** A polygon for each run of points that have both ends. */
function bandOf(series: Series, y: Scale, steps: boolean, colour: string): PlotSeries | null {
  const { x, low, high } = series
  if (!low || !high) return null
  const runs: { x: number; low: number; high: number }[][] = [[]]
  x.forEach((value, i) => {
    const top = y.place(high[i]!)
    // Only a logarithmic axis has no place for a finite value, which then lies below it.
    const bottom = y.place(low[i]!) ?? (Number.isFinite(low[i]) ? y.min : null)
    if (top === null || bottom === null) runs.push([])
    else runs.at(-1)!.push({ x: value, low: Math.max(y.min, bottom), high: top })
  })
  const polygons = runs
    .map((run) => (steps ? stepCorners(run, (point, x) => ({ ...point, x })) : run))
    .filter((run) => run.length > 1)
    .map((run) => [...run.map((p) => [p.x, p.high]), ...run.toReversed().map((p) => [p.x, p.low])])
  if (polygons.length === 0) return null
  return {
    type: 'custom',
    data: polygons.map((_, i) => [x[0]!, i]),
    encode: { x: 0 },
    clip: true,
    z: 2,
    renderItem: (item, api) => ({
      type: 'polygon',
      shape: { points: polygons[item.dataIndexInside]!.map((point) => api.coord(point)) },
      style: { fill: colour, opacity: BAND_OPACITY },
    }),
  }
}

/** Each point, and a corner where the next one takes over. */
function stepCorners<P extends { readonly x: number } | { readonly at: readonly [number, number | null] }>(
  points: readonly P[],
  moved: (point: P, x: number) => P,
): P[] {
  const xOf = (point: P) => ('at' in point ? point.at[0] : point.x)
  return points.flatMap((point, i) => {
    const next = points[i + 1]
    return next ? [point, moved(point, xOf(next))] : [point]
  })
}
