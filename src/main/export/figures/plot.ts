/** One plot through ECharts' server-side SVG renderer: no window, no canvas, no text of users. */
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { ticksOf } from './scale.ts'
import type { Scale } from './scale.ts'
import { FRAME, RULE, type } from './style.ts'
import { FONT_FAMILY } from './text.ts'

use([LineChart, ScatterChart, CustomChart, GridComponent, SVGRenderer])

export type PlotSeries = LineSeriesOption | ScatterSeriesOption | CustomSeriesOption

export interface Plot {
  readonly width: number
  readonly height: number
  /** Margins around the plotting area, in which ticks are labelled. */
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly x: Scale
  /** Rows are labelled by the caller: their places count from above. */
  readonly y: Scale | { readonly rows: number }
  readonly series: readonly PlotSeries[]
}

const TICK_LENGTH = 4
/** From an axis to the labels of its ticks. */
export const LABEL_GAP = 7

/**
 * The SVG elements of a plot with its upper left corner at the origin. `idPrefix` is new in each figure's panel: ECharts
 * counts its identifiers over the process, and the same data have to make the same bytes.
 */
export function drawPlot(plot: Plot, idPrefix: string): string {
  const { width, height, left, right, top, bottom, x, y, series } = plot
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT_FAMILY },
      grid: { left, right, top, bottom, outerBoundsMode: 'none', show: true, borderColor: FRAME, borderWidth: 0.8 },
      xAxis: { ...axis(x), position: 'bottom' },
      yAxis: 'rows' in y ? { ...hiddenAxis, min: 0, max: y.rows, inverse: true } : axis(y),
      series: series.map((one) => ({ ...one, silent: true })),
    })
    return innerSvg(chart.renderToSVGString(), idPrefix)
  } finally {
    chart.dispose()
  }
}

function axis(scale: Scale) {
  return {
    type: 'value' as const,
    min: scale.min,
    max: scale.max,
    interval: scale.interval,
    axisLine: { show: false, onZero: false },
    axisTick: {
      show: true,
      length: TICK_LENGTH,
      lineStyle: { color: FRAME, width: 0.8 },
      customValues: ticksOf(scale),
    },
    axisLabel: {
      ...{ fontSize: type.tick.size, color: type.tick.colour, margin: LABEL_GAP },
      formatter: scale.format,
      customValues: ticksOf(scale),
      hideOverlap: false,
    },
    splitLine: { show: true, showMinLine: false, showMaxLine: false, lineStyle: { color: RULE, width: 0.7 } },
  }
}

const hiddenAxis = {
  type: 'value' as const,
  axisLine: { show: false, onZero: false },
  axisTick: { show: false },
  axisLabel: { show: false },
  splitLine: { show: false },
}

/** What is inside ECharts' <svg>, without what serves its tooltips, and with identifiers of our own. */
function innerSvg(svg: string, idPrefix: string): string {
  return svg
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replace(/<style\s*>.*?<\/style>/s, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/(id="|"url\(#)zr\d+-/g, `$1${idPrefix}-`)
    .trim()
}
