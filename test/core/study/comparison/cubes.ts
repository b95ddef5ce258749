import {
  cellAt,
  CUBE_QUANTITIES,
  type Cube,
  type CubeQuantity,
  type CubeTask,
} from '../../../../src/core/study/comparison/cube.ts'

export interface CubeShape {
  readonly labels: readonly string[]
  readonly replicates: number
  readonly tasks: readonly number[]
  readonly steps: number
  readonly costLimit?: number
  readonly origin?: (seed: number) => CubeTask['origin']
  readonly bestReturn?: number | null
}

/** Positions of one value in a cube. */
export interface Place {
  readonly initialisation: number
  readonly replicate: number
  readonly task: number
  readonly step: number
}

const roles = ['c-maml', 'random', 'pre-trained', 'maml'] as const

/** A cube from functions of the place; what is not given is 0, and NaN is a gap. */
export function cubeOf(
  { labels, replicates, tasks, steps, costLimit = 5, origin = () => 'training', bestReturn = null }: CubeShape,
  of: Partial<Record<CubeQuantity, (place: Place) => number>>,
): Cube {
  const shape = {
    initialisations: labels.map((label, i) => ({ label, role: roles[i % roles.length]! })),
    replicates: Array.from({ length: replicates }, (_, i) => ({ trainingSeed: i + 1, fineTuningSeed: i + 1 })),
    tasks: tasks.map((seed) => ({ seed, origin: origin(seed), goalDistance: seed / 10, bestReturn })),
    steps,
    costLimit,
  }
  const column = (quantity: CubeQuantity) => {
    const values = new Float64Array(labels.length * replicates * tasks.length * (steps + 1))
    labels.forEach((_, initialisation) => {
      for (let replicate = 0; replicate < replicates; replicate++)
        tasks.forEach((_task, task) => {
          for (let step = 0; step <= steps; step++)
            values[cellAt(shape, initialisation, replicate, task) + step] =
              of[quantity]?.({ initialisation, replicate, task, step }) ?? 0
        })
    })
    return values
  }
  const values = Object.fromEntries(CUBE_QUANTITIES.map((quantity) => [quantity, column(quantity)]))
  return { ...shape, values: values as Record<CubeQuantity, Float64Array> }
}
