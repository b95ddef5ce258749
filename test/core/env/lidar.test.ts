import { describe, expect, it } from 'vitest'
import { LIDAR_BINS, addToLidar } from '../../../src/core/env/lidar.ts'
import type { Viewpoint } from '../../../src/core/env/lidar.ts'

const origin: Viewpoint = { x: 0, y: 0, cos: 1, sin: 0 }
const binAngle = (2 * Math.PI) / LIDAR_BINS

/** The lidar of one object at a distance and a bearing in bins. */
function look(distance: number, bearing: number, view = origin): number[] {
  const out = new Float64Array(LIDAR_BINS)
  const heading = Math.atan2(view.sin, view.cos)
  const angle = heading + bearing * binAngle
  addToLidar(out, 0, view.x + distance * Math.cos(angle), view.y + distance * Math.sin(angle), view)
  return [...out]
}

describe('addToLidar', () => {
  it('lights the bin of the bearing by closeness and its neighbours by nearness', () => {
    const bins = look(1.5, 5.25)
    expect(bins[5]).toBeCloseTo(0.5, 12)
    expect(bins[6]).toBeCloseTo(0.5 * 0.25, 12)
    expect(bins[4]).toBeCloseTo(0.5 * 0.75, 12)
    expect(bins.filter((value) => value === 0)).toHaveLength(LIDAR_BINS - 3)
  })

  it('wraps around behind bin 0 and before bin 15', () => {
    const first = look(0.75, 0.5)
    expect([first[15], first[0], first[1]]).toEqual([0.375, 0.75, 0.375].map((value) => expect.closeTo(value, 12)))
    const last = look(0.75, 15.5)
    expect([last[14], last[15], last[0]]).toEqual([0.375, 0.75, 0.375].map((value) => expect.closeTo(value, 12)))
  })

  it('is continuous across the border of two bins, and across straight ahead', () => {
    for (const border of [0, 1, 7, 8, 15, 16]) {
      const before = look(1, border - 1e-9)
      const after = look(1, border + 1e-9)
      before.forEach((value, bin) => expect(value).toBeCloseTo(after[bin]!, 8))
    }
  })

  it('puts a bearing that rounds to a full turn into bin 0', () => {
    const out = new Float64Array(LIDAR_BINS)
    addToLidar(out, 0, 1, -1e-20, origin)
    expect(out[0]).toBeCloseTo(2 / 3, 12)
    expect(out[15]).toBeCloseTo(2 / 3, 12)
    expect(out[1]).toBe(0)
  })

  it('does not see beyond three metres', () => {
    expect(look(3, 2.5).every((value) => value === 0)).toBe(true)
    expect(Math.max(...look(2.999, 2.5))).toBeGreaterThan(0)
  })

  it('keeps the brightest of several objects in a bin', () => {
    const out = new Float64Array(LIDAR_BINS)
    addToLidar(out, 0, 1, 0.1, origin)
    const near = out[0]
    addToLidar(out, 0, 2, 0.2, origin)
    expect(out[0]).toBe(near)
  })

  it('sees the same from every place and heading, in its own part of the output', () => {
    const view = { x: 1.2, y: -0.7, cos: Math.cos(2.1), sin: Math.sin(2.1) }
    const expected = look(0.8, 11.4)
    look(0.8, 11.4, view).forEach((value, bin) => expect(value).toBeCloseTo(expected[bin]!, 12))
    const out = new Float64Array(3 * LIDAR_BINS)
    addToLidar(out, LIDAR_BINS, 0.5, 0.5, origin)
    expect(Math.max(...out.subarray(0, LIDAR_BINS), ...out.subarray(2 * LIDAR_BINS))).toBe(0)
  })
})
