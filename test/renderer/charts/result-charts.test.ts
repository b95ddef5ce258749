import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { describe, expect, it } from 'vitest'
import { seriesRoles, type SeriesRole } from '../../../src/core/study/figure-data.ts'
import { curveAxes, curveOption, curveRows, type PlainCurve } from '../../../src/renderer/charts/curve-option.ts'
import { divergingLight } from '../../../src/core/study/colour-map.ts'
import type { ChartOption } from '../../../src/renderer/charts/echarts.ts'
import { intervalOption, withLevels } from '../../../src/renderer/charts/interval-option.ts'
import { matrixOption } from '../../../src/renderer/charts/matrix-option.ts'
import { nameOf, parallelOption } from '../../../src/renderer/charts/parallel-option.ts'
import { marginsOf, nearestItem } from '../../../src/renderer/charts/plot-place.ts'
import { placeInPlot, scatterOption, type ScatterGroup } from '../../../src/renderer/charts/scatter-option.ts'
import type { ChartTheme } from '../../../src/renderer/charts/theme.ts'
import { SHARES, valueAxis } from '../../../src/renderer/charts/value-axes.ts'

use(SVGRenderer)

const theme: ChartTheme = {
  ...{ paper: '#ffffff', ink: '#000000', soft: '#555555', line: '#dddddd', alarm: '#c00022' },
  ...{ font: 'sans-serif', dark: false, phases: [] },
  series: Object.fromEntries(seriesRoles.map((role) => [role, '#0072b2'])) as Record<SeriesRole, string>,
}
const size = { width: 480, height: 300 }
const margins = marginsOf({})

function svg(option: ChartOption): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  chart.setOption(option)
  const text = chart.renderToSVGString()
  chart.dispose()
  return text
}

describe('curves over any axis', () => {
  const curve: PlainCurve = {
    ...{ id: 'a', name: 'A', role: 'c-maml', x: [0, 1, 2], y: [1, 10, 100] },
    ...{ low: [0, 5, 50], high: [2, 20, 200] },
  }

  it('hold their bands and what has to be seen', () => {
    const { y } = curveAxes([curve], { x: 'step', y: 'cost', include: [-5] })
    expect(y.scale.min).toBeLessThanOrEqual(-5)
    expect(y.scale.max).toBeGreaterThanOrEqual(200)
  })

  it('name their levels on a logarithmic axis too', () => {
    const axes = curveAxes([curve], { x: 'step', y: 'cost', logarithmicY: true })
    expect(axes.y.scale).toMatchObject({ min: 0, max: 3 })
    const levels = [{ label: 'limit d = 25', value: 25, across: 'y' as const }]
    expect(svg(curveOption([curve], { axes, levels, size, margins, stepped: false }, theme))).toContain('limit d = 25')
  })

  it('stand behind the one that is pointed at', () => {
    const axes = curveAxes([curve], { x: 'step', y: 'cost' })
    const other = { ...curve, id: 'b', name: 'B', faint: true }
    const drawn = (focused: string | null) => {
      const view = { axes, levels: [], size, margins, stepped: false, focused }
      const series = curveOption([curve, other], view, theme)['series'] as {
        id: string
        lineStyle?: { width: number }
      }[]
      return Object.fromEntries(series.map(({ id, lineStyle }) => [id, lineStyle?.width]))
    }
    expect(drawn(null)).toMatchObject({ a: 1.7, b: 1, 'a/band': undefined, 'b/band': undefined })
    expect(drawn('b')).toEqual({ a: 1, b: 1.7, 'b/band': undefined })
  })

  it.each(['y', 'x'] as const)('draw a value of %s as a level straight across', (across) => {
    const axes = curveAxes([curve], { x: 'step', y: 'cost' })
    const level = { label: 'level', value: 1, across, alarm: true }
    const drawn = svg(curveOption([curve], { axes, levels: [level], size, margins, stepped: false }, theme))
    const path = new RegExp(`<path d="M([-\\d.]+) ([-\\d.]+)L([-\\d.]+) ([-\\d.]+)"[^>]*stroke="${theme.alarm}"`)
    const [x1, y1, x2, y2] = path.exec(drawn)!.slice(1).map(Number)
    if (across === 'y') expect([y2, x2! - x1!]).toEqual([y1, size.width - margins.left - margins.right])
    else expect([x2, y2! - y1!]).toEqual([x1, size.height - margins.top - margins.bottom])
  })

  it('give every number to their file, the levels that are drawn among them', () => {
    const names = { x: 'step', y: 'cost', logarithmicY: true }
    const axes = curveAxes([curve], names)
    const levels = [
      { label: 'limit d = 25', value: 25, across: 'y' as const },
      { label: 'at step 1', value: 1, across: 'x' as const },
      // A logarithmic axis has no place for it, and the other one ends before it.
      { label: 'nothing', value: 0, across: 'y' as const },
      { label: 'far away', value: 9, across: 'x' as const },
    ]
    const rows = curveRows([curve], names, levels, axes)
    expect(rows.slice(-3)).toEqual([
      ['A', 2, 100, 50, 200],
      ['limit d = 25', '', 25, '', ''],
      ['at step 1', 1, '', '', ''],
    ])
    const drawn = svg(curveOption([curve], { axes, levels, size, margins, stepped: false }, theme))
    for (const { label } of levels) expect(drawn.includes(label), label).toBe(rows.some(([name]) => name === label))
  })
})

describe('shares', () => {
  it.each([0, 1, 0.5])('stay between 0 and 1 where all of them are %d', (value) => {
    const { scale } = valueAxis('share', [value, value], { within: SHARES })
    expect(scale.min).toBeGreaterThanOrEqual(0)
    expect(scale.max).toBeLessThanOrEqual(1)
    expect(scale.max).toBeGreaterThan(scale.min)
  })

  it('hold the values on their axis among intervals too', () => {
    const rows = [{ label: 'A', role: 'c-maml' as const, value: 1, low: 1, high: 1 }]
    const axisOf = (share: boolean) =>
      (intervalOption(rows, { name: 'share', share, levels: [], size, margins }, theme)['xAxis'] as { max: number }).max
    expect(axisOf(true)).toBe(1)
    // What other numbers have around them.
    expect(axisOf(false)).toBeGreaterThan(1)
  })
})

describe('scatter plots', () => {
  const [x, y] = [valueAxis('cost', [1, 1000], { logarithmic: true }), valueAxis('return', [0, 1])]

  it('know where a point lies, and which is nearest', () => {
    const places = [1, 1000].map((cost) => placeInPlot({ x: cost, y: 1 }, { x, y }))
    expect(places[0]!.x).toBeCloseTo(0)
    expect(places[1]!.x).toBeCloseTo(1)
    const at = { x: 0.98, y: 0, width: 400, height: 200 }
    expect(nearestItem(2, (i) => places[i]!, at, 14)).toBe(1)
    expect(nearestItem(2, (i) => places[i]!, { ...at, x: 0.5 }, 14)).toBe(-1)
  })

  it('draw no arrow from where a logarithmic axis has no place', () => {
    const group = (from: number) => ({
      ...{ name: 'A', role: 'c-maml' as const, symbol: 'circle' },
      points: [{ x: 10, y: 1, from: { x: from, y: 0 } }],
    })
    const picture = (from: number) => svg(scatterOption([group(from)], { x, y, levels: [], size, margins }, theme))
    const arrow = 'rgba(0, 114, 178, 0.4)'
    const drawn = (text: string) => text.includes(arrow) || text.includes('stroke-opacity="0.4"')
    expect(drawn(picture(5))).toBe(true)
    expect(drawn(picture(0))).toBe(false)
  })

  const group = (name: string, points: ScatterGroup['points']): ScatterGroup => ({
    ...{ name, role: 'c-maml', symbol: 'circle', points },
  })
  const arrowsOf = (text: string) =>
    text.match(/stroke-opacity="0\.4"|stroke="rgba\(0, ?114, ?178, ?0\.4\)"/g)?.length ?? 0

  it('draw nothing of a group that is hidden afterwards', () => {
    const points = [1, 2, 3].map((at) => ({ x: 10 * at, y: 1, from: { x: 900, y: 0 } }))
    const option = (shown: ScatterGroup['points']) =>
      scatterOption([group('A', shown), group('B', points)], { x, y, levels: [], size, margins }, theme)
    const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
    const counts = [points, [], points].map((shown) => {
      chart.setOption(option(shown), { notMerge: true })
      return arrowsOf(chart.renderToSVGString())
    })
    chart.dispose()
    expect(counts).toEqual([6, 3, 6])
  })

  it('give arrows heads where they are long enough', () => {
    const heads = (from: number) => {
      const points = [{ x: 100, y: 0.5, from: { x: from, y: 0.5 } }]
      const text = svg(scatterOption([group('A', points)], { x, y, levels: [], size, margins }, theme))
      return text.match(/fill-opacity="0\.4"|fill="rgba\(0, ?114, ?178, ?0\.4\)"/g)?.length ?? 0
    }
    expect([heads(1), heads(99)]).toEqual([1, 0])
  })
})

it('writes the values of a matrix into its cells and leaves holes', () => {
  const matrix = { rows: ['A', 'B'], columns: ['A', 'B'], values: Float64Array.of(NaN, 0.75, 0.25, NaN) }
  const domain = { min: 0, middle: 0.5, max: 1 }
  const texts = ['', '0.75', '0.25', '']
  const view = { domain, colours: divergingLight, columnName: 'over', texts, size, margins }
  const text = svg(matrixOption(matrix, view, theme))
  expect(text).toContain('0.75')
  expect(text).toContain('0.25')
  expect(text).not.toContain('NaN')
})

it('estimates have the line that they are held against among their numbers', () => {
  const rows = [
    ['Pair', 'Mean', 'lower', 'upper'],
    ['A − B', 1, 0.5, 1.5],
  ]
  expect(withLevels(rows, [{ label: 'no difference', value: 0, across: 'x' }]).at(-1)).toEqual([
    ...['no difference', 0, '', ''],
  ])
})

it('draws an estimate without an interval as a point alone', () => {
  const row = { label: 'A', role: 'c-maml' as const, value: 1, low: null, high: null }
  const lines = (low: number | null, high: number | null) =>
    svg(intervalOption([{ ...row, low, high }], { name: 'x', levels: [], size, margins }, theme)).split('#0072b2')
      .length
  expect(lines(0, 2)).toBeGreaterThan(lines(null, null))
  expect(lines(-Infinity, Infinity)).toBe(lines(null, null))
})

it('leaves runs without a result out of parallel coordinates', () => {
  const axes = [
    { path: 'meta.eta.mode', kind: 'category' as const, categories: ['off', 'on'], values: [0, 1] },
    { path: 'result', kind: 'linear' as const, values: [1, null] },
  ]
  const option = parallelOption(axes, ['a', 'b'], [0], size, 0, theme)
  expect((option['series'] as { name: string }[]).map(({ name }) => name)).toEqual(['a'])
  expect(svg(option)).toContain('eta.mode')
})

it('names axes in two lines where their names are long', () => {
  expect(nameOf('meta.eta.mode')).toBe('eta.mode')
  expect(nameOf('inner.algorithm')).toBe('inner.\nalgorithm')
  expect(nameOf('Best return within d')).toBe('Best return\nwithin d')
  const kind = 'linear' as const
  const axes = ['inner.algorithm', 'meta.lambda.mode', 'a', 'b', 'c', 'd', 'Best return within d'].map((path) => ({
    ...{ path, kind, values: [0, 1] },
  }))
  // Axes are 57 pixels apart: names reach over their neighbours.
  const drawn = svg(parallelOption(axes, ['a', 'b'], [0, 1], size, 0, theme))
  for (const word of ['algorithm', 'lambda.mode', 'Best return', 'within d']) expect(drawn).toContain(`>${word}<`)
})
