// The times of engines as lines over the rows of a batch, one panel per width and number of tasks.
import { breakEvens, type BreakEven, type EngineProblem } from '../../core/engines/timings.ts'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import type { EngineMeasurement } from '../../main/api/contract.ts'
import { frame } from '../charts/axes.ts'
import type { ChartOption } from '../charts/echarts.ts'
import { shareAt, type Margins, type PlotSize } from '../charts/plot-place.ts'
import type { ChartTheme } from '../charts/theme.ts'
import { axisOption, placeOn, valueAxis, type ValueAxis } from '../charts/value-axes.ts'

export type EngineName = EngineMeasurement['timings'][number]['engine']
type Timing = EngineMeasurement['timings'][number]

/** Alike in every panel and theme; shapes tell engines apart where colours do not. */
export const LOOKS: Readonly<Record<EngineName, { readonly role: SeriesRole; readonly symbol: string }>> = {
  simd: { role: 'c-maml', symbol: 'circle' },
  'tfjs/tensorflow': { role: 'random', symbol: 'rect' },
  'tfjs/webgpu': { role: 'pre-trained', symbol: 'triangle' },
  'tfjs/wasm': { role: 'maml', symbol: 'diamond' },
  'tfjs/cpu': { role: 'other-1', symbol: 'circle' },
}

export interface TimingPanel {
  readonly width: number
  readonly tasks: number
  /** By engine, then by rows. */
  readonly timings: readonly Timing[]
  readonly breakEvens: readonly BreakEven[]
}

/** The axes are those of all panels, so that panels can be compared. */
export interface TimingPanels {
  readonly panels: readonly TimingPanel[]
  readonly x: ValueAxis
  readonly y: ValueAxis
}

export function timingPanels({ timings }: Pick<EngineMeasurement, 'timings'>): TimingPanels {
  const sorted = timings.toSorted(
    (a, b) => a.width - b.width || a.tasks - b.tasks || a.engine.localeCompare(b.engine) || a.rows - b.rows,
  )
  const all = breakEvens(timings)
  const panels = [...Map.groupBy(sorted, ({ width, tasks }) => `${width} ${tasks}`).values()].map((own) => {
    const { width, tasks } = own[0]!
    return { width, tasks, timings: own, breakEvens: all.filter((one) => one.width === width && one.tasks === tasks) }
  })
  const axis = (name: string, values: number[]) => valueAxis(name, values, { logarithmic: true })
  return {
    panels,
    x: axis(
      'Rows of a batch',
      sorted.map(({ rows }) => rows),
    ),
    y: axis(
      'Seconds of an update',
      sorted.map(({ seconds }) => seconds),
    ),
  }
}

export interface TimingView extends Pick<TimingPanels, 'x' | 'y'> {
  readonly size: PlotSize
  readonly margins: Margins
}

export function timingOption(panel: TimingPanel, view: TimingView, theme: ChartTheme): ChartOption {
  const { x, y, size, margins } = view
  const lines = [...Map.groupBy(panel.timings, ({ engine }) => engine)].map(([engine, timings]) => {
    const { role, symbol } = LOOKS[engine]
    const colour = theme.series[role]
    return {
      ...{ id: engine, type: 'line', silent: true, z: engine === 'simd' ? 4 : 3 },
      data: timings.map(({ rows, seconds }) => [placeOn(x, rows), placeOn(y, seconds)]),
      ...{ showSymbol: true, symbol, symbolSize: 7 },
      lineStyle: { color: colour, width: 1.7, type: engine === 'simd' ? 'solid' : [6, 3] },
      itemStyle: { color: colour },
    }
  })
  const marks = panel.breakEvens.flatMap(({ engine, rows }) => {
    if (rows === null) return []
    const at = placeOn(x, rows)
    return [
      {
        ...{ id: `break-even/${engine}`, type: 'line', silent: true, showSymbol: false, z: 2 },
        data: [
          [at, y.scale.min],
          [at, y.scale.max],
        ],
        lineStyle: { color: theme.series[LOOKS[engine as EngineName].role], width: 1, type: [2, 3] },
      },
    ]
  })
  return {
    ...frame(theme),
    grid: { ...margins, outerBoundsMode: 'none' },
    xAxis: axisOption(x, 'x', size.width - margins.left - margins.right, theme),
    yAxis: axisOption(y, 'y', size.height - margins.top - margins.bottom, theme),
    series: [...marks, ...lines],
  }
}

/** Shares of the plot, from its left and its top. */
export const placeOfTiming = ({ rows, seconds }: Timing, { x, y }: Pick<TimingPanels, 'x' | 'y'>) => ({
  x: shareAt(placeOn(x, rows), x.scale),
  y: 1 - shareAt(placeOn(y, seconds), y.scale),
})

/** `tfjs/webgpu overtakes simd at about 3100 rows (4.1 times its speed at the largest batch)` */
export function breakEvenWords({ engine, rows, fromStart, speedUp }: BreakEven, format: (n: number) => string): string {
  const about = (value: number) => format(Number(value.toPrecision(2)))
  if (rows === null) return `${engine} stays behind simd (${about(speedUp)} of its speed at the largest batch)`
  const where = fromStart
    ? 'is ahead of simd from the smallest batch on'
    : `overtakes simd at about ${about(rows)} rows`
  return `${engine} ${where} (${about(speedUp)} times its speed at the largest batch)`
}

/** What a panel shows, in a sentence. */
export function captionOf({ breakEvens: all }: TimingPanel, format: (n: number) => string): string {
  if (all.length === 0) return 'No other engine was timed beside simd at these sizes.'
  const overtaking = all.filter(({ rows }) => rows !== null)
  if (overtaking.length === 0) return 'Nothing overtakes simd.'
  return `${overtaking.map((one) => breakEvenWords(one, format)).join('; ')}.`
}

export interface TimingLine extends EngineProblem {
  readonly key: string
  readonly cells: readonly { readonly engine: EngineName; readonly text: string; readonly best: boolean }[]
}

export interface TimingTable {
  readonly engines: readonly EngineName[]
  /** Of the sizes that at least one engine was timed at. */
  readonly lines: readonly TimingLine[]
  /** Sizes that none was timed at. */
  readonly unmeasured: number
}

/** @param format of seconds. @param formatLong of what was not waited for, in words */
export function timingTable(
  { timings, skipped }: Pick<EngineMeasurement, 'timings' | 'skipped'>,
  format: (seconds: number) => string,
  formatLong: (seconds: number) => string,
): TimingTable {
  const engines = [...new Set(timings.map(({ engine }) => engine))]
  const key = ({ width, tasks, rows }: EngineProblem) => `${width} ${tasks} ${rows}`
  const problems = new Map(timings.map((one) => [key(one), one]))
  const unmeasured = new Set(skipped.map(key).filter((one) => !problems.has(one))).size
  const lines = [...problems]
    .toSorted(([, a], [, b]) => a.width - b.width || a.tasks - b.tasks || a.rows - b.rows)
    .map(([own, { width, tasks, rows }]): TimingLine => {
      const here = timings.filter((one) => key(one) === own)
      const best = Math.min(...here.map(({ seconds }) => seconds))
      const cells = engines.map((engine) => {
        const seconds = here.find((one) => one.engine === engine)?.seconds
        if (seconds !== undefined) return { engine, text: format(seconds), best: seconds === best && here.length > 1 }
        const left = skipped.find((one) => one.engine === engine && key(one) === own)
        const text = !left ? '–' : left.seconds === null ? 'too long' : `not measured, ~${formatLong(left.seconds)}`
        return { engine, text, best: false }
      })
      return { width, tasks, rows, key: own, cells }
    })
  return { engines, lines, unmeasured }
}
