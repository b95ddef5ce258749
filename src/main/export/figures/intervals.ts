/** Point estimates with intervals, one row each, and their numbers beside them. */
import type { Estimate, IntervalsPanel } from '../../../core/study/figure-data.ts'
import { axisTitle } from './panel.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { drawPlot } from './plot.ts'
import type { PlotSeries } from './plot.ts'
import { referenceLine } from './reference-line.ts'
import { formatNumber, linearScale, ticksOf, type Scale } from './scale.ts'
import { GREY, referencesOf, type } from './style.ts'
import type { DashOf, StyleOf } from './style.ts'
import { drawText, shortenText, textWidth } from './text.ts'

const ROW = 21
const TOP = 4
const BOTTOM = 34
const GAP = 8
/** Half the height of the interval's ends, rows. */
const CAP = 0.17
/** Numbers are left out where they would leave less than this for the plot. */
const NARROWEST_PLOT = 110
/** Between the labels of ticks. */
const LABEL_SPACE = 8

export function drawIntervals(panel: IntervalsPanel, box: Box, styleOf: StyleOf, dashOf: DashOf): PanelDrawing {
  const { width, idPrefix } = box
  const { estimates } = panel
  const references = referencesOf(panel)
  const rows = Math.max(1, estimates.length)
  const labels = estimates.map(({ label }) => shortenText(label, width * 0.4, type.axis))
  const left = Math.max(14, ...labels.map((label) => textWidth(label, type.axis))) + GAP
  const finest = precisionOf(estimates)
  const columns = [finest, 10 * finest].map((precision) => columnOf(estimates, precision))
  const fits = (column: { readonly width: number }) => width - left - column.width >= NARROWEST_PLOT
  const { numbers, width: numbersWidth } = columns.find(fits) ?? columns[0]!
  const withNumbers = fits({ width: numbersWidth })
  const right = withNumbers ? numbersWidth : 14
  const x = roomyScale([...estimates.flatMap(valuesOf), ...references.map((r) => r.value)], width - left - right)

  const height = TOP + rows * ROW + BOTTOM
  const baseline = (row: number) => TOP + (row + 0.5) * ROW + 3.7
  const middle = left + (width - left - right) / 2
  const series = [
    ...references.map((reference) => referenceLine([reference.value, 0], [reference.value, rows], dashOf(reference))),
    ...estimates.flatMap((estimate, row) => marksOf(estimate, row + 0.5, styleOf)),
  ]
  const body = [
    drawPlot({ width, height, left, right, top: TOP, bottom: BOTTOM, x, y: { rows }, series }, idPrefix),
    ...labels.map((label, row) => drawText(label, left - GAP, baseline(row), { ...type.axis, anchor: 'end' })),
    ...(withNumbers ? numbers : []).map((text, row) => drawText(text, width - right + GAP, baseline(row), type.tick)),
    estimates.length > 0
      ? ''
      : drawText('no data', middle, baseline(0), { ...type.axis, colour: GREY, anchor: 'middle' }),
    drawText(shortenText(axisTitle(panel.x), width, type.axis), middle, height - 5, { ...type.axis, anchor: 'middle' }),
  ]
  return { body: body.join('\n'), height }
}

function marksOf(estimate: Estimate, y: number, styleOf: StyleOf): PlotSeries[] {
  const { colour, marker } = styleOf(estimate)
  const { value, low = NaN, high = NaN } = estimate
  const marks: PlotSeries[] = []
  if (Number.isFinite(low) && Number.isFinite(high))
    marks.push({
      type: 'line',
      data: [
        [low, y - CAP],
        [low, y + CAP],
        [low, y],
        [high, y],
        [high, y + CAP],
        [high, y - CAP],
      ],
      showSymbol: false,
      lineStyle: { color: colour, width: 1.8 },
      clip: false,
      z: 4,
    })
  if (Number.isFinite(value))
    marks.push({ type: 'line', data: [[value, y]], symbol: marker, symbolSize: 7, itemStyle: { color: colour }, z: 5 })
  return marks
}

function columnOf(estimates: readonly Estimate[], precision: number) {
  const numbers = estimates.map((estimate) => numbersOf(estimate, precision))
  return { numbers, width: Math.max(0, ...numbers.map((text) => textWidth(text, type.tick))) + GAP }
}

function valuesOf({ value, low = value, high = value }: Estimate): number[] {
  return [value, low, high]
}

/** As many ticks, up to one in 55 pixels, as their labels leave room for. */
function roomyScale(values: readonly number[], width: number): Scale {
  for (let ticks = Math.max(2, Math.floor(width / 55)); ; ticks--) {
    const scale = linearScale(values, ticks)
    const places = ticksOf(scale)
    const widest = Math.max(...places.map((place) => textWidth(scale.format(place), type.tick)))
    if (ticks === 1 || places.length * (widest + LABEL_SPACE) <= width) return scale
  }
}

/**
 * A tenth of the narrowest interval, so that its ends differ whatever else is on the axis; of the largest value at most
 * five digits. Without intervals, a fiftieth of the largest value.
 */
function precisionOf(estimates: readonly Estimate[]): number {
  const widths = estimates.map(({ low = NaN, high = NaN }) => high - low).filter((one) => one > 0 && one < Infinity)
  const largest = Math.max(0, ...estimates.flatMap(valuesOf).filter(Number.isFinite).map(Math.abs))
  if (widths.length === 0) return largest > 0 ? largest / 50 : 1
  return Math.max(Math.min(...widths) / 10, largest / 1e5)
}

/** E.g. `12.3 [10.1, 14.8]`. */
function numbersOf({ value, low = NaN, high = NaN }: Estimate, precision: number): string {
  const format = (number: number) => (Number.isFinite(number) ? formatNumber(number, precision) : 'n/a')
  return Number.isFinite(low) && Number.isFinite(high)
    ? `${format(value)} [${format(low)}, ${format(high)}]`
    : format(value)
}
