// A trained policy as other programs need it: everything between a raw observation and the distribution of the action,
// without the training state around it.
import { logStdOf, policyTensors, type PolicyShape } from '../../../core/nn/policy.ts'
import {
  LIDAR_PEAK,
  scalingCoefficients,
  type ScalingCoefficients,
} from '../../../core/training/scaling-coefficients.ts'
import { policyShapeOf } from '../../../core/training/state.ts'
import type { Checkpoint } from '../../store/store.ts'

/** One dense layer. */
export interface DenseLayer {
  readonly inputs: number
  readonly outputs: number
  /** Row-major, [inputs x outputs]. */
  readonly kernel: Float32Array
  /** [outputs] */
  readonly bias: Float32Array
}

export interface ActingPolicy {
  readonly shape: PolicyShape
  readonly scaling: ScalingCoefficients
  /** With tanh after each. */
  readonly hidden: readonly DenseLayer[]
  /** Linear. */
  readonly head: DenseLayer
  /** [actionSize]; the same in every state. */
  readonly logStd: Float32Array
}

export function actingPolicy({ config, state }: Checkpoint): ActingPolicy {
  const shape = policyShapeOf(config)
  const { theta } = state
  const slices = new Map(policyTensors(shape).map((slice) => [slice.name, slice]))
  const tensor = (name: string) => {
    const { offset, size } = slices.get(name)!
    return theta.subarray(offset, offset + size)
  }
  const hidden = shape.hidden.map((outputs, layer) => ({
    inputs: shape.hidden[layer - 1] ?? shape.observationSize,
    outputs,
    kernel: tensor(`hidden${layer}.kernel`),
    bias: tensor(`hidden${layer}.bias`),
  }))
  const inputs = shape.hidden.at(-1)!
  const outputs = shape.actionSize
  const kernel = transposed(tensor('head.kernel'), outputs, inputs)
  return {
    shape,
    scaling: scalingCoefficients(config, state),
    hidden,
    head: { inputs, outputs, kernel, bias: tensor('head.bias') },
    logStd: logStdOf(shape, theta),
  }
}

/** @param matrix row-major, [rows x columns] */
function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(matrix, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!)
}

/** A scaling for programs that compute in float32; all vectors are [observationSize]. */
export interface SingleScaling {
  readonly offset: Float32Array
  readonly gain: Float32Array
  /** Is added after the gain: what rounding the offset to float32 has taken away, which a large gain would show. */
  readonly shift: Float32Array
  /** Finite: where there is no limit, the largest float32. */
  readonly limit: Float32Array
  /** Lidar terms, zero where there are none: `lidarGain` * softsign(steepness (1 - x)) + `lidarShift`. */
  readonly lidar: { readonly gain: Float32Array; readonly shift: Float32Array } | null
}

const LARGEST_SINGLE = 2 ** 128 - 2 ** 104

/** 1 / (1 + u) = 1 - softsign(u) for u >= 0, and a lidar bin never exceeds 1. */
export function inSingles({ affine, lidarFrom }: ScalingCoefficients): SingleScaling {
  const offset = Float32Array.from(affine.offset)
  const fromLidar = (value: number) =>
    Float32Array.from(affine.offset, (_, i) => (i < (lidarFrom ?? Infinity) ? 0 : value))
  return {
    offset,
    gain: Float32Array.from(affine.gain),
    shift: Float32Array.from(affine.gain, (gain, i) => (offset[i]! - affine.offset[i]!) * gain),
    limit: Float32Array.from(affine.limit, (limit) => Math.min(limit, LARGEST_SINGLE)),
    lidar: lidarFrom === null ? null : { gain: fromLidar(-LIDAR_PEAK), shift: fromLidar(LIDAR_PEAK - 1) },
  }
}
