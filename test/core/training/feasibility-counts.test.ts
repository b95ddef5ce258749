import { describe, expect, it } from 'vitest'
import { FEASIBILITIES } from '../../../src/core/rl/policy-step.ts'
import { feasibilityCounts } from '../../../src/core/training/feasibility-counts.ts'
import { METRICS } from '../../../src/core/training/records.ts'

describe('feasibilityCounts', () => {
  it('counts the steps of every case', () => {
    const counts = feasibilityCounts('cpo', ['infeasible-recovery', 'feasible-inside', 'infeasible-recovery'])
    expect(counts).toEqual({
      stepsNoCostGradient: 0,
      stepsFeasibleInside: 1,
      stepsFeasibleBoundary: 0,
      stepsFeasibleOutside: 0,
      stepsInfeasibleRecovery: 2,
    })
    for (const name of Object.keys(counts)) expect(METRICS).toHaveProperty(name)
  })

  it('has a metric for every case that a constrained step can meet', () => {
    const constrained = FEASIBILITIES.filter((feasibility) => feasibility !== 'unconstrained')
    const total = Object.values(feasibilityCounts('pcpo', constrained)).reduce((sum, count) => sum + count, 0)
    expect(total).toBe(constrained.length)
  })

  it('says nothing of algorithms that know no cases', () => {
    expect(feasibilityCounts('trpo-lag', ['unconstrained'])).toEqual({})
  })
})
