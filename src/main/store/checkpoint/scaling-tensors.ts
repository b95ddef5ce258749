import { scalingCoefficients } from '../../../core/training/scaling-coefficients.ts'
import type { Checkpoint } from '../store.ts'
import type { Tensor } from './safetensors.ts'

const PREFIX = 'scaling.'

export const isScalingTensor = (name: string): boolean => name.startsWith(PREFIX)

/**
 * How a policy's input comes from a raw observation, for programs that do not know this one's configurations: F64
 * `scaling.offset`, `.gain` and `.limit`, one number per component. Where there is no limit, it is the largest number,
 * since a file holds none that is not finite.
 */
export function scalingTensors({ config, state }: Checkpoint): Map<string, Tensor> {
  const { offset, gain, limit } = scalingCoefficients(config, state).affine
  const finite = limit.map((value) => Math.min(value, Number.MAX_VALUE))
  return new Map(
    Object.entries({ offset, gain, limit: finite }).map(([name, data]) => [
      `${PREFIX}${name}`,
      { dtype: 'F64', shape: [data.length], data } as const,
    ]),
  )
}
