import { describe, expect, it } from 'vitest'
import type { OuterStepJob } from '../../../src/core/training/jobs.ts'
import { policyShapeOf } from '../../../src/core/training/state.ts'
import { logStdOf } from '../../../src/core/nn/policy.ts'
import type { StatedResult } from '../../support/adapted.ts'
import { configOf, NEW_MOMENTS, OBSERVATIONS, outerLoop, TRAINING_TASKS } from '../../support/outer-loop.ts'

/** mean_p g_p - weight * (row-weighted mean of the safety gradients: 2 of 8 rows, 6 of 8 rows). */
function expectedDirection([a, b]: StatedResult[], weight: number): number[] {
  return Array.from(
    a!.metaGradient,
    (g, i) => (g + b!.metaGradient[i]!) / 2 - weight * (0.25 * a!.safetyGradient[i]! + 0.75 * b!.safetyGradient[i]!),
  )
}

/** The outer step moves along the meta-gradient minus the safety term. */
function expectDirection({ metaGradient, safetyTerm }: OuterStepJob, expected: readonly number[]) {
  expect(safetyTerm).toHaveLength(expected.length)
  const actual = metaGradient.map((g, i) => g - safetyTerm[i]!)
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(1e-6)
}

describe('the jobs of a meta-iteration', () => {
  it('adapts B different training tasks from the state, in another selection each iteration', async () => {
    const { jobs, state } = await outerLoop(configOf(), { from: { iteration: 4 } })
    const adapt = jobs.filter((job) => job.kind === 'adapt-task')
    expect(adapt).toHaveLength(2)
    for (const job of adapt) {
      const { theta, costCritic, lambda, moments } = state
      expect(job).toMatchObject({ iteration: 5, lambda: lambda.value })
      expect([job.theta, job.costCritic, job.moments]).toEqual([theta, costCritic, moments])
      expect(TRAINING_TASKS).toContain(job.task)
    }
    expect(adapt[0]!.task).not.toBe(adapt[1]!.task)
    const selections = new Set<string>()
    for (let iteration = 0; iteration < 8; iteration++) {
      const again = await outerLoop(configOf(), { from: { iteration } })
      selections.add(again.jobs.flatMap((job) => (job.kind === 'adapt-task' ? [job.task] : [])).join())
    }
    expect(selections.size).toBeGreaterThan(4)
  })

  it('pools D_p1 in task order for the outer step and the meta critic', async () => {
    const { outer, critic, state } = await outerLoop(configOf())
    for (const { pooled } of [outer, critic]) {
      expect(pooled.rows).toBe(8)
      expect(Array.from(pooled.costTargets)).toEqual([30, 30, 50, 50, 50, 50, 50, 50])
      expect(Array.from(pooled.costReturns)).toEqual([300, 300, 500, 500, 500, 500, 500, 500])
      const [first, last] = [
        pooled.observations.subarray(0, 2 * OBSERVATIONS),
        pooled.observations.slice(-6 * OBSERVATIONS),
      ]
      expect([...new Set(first), ...new Set(last)]).toEqual([3, 5])
    }
    expect(outer.theta).toEqual(state.theta)
    expect(critic.costCritic).toEqual(state.costCritic)
    // mean_p (phi_p - phi)
    expect(Array.from(critic.displacement)).toEqual([1.5, 1])
  })

  it('hands the outer step its moments, the weight of the safety term, and takes its new moments', async () => {
    const plain = await outerLoop(configOf())
    expect(plain.outer.moments).toBeNull()
    expect(plain.outer.safetyWeight).toBe(0.5)
    const { outer, state, next } = await outerLoop(configOf('meta.optimiser=adam'))
    expect(outer.moments).toEqual(state.thetaMoments)
    expect(outer.moments!.updates).toBe(0)
    expect(next.thetaMoments).toEqual(NEW_MOMENTS)
  })
})

describe('the outer direction (eq. 14): mean_p g_p - eta E[grad log pi W]', () => {
  it('weighs the safety term by eta, and tasks in it by their rows', async () => {
    const { outer, stated } = await outerLoop(configOf())
    expectDirection(outer, expectedDirection(stated, 0.5))
  })

  it('is the meta-gradient alone at eta = 0', async () => {
    const { outer, stated } = await outerLoop(configOf('meta.eta.initial=0'))
    expectDirection(outer, expectedDirection(stated, 0))
  })

  it('applies the guards: saturation, the limit, log-std', async () => {
    const saturating = await outerLoop(configOf('meta.eta.saturating=true'))
    expectDirection(saturating.outer, expectedDirection(saturating.stated, 0.5 / 1.5))
    const within = await outerLoop(configOf('meta.eta.onlyAboveLimit=true', 'costLimit=9'))
    expectDirection(within.outer, expectedDirection(within.stated, 0))
    const above = await outerLoop(configOf('meta.eta.onlyAboveLimit=true', 'costLimit=8.9'))
    expectDirection(above.outer, expectedDirection(above.stated, 0.5))
    const masked = await outerLoop(configOf('meta.eta.includeLogStd=false'))
    const parameters = masked.state.theta.length - logStdOf(policyShapeOf(configOf()), masked.state.theta).length
    const [withTerm, without] = [expectedDirection(masked.stated, 0.5), expectedDirection(masked.stated, 0)]
    expectDirection(masked.outer, [...withTerm.slice(0, parameters), ...without.slice(parameters)])
  })
})
