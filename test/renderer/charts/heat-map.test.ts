import { describe, expect, it } from 'vitest'
import { cssColour, divergingLight, sequential } from '../../../src/core/study/colour-map.ts'
import { colourDomain, shareOf } from '../../../src/core/study/colour-domain.ts'
import { columnEdges, paintCells } from '../../../src/renderer/charts/heat-map-option.ts'
import { formatDecade, formatDuration, formatTick, formatValue } from '../../../src/renderer/charts/format.ts'

describe('the heat map', () => {
  const columns = [
    { first: 1, last: 1 },
    { first: 2, last: 4 },
  ]

  it('paints columns as wide as they are long, the first task on top, holes as nothing', () => {
    const data = { columns, tasks: 2, values: new Float32Array([1, 2, NaN, 4]) }
    const edges = columnEdges(columns)
    const colours = (share: number) => 1 + Math.round(share * 3)
    const painting = { edges, range: { from: 0.5, to: 4.5 }, domain: { min: 1, middle: null, max: 4 }, colours }
    expect([...paintCells(data, { ...painting, width: 4, height: 2 })]).toEqual([1, 2, 2, 2, 0, 4, 4, 4])
  })

  it('puts the limit in the middle of the colours, whatever the values', () => {
    const domain = colourDomain([1, 100], 5)
    expect([1, 5, 100].map((value) => shareOf(value, domain))).toEqual([0, 0.5, 1])
    expect(shareOf(5, colourDomain([7, 9], 5))).toBe(0.5)
  })

  it('has the ends of the published colours, and grows lighter throughout', () => {
    expect([cssColour(sequential(0)), cssColour(sequential(1))]).toEqual(['#00224e', '#fee838'])
    const green = Array.from({ length: 32 }, (_, i) => (sequential(i / 31) >>> 8) & 255)
    expect(green).toEqual(green.toSorted((a, b) => a - b))
    expect(cssColour(divergingLight(0.5))).toMatch(/^#f/)
  })
})

describe('numbers', () => {
  it('on axes', () => {
    expect([formatTick(-0.5, 0.5), formatTick(20_000, 10_000), formatTick(1.5e6, 5e5)]).toEqual([
      '−0.5',
      '20 k',
      '1.5 M',
    ])
    expect([-5, 0, 2, 6].map(formatDecade)).toEqual(['10⁻⁵', '1', '100', '10⁶'])
  })

  it('in readouts', () => {
    expect([NaN, 0, 12.3456, 23_456, -0.25].map(formatValue)).toEqual(['–', '0', '12.35', '23,456', '−0.25'])
    expect([0.5, 60, 9000, 108_000].map(formatDuration)).toEqual(['0.5 s', '1 min', '2 h 30 min', '1 d 6 h'])
  })
})
