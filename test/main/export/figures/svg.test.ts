import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import type { Figure, Panel, Path } from '../../../../src/core/study/figure-data.ts'
import { renderSvg } from '../../../../src/main/export/figures/svg.ts'
import { type } from '../../../../src/main/export/figures/style.ts'
import { textWidth } from '../../../../src/main/export/figures/text.ts'
import { NASTY, curves, figure, intervals, layouts, paths, profile, series } from './figures.ts'

/** Refuses what is not well-formed XML, and says how large the drawing is. */
function parsed(svg: string): { width: number; height: number } {
  const { width, height } = new Resvg(svg, { font: { loadSystemFonts: false } })
  return { width, height }
}

/** The words on the page, as a reader sees them. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )
}

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length

it('the strictness that these tests rely on is there', () => {
  expect(() => parsed('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><g></svg>')).toThrow()
  expect(() => parsed('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text>&</text></svg>')).toThrow()
})

it('curves carry title, caption, axes, every label and the limit, in the colours of the initialisations', () => {
  const svg = renderSvg(figure(curves()))
  expect(parsed(svg).width).toBe(642)
  const texts = textsOf(svg)
  for (const text of [
    ...['Four initialisations', 'N = 106 tasks, 3 seeds.', 'Bands: SD.', 'adaptation step', 'episode cost (steps)'],
    ...['C-MAML', 'random', 'pre-trained', 'MAML', 'cost limit d = 5'],
  ])
    expect(texts).toContain(text)
  for (const colour of ['#0072b2', '#e69f00', '#009e73', '#d55e00']) {
    expect(svg).toMatch(new RegExp(`<polygon[^>]*fill="${colour}" fill-opacity="0.15"`))
    expect(svg).toMatch(new RegExp(`<path[^>]*fill="none"[^>]*stroke="${colour}"`))
  }
  // The limit: once in the legend, once across the panel.
  expect(count(svg, /stroke="#222222"[^>]*stroke-dasharray="5,3"/g)).toBe(2)
})

it('the same data make the same bytes, whatever was drawn before', () => {
  const all = figure(curves(), profile, intervals, paths)
  const first = renderSvg(all)
  renderSvg(figure(curves(), curves()))
  expect(renderSvg(all)).toBe(first)
  const ids = [...first.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)
  expect(ids.length).toBeGreaterThan(0)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, id] of first.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id)
})

it('names of users are text, never markup', () => {
  const named = (panel: Panel): Figure => ({ ...figure(panel), title: NASTY, caption: NASTY })
  const seen = `run <b>"a" & 'b'</b> ]]> &amp;   \ufffd {x|y} url(#zr0-c0)`
  const path: Path = { label: NASTY, role: 'maml', x: [0, 1], y: [0, 1], cost: [0, 1] }
  const labels = { title: NASTY, x: { label: NASTY }, y: { label: NASTY, unit: NASTY } }
  const panels: Panel[] = [
    curves({ ...labels, series: [series({ label: NASTY })], references: [{ label: NASTY, value: 1 }] }),
    { ...(intervals as Extract<Panel, { kind: 'intervals' }>), estimates: [{ label: NASTY, role: 'maml', value: 1 }] },
    { ...(paths as Extract<Panel, { kind: 'paths' }>), paths: [path] },
  ]
  for (const panel of panels) {
    const svg = renderSvg(named(panel))
    parsed(svg)
    expect(svg).not.toContain('<b>')
    expect(textsOf(svg).filter((text) => text.replace(/ +/g, ' ') === seen.replace(/ +/g, ' ')).length).toBeGreaterThan(
      0,
    )
  }
})

describe('data with holes', () => {
  it('no panel, no series, no point', () => {
    expect(textsOf(renderSvg(figure()))).toContain('Four initialisations')
    expect(textsOf(renderSvg(figure(curves({ series: [], references: [] }))))).toContain('no data')
    const svg = renderSvg(figure(curves({ series: [series({ x: [], mean: [], low: [], high: [] })], references: [] })))
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['no data', 'C-MAML (no data)']))
    expect(textsOf(renderSvg(figure({ ...intervals, estimates: [] } as Panel)))).toContain('no data')
    expect(textsOf(renderSvg(figure({ ...layouts, tasks: [] } as Panel)))).toContain('no tasks')
  })

  it('one point is a marker', () => {
    const bare = { label: 'C-MAML', role: 'c-maml', x: [3], mean: [1.5] } as const
    const markers = (svg: string) => count(svg, /<path[^>]*transform="matrix[^>]*fill="#0072b2"/g)
    expect(markers(renderSvg(figure(curves({ series: [bare] }))))).toBe(1)
  })

  it('a point between gaps stays visible on a long curve without markers', () => {
    const x = Array.from({ length: 100 }, (_, i) => i)
    const mean = x.map((i) => (i === 49 || i === 51 ? NaN : Math.sin(i)))
    const svg = renderSvg(figure(curves({ series: [{ label: 'C-MAML', role: 'c-maml', x, mean }] })))
    expect(count(svg, /transform="matrix[^>]*fill="#0072b2"/g)).toBe(1)
  })

  it('a band needs two finite ends: infinite ones of a single seed draw none', () => {
    const bands = (low?: number[], high?: number[]) =>
      count(
        renderSvg(figure(curves({ series: [{ ...series(), ...(low && high ? { low, high } : {}) }] }))),
        /<polygon/g,
      )
    expect(bands([0, 0, 0], [1, 1, 1])).toBe(1)
    expect(bands([-Infinity, -Infinity, -Infinity], [Infinity, Infinity, Infinity])).toBe(0)
    const { low: _low, high: _high, ...bare } = series()
    expect(renderSvg(figure(curves({ series: [bare] })))).not.toContain('<polygon')
  })

  it('a logarithmic axis leaves out what is not positive', () => {
    const svg = renderSvg(
      figure(
        curves({ logarithmic: true, references: [], series: [series({ mean: [100, 0.1, -1], high: [200, 1, 1] })] }),
      ),
    )
    parsed(svg)
    expect(svg).not.toContain('NaN')
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['0.1', '1', '10', '100', '1000']))
  })

  it('an infinite limit is no line', () => {
    const svg = renderSvg(figure(curves({ references: [{ label: 'no limit', value: Infinity }] })))
    expect(textsOf(svg)).not.toContain('no limit')
  })
})

it('intervals have labels, numbers and the line to hold them against', () => {
  const texts = textsOf(renderSvg(figure(intervals)))
  expect(texts).toEqual(
    expect.arrayContaining(['C-MAML', 'one seed only', 'no interval', 'no difference', '0.70 [0.60, 0.80]', '0.40']),
  )
})

it('numbers have the decimals of the narrowest interval, not of the axis', () => {
  const estimates = [
    { label: 'C-MAML', role: 'c-maml', value: 6.34, low: 6.02, high: 6.71 },
    { label: 'MAML', role: 'maml', value: 41.2, low: 38.1, high: 44.9 },
  ] as const
  const texts = textsOf(renderSvg(figure({ ...intervals, estimates, references: [] } as Panel)))
  expect(texts).toEqual(expect.arrayContaining(['6.34 [6.02, 6.71]', '41.20 [38.10, 44.90]']))
})

it('ticks of small numbers have room', () => {
  const estimates = [{ label: 'pre-trained', role: 'pre-trained', value: 0.0031, low: 0.002, high: 0.0069 }]
  const panel = { ...intervals, estimates, references: [] } as Panel
  const svg = renderSvg({ ...figure(panel, panel), columns: 2 })
  const labels = [...svg.matchAll(/<text[^>]*translate\(([\d.]+) [\d.]+\)[^>]*>(0\.\d+)<\/text>/g)]
  const places = labels.slice(0, labels.length / 2).map(([, x]) => Number(x))
  expect(places.length).toBeGreaterThan(1)
  for (let i = 1; i < places.length; i++)
    expect(places[i]! - places[i - 1]!).toBeGreaterThan(textWidth(labels[i]![2]!, type.tick) + 6)
})

it('a profile is a step function', () => {
  const svg = renderSvg(figure(profile))
  const line = /<path d="M([^"]*)"[^>]*stroke="#0072b2"[^>]*stroke-width="1.6"/.exec(
    svg.slice(svg.indexOf('<polygon')),
  )![1]!
  const points = line.split('L').map((point) => point.split(' ').map(Number))
  expect(points.length).toBe(5)
  for (let i = 1; i < points.length; i++)
    expect(points[i]![0] === points[i - 1]![0] || points[i]![1] === points[i - 1]![1]).toBe(true)
})

it('a map shows every object to scale, the trajectories, and the steps that cost', () => {
  const svg = renderSvg(figure(paths))
  parsed(svg)
  const map = svg.slice(svg.lastIndexOf('<rect'))
  const radii = [...map.matchAll(/<circle[^>]*r="([^"]*)"/g)].map(([, r]) => Number(r))
  // Goal (0.3 m), ten hazards (0.2 m), and the end of a path.
  expect(radii.length).toBe(12)
  expect(radii[0]! / radii[1]!).toBeCloseTo(1.5, 2)
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['C-MAML', 'random', 'hazard', 'vase', 'step with cost', '1 m']))
  expect(count(map, /stroke="#c00022"/g)).toBe(1)
  // The random path goes 2.5 m off, beyond the 2 m of the world: the map of 320 pixels grows with it.
  expect(radii[0]).toBeCloseTo((0.3 * 320) / (2 * 2.5 * 1.04), 2)
})

it('117 layouts fit one page, each with its seed', () => {
  const svg = renderSvg(figure(layouts))
  const { height } = parsed(svg)
  // 297 mm of A4 at 96 pixels an inch, less margins.
  expect(height).toBeLessThan(950)
  const texts = textsOf(svg)
  for (let seed = 0; seed <= 116; seed++) expect(texts).toContain(String(seed))
  expect(count(svg, /fill="#fcfcfa"/g)).toBe(117)
  expect(svg.length).toBeLessThan(300_000)
})

it('nothing in the legend or the caption runs out of the page, however long', () => {
  const word = 'averylongnamewithoutspaces'
  const long = Array.from({ length: 12 }, (_, i) =>
    series({ label: `${word} ${i} `.repeat(1 + (i % 5)), role: 'other-1' }),
  )
  const svg = renderSvg({ ...figure(curves({ series: long })), caption: word.repeat(20), title: `${word} `.repeat(9) })
  for (const [, x, size, text] of svg.matchAll(/<text x="([^"]*)" y="[^"]*" font-size="([^"]*)"[^>]*>([^<]*)</g)) {
    if (!text!.includes('name')) continue
    expect(8 + Number(x) + textWidth(text!, { size: Number(size) })).toBeLessThanOrEqual(642)
  }
})

it('runs of one role are told apart by their dashes', () => {
  const svg = renderSvg(
    figure(curves({ series: ['a', 'b', 'c'].map((label) => series({ label, role: 'c-maml' })), references: [] })),
  )
  const dashes = [
    ...svg.matchAll(/<path d="M[^"]*h26" stroke="#0072b2" stroke-width="1.6"(?: stroke-dasharray="([^"]*)")?/g),
  ]
  expect(new Set(dashes.map(([, dash]) => dash)).size).toBe(3)
})

it('data that do not fit together are refused by name', () => {
  const refused = (panel: Panel) => () => renderSvg(figure(panel))
  expect(refused(curves({ series: [series({ mean: [1] })] }))).toThrow(
    'figure-4, panel "Cost", series "C-MAML": mean has 1 values, x has 3',
  )
  expect(refused(curves({ series: [series({ low: [1] })] }))).toThrow('low has 1 values')
  expect(refused(curves({ series: [series({ x: [0, 2, 1] })] }))).toThrow('x must ascend, but x[2] is 1')
  expect(refused(curves({ series: [series({ x: [0, NaN, 1] })] }))).toThrow('x[1] is NaN')
  expect(refused({ ...paths, layout: { hazards: [], vases: [] } } as unknown as Panel)).toThrow('environment-2 has 10')
  for (const id of ['', '../x', 'a/b', 'A', 'x'.repeat(101)])
    expect(() => renderSvg({ ...figure(), id })).toThrow('lower-case letters')
  expect(() => renderSvg({ ...figure(), columns: 0 })).toThrow('columns must be a positive integer')
})
