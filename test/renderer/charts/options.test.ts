import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { describe, expect, it, vi } from 'vitest'
import type { Stretch } from '../../../src/core/series/stretch.ts'
import { seriesRoles, type SeriesRole } from '../../../src/core/study/figure-data.ts'
import { exportSvg } from '../../../src/renderer/charts/downloads.ts'
import type { ChartOption } from '../../../src/renderer/charts/echarts.ts'
import '../../../src/renderer/charts/echarts.ts'
import { lengthsOf, unbroken } from '../../../src/renderer/charts/lines.ts'
import { marksOf, metricOption, type MetricView } from '../../../src/renderer/charts/metric-option.ts'
import { bandsInWords, drawnSeries, fitY, xExtent, type ChartSeries } from '../../../src/renderer/charts/series.ts'
import { stackedOption, stackPhases } from '../../../src/renderer/charts/stacked-option.ts'
import { metricRows } from '../../../src/renderer/charts/table-rows.ts'
import type { ChartTheme } from '../../../src/renderer/charts/theme.ts'

use(SVGRenderer)

const theme: ChartTheme = {
  paper: '#ffffff',
  ink: '#000000',
  soft: '#555555',
  line: '#dddddd',
  alarm: '#c00022',
  font: 'sans-serif',
  dark: false,
  series: Object.fromEntries(seriesRoles.map((role) => [role, '#0072b2'])) as Record<SeriesRole, string>,
  phases: ['#111111', '#222222'],
}

const stretches = (values: readonly number[]): Stretch[] =>
  values.map((mean, i) => ({ first: i + 1, last: i + 1, count: 1, min: mean, max: mean, mean }))
const series = (values: readonly number[]): ChartSeries => ({
  id: 'a',
  name: 'A',
  role: 'c-maml',
  stretches: stretches(values),
})

function svg(option: ChartOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 400, height: 240 })
  chart.setOption(option)
  const text = chart.renderToSVGString()
  chart.dispose()
  return text
}

function view(drawn: ReturnType<typeof drawnSeries>[], more: Partial<MetricView> = {}): MetricView {
  const range = xExtent(drawn)!
  const logarithmic = more.logarithmic ?? false
  const y = fitY(drawn, range, more.limit?.value ?? null, logarithmic)
  return { x: { kind: 'iteration', range, width: 300 }, y, logarithmic, limit: null, ...more }
}

describe('the drawing of a metric', () => {
  it('names the limit and holds it even where no value is near', () => {
    const drawn = [drawnSeries(series([1, 2, 3]), 0)]
    const limited = view(drawn, { limit: { symbol: 'd', value: 5 } })
    expect(limited.y.scale.max).toBeGreaterThanOrEqual(5)
    expect(svg(metricOption(drawn, limited, theme))).toContain('limit d = 5')
  })

  it('names the limit where no curve passes', () => {
    const option = (values: number[]) => {
      const drawn = [drawnSeries(series(values), 0)]
      return metricOption(drawn, view(drawn, { limit: { symbol: 'd', value: 5 } }), theme)
    }
    const anchorOf = (values: number[]) =>
      /<text[^>]*text-anchor="(\w+)"[^>]*>limit d = 5/.exec(svg(option(values)))?.[1] ?? 'start'
    expect(anchorOf([1, 1, 100, 100])).toBe('end')
    // It comes down to the limit through the name, where none of its values stands.
    expect(anchorOf([100, 100, 4])).toBe('start')
    expect(anchorOf([100, 60, 6, 5, 5, 6, 4])).toBe('start')
  })

  it('names a bound with the values at its ends, and shades nothing beyond it', () => {
    const drawn = [drawnSeries(series([0.03, 0.02, 0.01]), 0)]
    const option = (y: number[]) => metricOption(drawn, view(drawn, { bound: { symbol: 'δ', x: [1, 2, 3], y } }), theme)
    expect(svg(option([0.03, 0.02, 0.01]))).toContain('δ = 0.03 to 0.01')
    expect(svg(option([0.02, 0.02, 0.02]))).toContain('δ = 0.02<')
    expect((option([0.02, 0.02, 0.02])['series'] as { id: string }[]).map(({ id }) => id)).not.toContain(
      'limit/violating',
    )
  })

  it('interrupts the line where values are missing', () => {
    const { x, values, breaks } = drawnSeries(series([1, 2, NaN, 4]), 0)
    expect(unbroken(values, breaks, 0, 4)).toEqual([[0, 2]])
    expect(marksOf({ x, values, breaks }, values, false).dots).toEqual([[4, 4]])
    expect(
      svg(metricOption([drawnSeries(series([1, 2, NaN, 4]), 0)], view([drawnSeries(series([1, 2]), 0)]), theme)),
    ).not.toContain('NaN')
  })

  it('lays out what is visible of a line and one point on either side, wherever the axis has moved to', () => {
    const drawn = [drawnSeries(series(Array.from({ length: 1000 }, (_, i) => i % 7)), 0)]
    const option = metricOption(drawn, view(drawn), theme)
    const placesAt = (min: number, max: number) => {
      const moved = svg({ ...option, xAxis: { ...(option['xAxis'] as object), min, max } })
      const [, points] = /<polyline points="([^"]+)"[^>]*stroke="#0072b2"/.exec(moved)!
      return points!.split(' ').filter((_, i) => i % 2 === 0)
    }
    expect(placesAt(1, 1000)).toHaveLength(1000)
    const places = placesAt(500.5, 510.5).map(Number)
    expect(places).toHaveLength(12)
    // Half a point outside of margins of 60 and 14 pixels in 400.
    expect(places[0]).toBeCloseTo(60 - 16.3)
    expect(places.at(-1)).toBeCloseTo(386 + 16.3)
  })

  it('measures a dashed line once, wherever it is moved to, and again where its scale changes', () => {
    const x = Float64Array.of(0, 3, 6, 9)
    const lengths = lengthsOf(x, Float64Array.of(0, 4, 0, 4), Uint8Array.of(1, 0, 1, 0))
    const pixels = (perX: number, left: number) => ({
      x: (at: number) => left + at * perX,
      y: (at: number) => 100 - at,
    })
    const first = lengths(pixels(1, 0))
    // From the gap before the third point on, it begins anew.
    expect([...first]).toEqual([0, 5, 0, 5])
    expect(lengths(pixels(1, -1e7 / 3))).toBe(first)
    expect(lengths(pixels(2, 0))[1]).toBeCloseTo(Math.hypot(6, 4))
  })

  it('takes logarithms once for all drawings of the same values', () => {
    const drawn = drawnSeries(series([1, 10, 100]), 0)
    const log10 = vi.spyOn(Math, 'log10')
    const draw = (min: number) => {
      const { y, ...rest } = view([drawn], { logarithmic: true })
      metricOption([drawn], { ...rest, y: { ...y, scale: { ...y.scale, min } } }, theme)
    }
    try {
      draw(0)
      const { length } = log10.mock.calls
      draw(-1)
      expect(log10.mock.calls.length - length).toBeLessThan(length)
    } finally {
      log10.mockRestore()
    }
  })

  it('counts what a logarithmic axis cannot show and marks its places', () => {
    const drawn = [drawnSeries(series([0, -1, 10, 1000]), 0)]
    const logarithmic = view(drawn, { logarithmic: true })
    expect(logarithmic.y).toEqual({ nonPositive: 2, scale: { min: 1, max: 3, step: 1 } })
    const { below, dots } = marksOf(drawn[0]!, [NaN, NaN, 1, 3], true)
    expect(below).toEqual([1, 2])
    expect(dots).toEqual([[4, 3]])
  })

  it('keeps the raw line beside the smoothed one', () => {
    const ids = (weight: number) => {
      const drawn = [drawnSeries(series([1, 2, 3]), weight)]
      return (metricOption(drawn, view(drawn), theme)['series'] as { id: string }[]).map(({ id }) => id)
    }
    expect(ids(0.9)).toContain('a/raw')
    expect(ids(0)).not.toContain('a/raw')
  })

  it('has a band from min to max only where stretches are longer than an iteration', () => {
    const long = { ...series([]), stretches: [{ first: 1, last: 10, count: 10, min: 0, max: 9, mean: 3 }] }
    expect(drawnSeries(long, 0).bands.map(({ label }) => label)).toEqual(['min to max of 10 iterations'])
    expect(drawnSeries(series([1, 2]), 0).bands).toEqual([])
  })

  it('says what its bands are, each meaning once, also in its files', async () => {
    const part = (first: number, count: number) => ({ first, last: first + count - 1, count, min: 0, max: 9, mean: 3 })
    const spread = { label: '± SD over 20 tasks', lower: [1, 1, 1], upper: [5, 5, 5] }
    const wide = { ...series([]), stretches: [part(1, 64), part(65, 64), part(129, 7)], bands: [spread] }
    const live = { ...wide, id: 'b', stretches: [part(1, 64), part(65, 1), part(66, 1)] }
    const words = 'Bands: min to max of 64 iterations; ± SD over 20 tasks'
    expect(bandsInWords([drawnSeries(wide, 0), drawnSeries({ ...wide, id: 'c' }, 0)])).toBe(words)
    const cut = { ...wide, id: 'd', bands: [{ ...spread, label: `${spread.label}, cut at 0` }] }
    expect(bandsInWords([drawnSeries(wide, 0), drawnSeries(cut, 0)])).toBe(`${words}, cut at 0`)
    expect(bandsInWords([drawnSeries(live, 0)])).toBe('Bands: min to max of up to 64 iterations; ± SD over 20 tasks')
    expect(bandsInWords([drawnSeries(series([1, 2]), 0)])).toBeUndefined()

    const drawn = [drawnSeries(wide, 0)]
    const picture = { title: 'Cost', option: metricOption(drawn, view(drawn), theme), legend: [], theme }
    const rows = () => metricRows(drawn, 'iteration', null)
    const file = await exportSvg({ ...picture, caption: words, width: 480, height: 240, rows })
    expect((await file.text()).replaceAll(/<[^>]+>/g, '')).toContain(words)
    expect(rows()[0]).toContain('± SD over 20 tasks, lower')
  })

  it('shows in the legend of its files which line is dashed', async () => {
    const drawn = [drawnSeries(series([1, 2, 3]), 0)]
    const picture = { title: 'Cost', option: metricOption(drawn, view(drawn), theme), theme, rows: () => [] }
    const signs = async (dash: readonly number[]) => {
      const legend = [{ name: 'A', colour: '#123456', dash }]
      const file = await (await exportSvg({ ...picture, legend, width: 480, height: 240 })).text()
      const path = /<path d="([^"]+)"[^>]*fill="#123456"/.exec(file)![1]!
      // A dash is a closed shape.
      return path.match(/Z/g)!.length
    }
    // As many as the sign of 28 pixels has room for.
    expect([await signs([]), await signs([4, 2]), await signs([12, 3])]).toEqual([1, 5, 2])
  })

  it('fits the y axis to what is visible', () => {
    const drawn = [drawnSeries(series([100, 1, 1, 1, 2, 1]), 0)]
    expect(fitY(drawn, { from: 4, to: 6 }, null, false).scale.max).toBeLessThan(5)
  })
})

describe('the drawing of times', () => {
  it('stacks phases, a missing one as none', () => {
    const phases = [
      { id: 'a', name: 'A', seconds: [1, NaN, NaN] },
      { id: 'b', name: 'B', seconds: [2, 3, NaN] },
    ]
    const stack = stackPhases(stretches([0, 0, 0]), phases)
    expect(stack.edges.map((edge) => [...edge])).toEqual([
      [0, 0, NaN],
      [1, 0, NaN],
      [3, 3, NaN],
    ])
    const option = stackedOption(
      stack,
      { kind: 'iteration', range: { from: 1, to: 3 }, width: 300 },
      theme,
      theme.phases,
    )
    expect(svg(option)).toContain('#222222')
  })
})

describe('the table of a metric', () => {
  it('has what is visible and no more', () => {
    const rows = metricRows([drawnSeries(series([5, 6, 7, 8]), 0)], 'iteration', { from: 2, to: 3 })
    expect(rows.slice(1).map((row) => row.slice(0, 4))).toEqual([
      ['A', 2, 2, 6],
      ['A', 3, 3, 7],
    ])
  })

  it('has the lines across: a limit, and a bound as far as it is visible', () => {
    const drawn = [drawnSeries(series([5, 6, 7]), 0)]
    const range = { from: 2, to: 3 }
    const bound = { symbol: 'δ', x: [1, 2, 3], y: [3, 2, 1] }
    const rows = metricRows(drawn, 'iteration', range, { limit: { symbol: 'd', value: 5 }, bound })
    expect(rows.slice(3).map((row) => row.slice(0, 5))).toEqual([
      ['limit d', '', '', 5, ''],
      ['bound δ', 2, 2, 2, ''],
      ['bound δ', 3, 3, 1, ''],
    ])
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
    const level = metricRows(drawn, 'env-steps', null, { bound: { ...bound, y: [2, 2, 2] } })
    expect(level.slice(4).map((row) => row.slice(0, 5))).toEqual([['bound δ', '', '', '', 2]])
  })

  it('counts the tasks behind the means of an adaptation, and claims no extremes', () => {
    const curve = { ...series([1]), stretches: [{ first: 0, last: 0, count: 117, min: 1, max: 1, mean: 1 }] }
    expect(metricRows([drawnSeries(curve, 0)], 'adaptation-step', null)).toEqual([
      ['Series', 'First step', 'Last step', 'Mean', 'Tasks'],
      ['A', 0, 0, 1, 117],
    ])
  })
})
