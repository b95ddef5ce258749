import { describe, expect, it } from 'vitest'
import { formatX } from '../../../src/renderer/charts/format.ts'
import { between, firstAtLeast, nearest, pan, showsAll, union, zoom } from '../../../src/renderer/charts/x-range.ts'

const full = { from: 0, to: 100 }

describe('the visible range', () => {
  it('zooms around the pointer', () => {
    expect(zoom(full, 0.5, 20, full, 1)).toEqual({ from: 10, to: 60 })
  })

  it('never leaves the values nor gets narrower than the least', () => {
    expect(zoom({ from: 0, to: 10 }, 4, 5, full, 1)).toEqual({ from: 0, to: 40 })
    expect(zoom(full, 0.001, 50, full, 10)).toEqual({ from: 45, to: 55 })
    expect(pan({ from: 80, to: 95 }, 50, full)).toEqual({ from: 85, to: 100 })
    expect(between(1, 0, full, 4)).toEqual({ from: 0, to: 4 })
  })

  it('knows when nothing is hidden', () => {
    expect(showsAll({ from: 0, to: 100 }, full)).toBe(true)
    expect(showsAll({ from: 0, to: 99 }, full)).toBe(false)
  })

  it('is the union of its panels', () => {
    expect(
      union([
        { from: 3, to: 4 },
        { from: 1, to: 2 },
      ]),
    ).toEqual({ from: 1, to: 4 })
    expect(union([])).toBeNull()
  })
})

describe('looking up places', () => {
  const xs = [1, 4, 10]
  it('finds the nearest', () => {
    expect([-5, 2, 3, 7.5, 99].map((x) => nearest(xs, x))).toEqual([0, 0, 1, 2, 2])
    expect(nearest([], 1)).toBe(-1)
  })
  it('reads midway what the label, which rounds, says', () => {
    expect([2.5, 5.5].map((x) => [nearest([2, 3, 5, 6], x), formatX('iteration', x)])).toEqual([
      [1, '3'],
      [3, '6'],
    ])
  })
  it('finds the first at least as large', () => {
    expect([0, 1, 2, 10, 11].map((x) => firstAtLeast(xs, x))).toEqual([0, 0, 1, 2, 3])
  })
})
