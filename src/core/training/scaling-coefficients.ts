// What `scalingOf` does to observations, as numbers: for programs that act without this one.
import type { RunConfig } from '../config/settings.ts'
import {
  LIDAR_RANGE,
  NEAR,
  pointGoalCoefficients,
  runningCoefficients,
  SENSOR_COUNT,
  type AffineCoefficients,
} from '../nn/observation-scaling.ts'
import { policyShapeOf, type TrainingState } from './state.ts'

/**
 * clip((x - offset) * gain, -limit, limit) per component. Under proximity, components from `lidarFrom` on have gain 0
 * and, in place of it, `LIDAR_PEAK` / (1 + u) - 1 with u = `LIDAR_STEEPNESS` (1 - x).
 */
export interface ScalingCoefficients {
  readonly affine: AffineCoefficients
  /** null: every component is affine. */
  readonly lidarFrom: number | null
}

// 4 NEAR / (RANGE (1 - x) + NEAR) - 1 of `proximityScaling`, with numerator and denominator divided by NEAR.
export const LIDAR_PEAK = 4
export const LIDAR_STEEPNESS = LIDAR_RANGE / NEAR

export function scalingCoefficients(
  config: RunConfig,
  { moments }: Pick<TrainingState, 'moments'>,
): ScalingCoefficients {
  const { observationSize } = policyShapeOf(config)
  switch (config.observationScaling) {
    case 'running':
      return { affine: runningCoefficients(moments), lidarFrom: null }
    case 'affine':
      return { affine: pointGoalCoefficients(observationSize), lidarFrom: null }
    case 'proximity': {
      const { offset, gain, limit } = pointGoalCoefficients(observationSize)
      const sensorsOnly = (values: Float64Array) => values.map((value, i) => (i < SENSOR_COUNT ? value : 0))
      return { affine: { offset: sensorsOnly(offset), gain: sensorsOnly(gain), limit }, lidarFrom: SENSOR_COUNT }
    }
  }
}
