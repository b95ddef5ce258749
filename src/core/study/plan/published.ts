import type { WorldName } from '../../env/world.ts'
import type { AlgorithmArmId } from './arms.ts'

/** Mean and standard deviation over seeds. */
export interface PublishedScore {
  readonly mean: number
  readonly deviation: number
}

export interface PublishedResult {
  readonly return: PublishedScore
  readonly cost: PublishedScore
}

export type BenchmarkWorld = Extract<WorldName, 'point-goal-1' | 'point-goal-2'>

/** Of undiscounted episode return and cost at the end of training. */
export interface Benchmark {
  /** For people. */
  readonly name: string
  readonly source: string
  readonly envSteps: number
  readonly costLimit: number
  readonly seeds: readonly number[]
  readonly results: Readonly<Record<BenchmarkWorld, Readonly<Record<AlgorithmArmId, PublishedResult>>>>
}

const result = (returns: readonly [number, number], costs: readonly [number, number]): PublishedResult => ({
  return: { mean: returns[0], deviation: returns[1] },
  cost: { mean: costs[0], deviation: costs[1] },
})

/** OmniSafe's on-policy benchmark of Safety-Gymnasium's navigation tasks. */
export const omnisafeBenchmark: Benchmark = {
  name: 'OmniSafe',
  source: 'https://github.com/PKU-Alignment/omnisafe/blob/main/benchmarks/on-policy/README.md, table 2',
  envSteps: 10_000_000,
  costLimit: 25,
  seeds: [0, 5, 10, 15, 20],
  results: {
    'point-goal-1': {
      trpo: result([27.2, 0.44], [45.88, 11.27]),
      'trpo-lag': result([18.51, 3.83], [22.98, 8.45]),
      cpo: result([20.46, 1.38], [28.84, 7.76]),
    },
    'point-goal-2': {
      trpo: result([25.61, 0.89], [202.26, 15.15]),
      'trpo-lag': result([4.64, 1.43], [26.0, 4.7]),
      cpo: result([2.5, 1.25], [40.84, 23.31]),
    },
  },
}
