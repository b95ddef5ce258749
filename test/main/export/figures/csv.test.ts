import { expect, it } from 'vitest'
import { csvColumns, renderCsv } from '../../../../src/main/export/figures/csv.ts'
import { curves, figure, intervals, layouts, paths, series } from './figures.ts'

/** Rows by column, as RFC 4180 has them. */
function parse(csv: string): Record<string, string>[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain!)
    if (end === '\n') rows.push([])
  }
  const [header, ...body] = rows.filter((row) => row.length > 0)
  return body.map((row) => Object.fromEntries(header!.map((name, i) => [name, row[i]!])))
}

it('numbers come back with the same bits', () => {
  const mean = [0.1 + 0.2, 1 / 3, -1e-7, -0, Number.MIN_VALUE, Number.MAX_VALUE, NaN]
  const high = [1, 2, 3, 4, 5, 6, Infinity]
  const x = mean.map((_, i) => i * 1e6)
  const rows = parse(renderCsv(figure(curves({ series: [series({ x, mean, low: mean, high })] }))))
  const points = rows.filter(({ kind }) => kind === 'point')
  expect(points.map((row) => Number(row.mean))).toEqual(mean)
  expect(Object.is(Number(points[3]!.mean), -0)).toBe(true)
  expect(points.map((row) => Number(row.high))).toEqual(high)
  expect(points.map((row) => Number(row.x))).toEqual(x)
  expect(points[0]).toMatchObject({
    figure: 'figure-4',
    panel: 'a',
    title: 'Cost',
    series: 'C-MAML',
    n: '318',
    seed: '',
  })
  expect(rows.at(-1)).toMatchObject({ kind: 'reference', series: 'cost limit d = 5', mean: '5', x: '' })
})

it('labels with commas, quotes and line breaks stay in their cell', () => {
  const label = 'a, "b"\nc <&>'
  const [caption, row] = parse(renderCsv(figure(curves({ series: [series({ label, n: [3, 2, 1] })] }))))
  expect(row).toMatchObject({ series: label, n: '3' })
  expect(Object.keys(row!)).toEqual([...csvColumns])
  expect(caption).toMatchObject({
    kind: 'caption',
    title: 'Four initialisations',
    series: 'N = 106 tasks, 3 seeds. Bands: SD.',
  })
})

it('holds no formula that a spreadsheet would run; numbers stay numbers', () => {
  const [, row] = parse(renderCsv(figure(curves({ series: [{ ...series(), label: '=1+1', mean: [-0.5] }] }))))
  expect(row).toMatchObject({ series: "'=1+1", mean: '-0.5' })
})

it('missing bands are empty cells', () => {
  const { low: _low, high: _high, n: _n, ...bare } = series()
  const [, row] = parse(renderCsv(figure(curves({ series: [bare] }))))
  expect(row).toMatchObject({ mean: String(0.1 + 0.2), low: '', high: '', n: '' })
})

it('estimates have a row each', () => {
  const rows = parse(renderCsv(figure(curves(), intervals))).filter(({ panel }) => panel === 'b')
  expect(rows.map(({ kind, series, mean, low }) => [kind, series, mean, low])).toEqual([
    ['estimate', 'C-MAML', '0.7', '0.6'],
    ['estimate', 'one seed only', '0.5', '-Infinity'],
    ['estimate', 'no interval', '0.4', ''],
    ['reference', 'no difference', '0.5', ''],
  ])
})

it('maps have a row for each step and each object', () => {
  const rows = parse(renderCsv(figure(paths)))
  const count = (kind: string) => rows.filter((row) => row.kind === kind).length
  expect(['step', 'robot', 'goal', 'hazard', 'vase'].map(count)).toEqual([5, 1, 1, 10, 10])
  expect(rows[2]).toMatchObject({ series: 'C-MAML', step: '1', x: '0.5', y: '0.25', cost: '1' })
  expect(rows.find(({ kind }) => kind === 'hazard')).toMatchObject({ size: '0.2' })

  const [, ...grid] = parse(renderCsv(figure(layouts)))
  expect(grid.length).toBe(117 * 22)
  expect(new Set(grid.map(({ seed }) => seed)).size).toBe(117)
})
