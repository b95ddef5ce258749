import { REFERENCE_COLOUR } from './style.ts'
import type { PlotSeries } from './plot.ts'

/** A level to hold values against, from edge to edge of a plot. */
export function referenceLine(
  from: readonly [number, number],
  to: readonly [number, number],
  dash: readonly number[],
): PlotSeries {
  return {
    type: 'line',
    data: [[...from], [...to]],
    showSymbol: false,
    lineStyle: { color: REFERENCE_COLOUR, width: 1.1, type: [...dash] },
    z: 3,
  }
}
