import type { Algorithm, Feasibility } from '../rl/policy-step.ts'
import type { IterationMetrics, MetricName } from './records.ts'

const METRIC_OF = {
  'no-cost-gradient': 'stepsNoCostGradient',
  'feasible-inside': 'stepsFeasibleInside',
  'feasible-boundary': 'stepsFeasibleBoundary',
  'feasible-outside': 'stepsFeasibleOutside',
  'infeasible-recovery': 'stepsInfeasibleRecovery',
} as const satisfies Partial<Record<Feasibility, MetricName>>

/** How many policy steps met each case of the constraint; nothing for algorithms that know no cases. */
export function feasibilityCounts(algorithm: Algorithm, cases: readonly Feasibility[]): IterationMetrics {
  if (algorithm !== 'cpo' && algorithm !== 'pcpo') return {}
  return Object.fromEntries(
    Object.entries(METRIC_OF).map(([feasibility, metric]) => [metric, cases.filter((c) => c === feasibility).length]),
  )
}
