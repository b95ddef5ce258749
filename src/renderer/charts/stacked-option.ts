// Times by phase, one above the other.
import { interruptions, type Stretch } from '../../core/series/stretch.ts'
import { niceScale } from '../../core/series/ticks.ts'
import { areaSeries } from './areas.ts'
import { frame, xAxis, yAxis, type XAxisView } from './axes.ts'
import type { ChartOption } from './echarts.ts'
import type { ChartTheme } from './theme.ts'
import { firstAtLeast } from './x-range.ts'

/** One phase of an iteration; all phases of a chart share the stretches. */
export interface Phase {
  readonly id: string
  readonly name: string
  /** Seconds per iteration, one value per stretch. */
  readonly seconds: ArrayLike<number>
}

export interface Stack {
  readonly x: Float64Array
  readonly breaks: Uint8Array
  /** Running sums from below: [phases + 1] arrays; phase p lies between edges p and p + 1. */
  readonly edges: readonly Float64Array[]
}

/** A missing time counts as none, unless no phase has one: then the stack is interrupted. */
export function stackPhases(stretches: readonly Stretch[], phases: readonly Phase[], x?: ArrayLike<number>): Stack {
  const n = stretches.length
  const edges = [new Float64Array(n)]
  for (const { seconds } of phases) {
    const below = edges[edges.length - 1]!
    edges.push(Float64Array.from(below, (sum, i) => sum + (Number.isNaN(seconds[i]!) ? 0 : seconds[i]!)))
  }
  for (let i = 0; i < n; i++) {
    if (phases.every(({ seconds }) => Number.isNaN(seconds[i]!))) for (const edge of edges) edge[i] = NaN
  }
  const places =
    x === undefined ? Float64Array.from(stretches, ({ first, last }) => (first + last) / 2) : Float64Array.from(x)
  return { x: places, breaks: interruptions(stretches), edges }
}

/** `fills` has one colour per phase. */
export function stackedOption(stack: Stack, view: XAxisView, theme: ChartTheme, fills: readonly string[]): ChartOption {
  const top = stack.edges[stack.edges.length - 1]!
  let highest = 0
  const end = Math.min(top.length, firstAtLeast(stack.x, view.range.to) + 1)
  for (let i = Math.max(0, firstAtLeast(stack.x, view.range.from) - 1); i < end; i++) {
    if (top[i]! > highest) highest = top[i]!
  }
  const scale = niceScale(0, highest === 0 ? 1 : highest, 4)
  return {
    ...frame(theme),
    xAxis: xAxis(view, theme),
    yAxis: yAxis({ scale, logarithmic: false, unit: 's' }, theme),
    series: stack.edges.slice(1).map((upper, p) =>
      areaSeries({
        id: `phase/${p}`,
        x: stack.x,
        lower: stack.edges[p]!,
        upper,
        breaks: stack.breaks,
        fill: fills[p]!,
        z: 1,
      }),
    ),
  }
}
