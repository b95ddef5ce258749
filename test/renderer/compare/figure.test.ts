import { describe, expect, test } from 'vitest'
import { bands } from '../../../src/core/study/comparison/bands.ts'
import { completePart } from '../../../src/core/study/comparison/part.ts'
import type { ChartTheme } from '../../../src/renderer/charts/theme.ts'
import { isStacked, plotBoxes } from '../../../src/renderer/compare/figure/boxes.ts'
import { figureOption, yScaleOf } from '../../../src/renderer/compare/figure/figure-option.ts'
import {
  figureRows,
  PANEL_IDS,
  roughBands,
  type AdaptationFigure,
  type FigurePanel,
} from '../../../src/renderer/compare/figure/figure.ts'
import { alongLine, namePlace, placesApart } from '../../../src/renderer/charts/level-place.ts'
import { initialisationStyles } from '../../../src/renderer/compare/initialisation-styles.ts'
import { formatEstimate, formatSpread, partialWords, taskOptions } from '../../../src/renderer/compare/words.ts'
import { cubeOf } from '../../core/study/comparison/cubes.ts'

const cube = cubeOf(
  { labels: ['C-MAML', 'random'], replicates: 2, tasks: [1, 2, 3], steps: 4 },
  {
    return: ({ initialisation, step }) => step - initialisation,
    cost: ({ initialisation, task, step }) => (initialisation === 0 ? task : 10 * task - step),
  },
)
const part = completePart(cube)

const panelOf = (id: FigurePanel['id'], changes: Partial<FigurePanel> = {}): FigurePanel => ({
  id,
  title: id,
  bands: roughBands(part, id, 'sd-tasks'),
  levels: id === 'cost' ? [{ label: 'limit d', value: 50, isLimit: true }] : [],
  logarithmic: false,
  ...changes,
})
const figure: AdaptationFigure = {
  title: 'a comparison',
  steps: 4,
  panels: PANEL_IDS.map((id) => panelOf(id)),
  styles: initialisationStyles(cube.initialisations),
  caption: '',
}

describe('the rows of the CSV', () => {
  test('are what is drawn', () => {
    const [names, first, ...others] = figureRows(figure)
    expect(names!.slice(0, 5)).toEqual(['initialisation', 'step', 'return', 'return_low', 'return_high'])
    expect(others).toHaveLength(10)
    const { value, low } = bands(part, 'cost', 'sd-tasks', { resamples: 1, seed: 1 }).curves[0]!
    const at = names!.indexOf('cost')
    expect(first!.slice(at, at + 2)).toEqual([value[0], low![0]])
    expect(first!.slice(names!.indexOf('tasks'), names!.indexOf('tasks') + 2)).toEqual([3, 2])
  })

  test('say of each quantity what its line and band are', () => {
    const [names, row] = figureRows(figure)
    const said = (id: string) => row![names!.indexOf(`${id}_line_and_band`)]
    expect(said('return')).toBe(bands(part, 'return', 'sd-tasks', { resamples: 1, seed: 1 }).meaning)
    expect(said('cost')).toContain('one standard deviation')
    expect(said('feasible')).toMatch(/^Share with cost at most d; .*bootstrap/)
  })

  test('have the lines across, each with all that is known of it', () => {
    const published = { label: 'OmniSafe, CPO', mark: '1', isLimit: false }
    const panels = [
      panelOf('return', { levels: [{ ...published, value: 20, deviation: 1 }] }),
      panelOf('cost', {
        levels: [
          { label: 'limit d', value: 50, isLimit: true },
          { ...published, value: 30, deviation: 7 },
        ],
      }),
    ]
    const [names, ...rows] = figureRows({ ...figure, panels })
    const cells = (row: (string | number)[]) =>
      Object.fromEntries(names!.map((name, i) => [name, row[i]]).filter(([, cell]) => cell !== ''))
    expect(rows.slice(-2).map(cells)).toEqual([
      {
        ...{ initialisation: 'OmniSafe, CPO', return: 20, cost: 30 },
        return_line_and_band: 'published mean, SD 1',
        cost_line_and_band: 'published mean, SD 7',
      },
      { initialisation: 'limit d', cost: 50, cost_line_and_band: 'limit of the mean cost' },
    ])
  })

  test('a missing band is empty', () => {
    const single = completePart(cubeOf({ labels: ['C-MAML'], replicates: 1, tasks: [1, 2], steps: 1 }, {}))
    const one = roughBands(single, 'return', 'sd-seeds')
    expect(one.meaning).toContain('no standard deviation')
    const [names, row] = figureRows({ ...figure, steps: 1, panels: [panelOf('return', { bands: one })] })
    expect(row![names!.indexOf('return_low')]).toBe('')
  })
})

describe('plots', () => {
  const inside = (size: { width: number; height: number; type: number; head?: number; foot?: number }) =>
    Object.values(plotBoxes(size)).every(
      ({ left, top, width, height }) =>
        left > 0 &&
        top > (size.head ?? 0) &&
        left + width < size.width &&
        top + height < size.height - (size.foot ?? 0),
    )

  test.each([
    { width: 1200, height: 400, type: 11, stacked: false },
    { width: 400, height: 600, type: 11, stacked: true },
    { width: 321, height: 491, type: 9.3, stacked: true },
    { width: 1280, height: 720, type: 24, stacked: false },
  ])('stay within $width x $height', ({ stacked, ...size }) => {
    expect(isStacked(size)).toBe(stacked)
    expect(inside(size)).toBe(true)
    expect(inside({ ...size, head: 40, foot: 30 })).toBe(true)
  })

  test('cost stands above its feasible share, over the same steps', () => {
    const { cost, feasible } = plotBoxes({ width: 1200, height: 400, type: 11 })
    expect([feasible.left, feasible.width]).toEqual([cost.left, cost.width])
    expect(feasible.top).toBeGreaterThan(cost.top + cost.height)
  })
})

describe('axes', () => {
  test('hold the limit', () => expect(yScaleOf(panelOf('cost')).max).toBeGreaterThanOrEqual(50))

  test('a logarithmic one leaves out what is not positive', () => {
    const { min, max } = yScaleOf(panelOf('cost', { logarithmic: true }))
    expect(Number.isFinite(min) && Number.isFinite(max)).toBe(true)
  })

  test('shares reach from 0 to 1', () => expect(yScaleOf(panelOf('feasible'))).toMatchObject({ min: 0, max: 1 }))
})

test('every initialisation has its dash and marker, further ones of a role another', () => {
  const styles = initialisationStyles([
    { label: 'a', role: 'c-maml' },
    { label: 'b', role: 'c-maml' },
    { label: 'c', role: 'random' },
  ])
  const looks = [...styles.values()].map(({ role, dash, marker }) => JSON.stringify([role, dash, marker]))
  expect(new Set(looks).size).toBe(3)
  expect(styles.get('a')!.dash).toEqual([])
})

test('the option has a plot for each panel, and a line for each initialisation in it', () => {
  const colours = Object.fromEntries(cube.initialisations.map(({ role }) => [role, '#123456']))
  const theme = { paper: '#ffffff', alarm: '#ff0000', series: colours } as unknown as ChartTheme
  const option = figureOption(figure, { width: 1000, height: 400, type: 11 }, theme)
  const series = option['series'] as readonly { type: string; xAxisIndex: number }[]
  const lines = series.filter(({ type }) => type === 'line').map(({ xAxisIndex }) => xAxisIndex)
  expect(lines).toEqual([0, 0, 1, 1, 2, 2])
})

describe('the name of a level', () => {
  const plot = { x: 0, y: 0, width: 100, height: 100 }
  const name = { width: 30, height: 10 }
  test.each<[string, readonly (readonly [number, number])[], number, string]>([
    ['stands where it is usual', [], 50, 'right above'],
    ['leaves markers above in sight', [[90, 45]], 50, 'right below'],
    [
      'goes to the other side from markers above and below',
      [
        [90, 45],
        [80, 55],
      ],
      50,
      'left above',
    ],
    [
      'takes the place with fewest',
      [
        [90, 45],
        [80, 55],
        [95, 55],
        [10, 45],
        [12, 46],
        [10, 52],
        [12, 52],
      ],
      50,
      'right above',
    ],
    ['stays in the plot', [[90, 8]], 5, 'left below'],
  ])('%s', (_, points, y, expected) => {
    const { side, edge } = namePlace(plot, name, y, points, 'right')
    expect(`${side} ${edge}`).toBe(expected)
  })
})

test('a line is seen between its points too, as far as it is in the plot, and gaps stay gaps', () => {
  const seen = (points: [number, number][]) => alongLine(points, 5, { x: 0, width: 100 }).map(([x, y]) => `${x} ${y}`)
  expect(
    seen([
      [0, 0],
      [10, 20],
      [20, NaN],
      [30, 5],
    ]),
  ).toEqual(['0 0', '5 10', '10 20', '30 5'])
  expect(
    seen([
      [-1e7, 50],
      [1e7, 50],
    ]),
  ).toHaveLength(20)
})

describe('marks of lines', () => {
  test.each<[string, number[], number[]]>([
    ['stay at lines that are apart', [10, 50, 30], [10, 50, 30]],
    ['make room for each other, in their order', [50, 48, 49], [68, 48, 58]],
    ['stay in the plot', [98, 99], [90, 100]],
  ])('%s', (_, wanted, expected) => expect(placesApart(wanted, 10, 0, 100)).toEqual(expected))
})

describe('words', () => {
  test('tasks that there are none of cannot be chosen', () => {
    const disabled = taskOptions(cube).filter((option) => 'disabled' in option && option.disabled)
    expect(disabled.map(({ value }) => value)).toEqual(['held-out', 'unseen'])
  })

  test('an interval stands beside its value', () => {
    expect(formatEstimate(-1.234, null, null)).toBe('−1.23')
    expect(formatEstimate(2, 1.5, 2.5)).toBe('2.00 [1.50,\u00a02.50]')
    expect(formatEstimate(9.9, 8, 12.34)).toBe('9.9 [8.0,\u00a012.3]')
    expect(formatEstimate(0.0123, -0.004, 0.03)).toBe('0.012 [−0.004,\u00a00.030]')
    expect(formatEstimate(120.4, null, null)).toBe('120')
  })

  test('a value beside the limit is not written as the limit', () => {
    expect(formatEstimate(5.03, 3.3, 12, 5)).toBe('5.03 [3.30,\u00a012.00]')
    expect(formatEstimate(5, 3.3, 12, 5)).toBe('5.0 [3.3,\u00a012.0]')
    expect(formatSpread(5.004, 12, 5)).toBe('5.004\u00a0±\u00a012.000')
    expect(formatSpread(5.5, null)).toBe('5.50')
  })

  test('a comparison that lacks results says so', () => {
    expect(partialWords(part)).toBeNull()
    const gap = cubeOf(
      { labels: ['C-MAML', 'random'], replicates: 2, tasks: [1, 2], steps: 1 },
      { return: ({ initialisation, replicate }) => (initialisation === 1 && replicate === 1 ? Number.NaN : 0) },
    )
    expect(partialWords(completePart(gap))).toBe(
      '2 results left out, which not all initialisations have; not compared: seed 2/2',
    )
  })
})
