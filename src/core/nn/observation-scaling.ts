/** What turns a raw observation into a network's input: clip((x - offset) * gain, -limit, limit) per component. */
export interface ObservationScaling {
  readonly size: number
  /** Reads raw[0 .. size), writes out[at .. at + size). */
  apply(raw: Float64Array, out: Float32Array, at: number): void
}

export interface AffineCoefficients {
  readonly offset: Float64Array
  readonly gain: Float64Array
  readonly limit: Float64Array
}

export function affineScaling({ offset, gain, limit }: AffineCoefficients): ObservationScaling {
  const size = offset.length
  return {
    size,
    apply(raw, out, at) {
      for (let i = 0; i < size; i++) {
        const x = (raw[i]! - offset[i]!) * gain[i]!
        const bound = limit[i]!
        out[at + i] = x > bound ? bound : x < -bound ? -bound : x
      }
    },
  }
}

/** Offset, gain and limit of the twelve sensor values: accelerometer, velocimeter, gyro, magnetometer (3 each). */
const SENSORS: readonly (readonly [offset: number, gain: number, limit: number])[] = [
  [0, 0.2, 3],
  [0, 0.1, 3],
  [9.81, 1, 1], // gravity: constant in the plane
  [0, 2, Infinity],
  [0, 3, Infinity],
  [0, 1, Infinity],
  [0, 1, Infinity],
  [0, 1, Infinity],
  [0, 0.3, 3],
  [0, 2, Infinity],
  [0, 2, Infinity],
  [0, 1, Infinity],
]

/** Of the lidars (16 bins each) that follow the sensors. */
const LIDAR = [0.3, 4, Infinity] as const

/**
 * Fixed coefficients for Point-Goal observations. Without them nothing is learnt: raw lidar differs by a few hundredths
 * between "free" and "blocked". Measured on training tasks (docs/method.md, Observation scaling).
 */
export function pointGoalCoefficients(observationSize: number): AffineCoefficients {
  const column = (index: 0 | 1 | 2) =>
    Float64Array.from({ length: observationSize }, (_, i) => (SENSORS[i] ?? LIDAR)[index])
  return { offset: column(0), gain: column(1), limit: column(2) }
}

export const pointGoalScaling = (observationSize: number): ObservationScaling =>
  affineScaling(pointGoalCoefficients(observationSize))

/** Index of the first lidar bin. */
export const SENSOR_COUNT = SENSORS.length
/** Of Safety-Gymnasium's lidar (bases/base_task.py: `max_dist`), metres: a bin is (3 - distance) / 3. */
export const LIDAR_RANGE = 3
/** Half of the proximity scale lies within this distance of an object's centre; the radius of a hazard, metres. */
export const NEAR = 0.2

/**
 * Sensors as above; a lidar bin becomes 4 NEAR / (distance + NEAR) - 1: -0.75 out of sight, 1 at a hazard's border, 3 at
 * its centre. What a step costs is decided within some 20 cm, a twelfth of an affine lidar's scale.
 */
export function proximityScaling(observationSize: number): ObservationScaling {
  const affine = pointGoalScaling(observationSize)
  return {
    size: observationSize,
    apply(raw, out, at) {
      affine.apply(raw, out, at)
      for (let i = SENSOR_COUNT; i < observationSize; i++)
        out[at + i] = (4 * NEAR) / (LIDAR_RANGE * (1 - raw[i]!) + NEAR) - 1
    },
  }
}

/** Count, mean and sum of squared deviations per component of raw observations (Chan, Golub & LeVeque, 1983). */
export interface RunningMoments {
  readonly count: number
  readonly mean: Float64Array
  readonly squares: Float64Array
}

export const emptyMoments = (size: number): RunningMoments => ({
  count: 0,
  mean: new Float64Array(size),
  squares: new Float64Array(size),
})

export function mergeMoments(a: RunningMoments, b: RunningMoments): RunningMoments {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const count = a.count + b.count
  const mean = a.mean.map((value, i) => value + ((b.mean[i]! - value) * b.count) / count)
  const squares = a.squares.map((value, i) => {
    const delta = b.mean[i]! - a.mean[i]!
    return value + b.squares[i]! + (delta * delta * a.count * b.count) / count
  })
  return { count, mean, squares }
}

/** Wraps a scaling so that it also accumulates the moments of what passes through it. */
export function recordMoments(scaling: ObservationScaling): ObservationScaling & { moments(): RunningMoments } {
  let count = 0
  const mean = new Float64Array(scaling.size)
  const squares = new Float64Array(scaling.size)
  return {
    size: scaling.size,
    apply(raw, out, at) {
      count++
      for (let i = 0; i < scaling.size; i++) {
        const delta = raw[i]! - mean[i]!
        mean[i]! += delta / count
        squares[i]! += delta * (raw[i]! - mean[i]!)
      }
      scaling.apply(raw, out, at)
    },
    moments: () => ({ count, mean: mean.slice(), squares: squares.slice() }),
  }
}

/** Five of the twelve proprioceptive inputs are constant in free motion: without a floor 1/sd explodes. */
const VARIANCE_FLOOR = 1e-2
const RUNNING_LIMIT = 5

/** Standardisation by running moments; the identity (clipped) before the first data. */
export function runningCoefficients({ count, mean, squares }: RunningMoments): AffineCoefficients {
  return {
    offset: mean,
    gain: squares.map((sum) => (count > 1 ? 1 / Math.sqrt(Math.max(sum / count, VARIANCE_FLOOR)) : 1)),
    limit: new Float64Array(mean.length).fill(RUNNING_LIMIT),
  }
}

export const runningScaling = (moments: RunningMoments): ObservationScaling =>
  affineScaling(runningCoefficients(moments))
