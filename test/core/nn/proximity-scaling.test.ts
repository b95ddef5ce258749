import { describe, expect, it } from 'vitest'
import { pointGoalScaling, proximityScaling } from '../../../src/core/nn/observation-scaling.ts'
import { LIDAR_BINS, addToLidar } from '../../../src/core/env/lidar.ts'

const SENSORS = 12
const SIZE = SENSORS + LIDAR_BINS

/** A raw observation of one object straight ahead. */
function observe(distance: number): Float64Array {
  const raw = Float64Array.from({ length: SIZE }, (_, i) => (i < SENSORS ? 0.1 * i - 0.4 : 0))
  addToLidar(raw, SENSORS, distance, 0, { x: 0, y: 0, cos: 1, sin: 0 })
  return raw
}

function scaled(raw: Float64Array): Float32Array {
  const out = new Float32Array(SIZE)
  proximityScaling(SIZE).apply(raw, out, 0)
  return out
}

describe('proximityScaling', () => {
  it('maps the distance of the object in a bin: centre, border of a hazard, out of sight', () => {
    const brightest = (distance: number) => Math.max(...scaled(observe(distance)).subarray(SENSORS))
    expect(brightest(0)).toBeCloseTo(3, 5)
    expect(brightest(0.2)).toBeCloseTo(1, 5)
    expect(brightest(0.6)).toBeCloseTo(0, 5)
    expect(brightest(5)).toBeCloseTo(-0.75, 5)
  })

  it('falls with distance, steepest near the object', () => {
    const at = [0, 0.1, 0.2, 0.4, 0.8, 1.6, 2.9].map((distance) =>
      Math.max(...scaled(observe(distance)).subarray(SENSORS)),
    )
    const slopes = at.slice(1).map((value, i) => at[i]! - value)
    for (const slope of slopes) expect(slope).toBeGreaterThan(0)
    expect(slopes[0]! / 0.1).toBeGreaterThan(10 * (slopes[4]! / 0.8))
  })

  it('leaves the sensors as the affine scaling has them', () => {
    const raw = observe(1)
    const affine = new Float32Array(SIZE)
    pointGoalScaling(SIZE).apply(raw, affine, 0)
    expect([...scaled(raw).subarray(0, SENSORS)]).toEqual([...affine.subarray(0, SENSORS)])
  })
})
