import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import type { MatrixPanel, ParallelPanel, ScatterPanel } from '../../../../src/core/study/figure-data.ts'
import { renderCsv } from '../../../../src/main/export/figures/csv.ts'
import { renderSvg } from '../../../../src/main/export/figures/svg.ts'
import { figure, NASTY } from './figures.ts'

const scatter: ScatterPanel = {
  kind: 'scatter',
  title: 'C-MAML',
  x: { label: 'episode cost', unit: 'steps', include: [80] },
  y: { label: 'episode return' },
  groups: [
    {
      label: 'C-MAML',
      role: 'c-maml',
      points: [
        { name: 'task 1', x: 2, y: 1.5, from: { x: 40, y: 0.5 } },
        { name: 'task 3', x: 6, y: 1, from: { x: 6, y: 1 } },
        { name: 'task 5', x: 0, y: 2 },
      ],
    },
  ],
  references: [{ label: 'cost limit d = 5', value: 5 }],
}

const matrix: MatrixPanel = {
  kind: 'matrix',
  title: 'Cost',
  x: { label: 'task' },
  value: { label: 'cost' },
  rows: ['C-MAML', 'random'],
  columns: ['1', '3', '5'],
  values: [0, 5, 12, 3, NaN, 40],
  middle: 5,
}

const parallel: ParallelPanel = {
  kind: 'parallel',
  title: '',
  axes: [
    { path: 'meta.lambda.mode', kind: 'category', categories: ['adaptive', 'off'], values: [0, 1, 0] },
    { path: 'meta.kl', kind: 'logarithmic', values: [0.01, null, 0.3] },
    { path: 'seed', kind: 'linear', values: [1, 2, 3] },
    { path: 'best return within d', kind: 'linear', values: [1.2, 0.4, null] },
  ],
  names: ['A', 'B', 'C'],
}

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length
const parsed = (svg: string) => new Resvg(svg, { font: { loadSystemFonts: false } })

describe('tasks as points', () => {
  it('stand on a marker each, with an arrow from where they were and the limit across', () => {
    const svg = renderSvg(figure(scatter))
    parsed(svg)
    // One in the legend.
    expect(count(svg, /<(path|circle)[^>]*fill="#0072b2"[^>]*stroke="#ffffff"/g)).toBe(3)
    // Of a task that did not move, an arrow of no length.
    expect(count(svg, /<path[^>]*stroke="#0072b2"[^>]*stroke-opacity="0.4"/g)).toBe(2)
    expect(count(svg, /<polygon|<path[^>]*fill="#0072b2" fill-opacity="0.4"/g)).toBe(1)
    expect(count(svg, /stroke="#222222"[^>]*stroke-dasharray="5,3"/g)).toBe(2)
    for (const text of ['episode cost (steps)', 'episode return', 'cost limit d = 5', '80'])
      expect(svg).toContain(`>${text}<`)
  })

  it('leave out what a logarithmic axis has no place for', () => {
    const svg = renderSvg(figure({ ...scatter, x: { ...scatter.x, logarithmic: true } }))
    expect(count(svg, /<(path|circle)[^>]*fill="#0072b2"[^>]*stroke="#ffffff"/g)).toBe(2)
  })

  it('stand over the names of a category', () => {
    const x = { label: 'method', categories: ['meta', 'pre-train'] }
    const points = [
      { name: 'A', x: 0, y: 1 },
      { name: 'B', x: 1, y: 2 },
    ]
    const panel: ScatterPanel = { ...scatter, x, groups: [{ label: 'C-MAML', role: 'c-maml', points }], references: [] }
    const svg = renderSvg(figure(panel))
    for (const name of x.categories) expect(svg).toContain(`>${name}<`)
    expect(renderCsv(figure(panel))).toMatch(
      /,point,C-MAML,meta,,,,,,,1,,,,A\n.*,point,C-MAML,pre-train,,,,,,,2,,,,B\n/,
    )
  })

  it('are in the table with where they came from, and the limit', () => {
    const rows = renderCsv(figure(scatter)).trim().split('\n').slice(2)
    expect(rows.map((row) => row.split(',').slice(3).join())).toEqual([
      'start,C-MAML,40,,,,,,,0.5,,,,task 1',
      'point,C-MAML,2,,,,,,,1.5,,,,task 1',
      'start,C-MAML,6,,,,,,,1,,,,task 3',
      'point,C-MAML,6,,,,,,,1,,,,task 3',
      'point,C-MAML,0,,,,,,,2,,,,task 5',
      'reference,cost limit d = 5,,5,,,,,,,,,,',
    ])
  })
})

describe('tasks as cells', () => {
  const cells = (svg: string) =>
    [...svg.matchAll(/<rect x="[\d.]+" y="(\d+)" width="[\d.]+" height="19" fill="(#\w+)"/g)].map(([, y, fill]) => ({
      row: Number(y) / 20,
      blue: parseInt(fill!.slice(5, 7), 16) - parseInt(fill!.slice(1, 3), 16),
    }))

  it('have a colour on their side of the limit, and none where there is no result', () => {
    const svg = renderSvg(figure(matrix))
    parsed(svg)
    const drawn = cells(svg)
    expect(drawn.map(({ row }) => row)).toEqual([0, 0, 0, 1, 1])
    // 0 and 3 are below the limit, 12 and 40 above.
    expect(drawn.map(({ blue }) => Math.sign(Math.abs(blue) < 8 ? 0 : blue))).toEqual([1, 0, -1, 1, -1])
    for (const text of ['C-MAML', 'random', 'task', 'cost', '0.0', '5.0', '40.0']) expect(svg).toContain(`>${text}<`)
  })

  it('are in the table, one by one', () => {
    const rows = renderCsv(figure(matrix)).trim().split('\n').slice(2)
    expect(rows).toHaveLength(6)
    expect(rows[2]!.split(',').slice(3)).toEqual(['cell', 'C-MAML', '', '12', ...Array(9).fill(''), '5'].slice(0, 14))
  })

  it('that do not fit their rows and columns are refused', () => {
    expect(() => renderSvg(figure({ ...matrix, values: [1] }))).toThrow('1 values for 2 x 3 cells')
  })
})

describe('runs as lines through their settings', () => {
  it('are those with a result; a setting that one does not read is a gap', () => {
    const svg = renderSvg(figure(parallel))
    parsed(svg)
    const lines = [...svg.matchAll(/<path d="([^"]+)" fill="none"[^>]*><title>(\w)<\/title>/g)]
    expect(lines.map(([, , name]) => name)).toEqual(['B', 'A'])
    expect(lines.map(([, d]) => count(d!, /M/g))).toEqual([2, 1])
    for (const text of ['lambda.mode', 'adaptive', 'best return within d']) expect(svg).toContain(`>${text}<`)
  })

  it('are in the table, every run with every setting', () => {
    const rows = renderCsv(figure(parallel)).trim().split('\n').slice(2)
    expect(rows).toHaveLength(12)
    expect(rows[0]).toMatch(/,value,A,,adaptive,.*,meta\.lambda\.mode$/)
    expect(rows[5]).toMatch(/,value,B,,,.*,meta\.kl$/)
  })
})

it('names of users are text, never markup', () => {
  const group = { label: NASTY, role: 'maml' as const, points: [{ name: NASTY, x: 1, y: 1 }] }
  const panels = [
    { ...scatter, title: NASTY, x: { label: NASTY, categories: [NASTY, NASTY] }, groups: [group] },
    { ...matrix, title: NASTY, rows: [NASTY, 'b'], columns: [NASTY, NASTY, NASTY], value: { label: NASTY } },
    {
      ...parallel,
      title: NASTY,
      names: [NASTY, NASTY, NASTY],
      axes: parallel.axes.map((axis) => ({ ...axis, path: NASTY })),
    },
  ]
  for (const panel of panels) {
    const svg = renderSvg(figure(panel))
    parsed(svg)
    expect(svg).not.toContain('<b>')
    expect(svg).toContain('&lt;b&gt;')
  }
})
