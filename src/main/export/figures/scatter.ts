/** Points, and arrows that lead to them from where they were. */
import type { CustomSeriesRenderItemAPI } from 'echarts/types/dist/shared'
import type { ScatterGroup, ScatterPanel, ValueAxis } from '../../../core/study/figure-data.ts'
import { axisTitle } from './panel.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { LABEL_GAP, drawPlot } from './plot.ts'
import type { PlotSeries } from './plot.ts'
import { referenceLine } from './reference-line.ts'
import { categoryScale, linearScale, logarithmicScale, ticksOf } from './scale.ts'
import type { Scale } from './scale.ts'
import { GREY, referencesOf, type } from './style.ts'
import type { DashOf, StyleOf } from './style.ts'
import { drawText, shortenText, textWidth, writable } from './text.ts'

const TOP = 6
const RIGHT = 12
const BOTTOM = 34
const MARKER_SIZE = 4.5
const ARROW_OPACITY = 0.4
/** Length of an arrow's head, half its width, and how far its tip stays from the middle of the marker, pixels. */
const [HEAD, HALF, AWAY] = [5, 2, MARKER_SIZE / 2]

export function drawScatter(panel: ScatterPanel, box: Box, styleOf: StyleOf, dashOf: DashOf): PanelDrawing {
  const { width, idPrefix } = box
  const plotHeight = width > 450 ? 260 : 190
  const references = referencesOf(panel)
  const ends = panel.groups.flatMap(({ points }) => points.flatMap(({ from, ...to }) => (from ? [from, to] : [to])))
  const y = scaleOf(
    panel.y,
    ends.map((end) => end.y),
    5,
  )
  const left = Math.max(...ticksOf(y).map((tick) => textWidth(y.format(tick), type.tick))) + LABEL_GAP + 16
  const inner = width - left - RIGHT
  const x = scaleOf(panel.x, [...ends.map((end) => end.x), ...references.map(({ value }) => value)], inner / 55, inner)
  const height = TOP + plotHeight + BOTTOM
  const series = [
    ...references.map((reference) => {
      const at = x.place(reference.value)
      return at === null ? null : referenceLine([at, y.min], [at, y.max], dashOf(reference))
    }),
    ...panel.groups.map((group) => arrowsOf(group, x, y, styleOf(group).colour)),
    ...panel.groups.map((group) => markersOf(group, x, y, styleOf)),
  ].filter((one) => one !== null)
  const middle = left + inner / 2
  const centred = { ...type.axis, anchor: 'middle' } as const
  const body = [
    drawPlot({ width, height, left, right: RIGHT, top: TOP, bottom: BOTTOM, x, y, series }, idPrefix),
    ends.length > 0 ? '' : drawText('no data', middle, TOP + plotHeight / 2, { ...centred, colour: GREY }),
    drawText(shortenText(axisTitle(panel.x), width, type.axis), middle, height - 5, centred),
    drawText(shortenText(axisTitle(panel.y), plotHeight + 20, type.axis), 11, TOP + plotHeight / 2, {
      ...centred,
      upwards: true,
    }),
  ]
  return { body: body.join('\n'), height }
}

/** @param room pixels for the names of categories, which stand beside each other */
function scaleOf(axis: ValueAxis, drawn: readonly number[], ticks: number, room = Infinity): Scale {
  const { categories } = axis
  if (categories !== undefined) {
    const each = room / categories.length - 6
    // ECharts, which draws them, escapes but does not clean them.
    return categoryScale(categories.map((name) => shortenText(writable(name), each, type.tick)))
  }
  const values = [...drawn, ...(axis.include ?? [])]
  const count = Math.max(2, Math.floor(ticks))
  return axis.logarithmic ? logarithmicScale(values, count) : linearScale(values, count)
}

function markersOf(group: ScatterGroup, x: Scale, y: Scale, styleOf: StyleOf): PlotSeries {
  const { colour, marker } = styleOf(group)
  return {
    type: 'scatter',
    data: placed(group, x, y).map(({ to }) => to),
    symbol: marker,
    symbolSize: MARKER_SIZE,
    // A rim of paper parts neighbours.
    itemStyle: { color: colour, borderColor: '#ffffff', borderWidth: 0.4 },
    clip: true,
    z: 4,
  }
}

function arrowsOf(group: ScatterGroup, x: Scale, y: Scale, colour: string): PlotSeries | null {
  const arrows = placed(group, x, y).flatMap(({ from, to }) => (from === null ? [] : [{ from, to }]))
  if (arrows.length === 0) return null
  return {
    type: 'custom',
    data: arrows.map(({ to }) => to),
    clip: true,
    z: 2,
    renderItem: (item, api) => {
      const { from, to } = arrows[item.dataIndexInside]!
      const [[x1, y1], [x2, y2]] = [pixels(api, from), pixels(api, to)]
      const line = {
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 0.8, opacity: ARROW_OPACITY },
      }
      const head = headOf(x1, y1, x2, y2)
      if (head === null) return line
      const tip = { type: 'polygon' as const, shape: { points: head }, style: { fill: colour, opacity: ARROW_OPACITY } }
      return { type: 'group', children: [line, tip] }
    },
  }
}

const pixels = (api: CustomSeriesRenderItemAPI, at: readonly [number, number]) => api.coord([...at]) as [number, number]

/** null where an arrow is too short for one. */
function headOf(x1: number, y1: number, x2: number, y2: number): [number, number][] | null {
  const length = Math.hypot(x2 - x1, y2 - y1)
  if (length < 2 * (HEAD + AWAY)) return null
  const [x, y] = [(x2 - x1) / length, (y2 - y1) / length]
  const at = (back: number, aside: number): [number, number] => [x2 - back * x - aside * y, y2 - back * y + aside * x]
  return [at(AWAY, 0), at(AWAY + HEAD, HALF), at(AWAY + HEAD, -HALF)]
}

/** Where the points lie; those without a place on an axis are left out, and so are arrows from such a place. */
function placed({ points }: ScatterGroup, x: Scale, y: Scale) {
  const place = (point: { readonly x: number; readonly y: number }): [number, number] | null => {
    const [across, up] = [x.place(point.x), y.place(point.y)]
    return across === null || up === null ? null : [across, up]
  }
  return points.flatMap((point) => {
    const to = place(point)
    return to === null ? [] : [{ to, from: point.from === undefined ? null : place(point.from) }]
  })
}
