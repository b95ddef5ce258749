// The plan of a validation, from the presets themselves.
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import type { Settings } from '../../../../src/core/study/plan/arms.ts'
import { planValidation } from '../../../../src/core/study/plan/validation-plan.ts'
import { preset, presets } from '../figures/validation-data.ts'

describe('the plan of a validation', () => {
  it.each(['small', 'paper'] as const)('trains by the presets as they are at scale %s', (scale) => {
    const plan = planValidation({ study: 'omnisafe-point-goal-2', scale, presets })
    expect(plan.trainings.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual(
      [1, 2, 3].flatMap((seed) => ['trpo', 'trpo-lag', 'cpo'].map((arm) => `${arm} ${seed}`)),
    )
    for (const { arm, seed, config } of plan.trainings) {
      const own = parseRunConfig({ ...preset(arm), seed })
      expect(config).toEqual({ ...own, environment: { ...own.environment, world: 'point-goal-2' } })
      expect(config.observationScaling).toBe('running')
    }
    expect([plan.fineTunings, plan.tasks, plan.taskSet]).toEqual([[], [], 'fresh'])
  })

  it('takes arms, seeds and changes, which win over the presets', () => {
    const changes: Settings = { costLimit: 10, preTraining: { iterations: 7 }, fineTune: { tasks: 3 } }
    const chosen = { arms: ['cpo'], seeds: [4, 4, 9], changes } as const
    const plan = planValidation({ study: 'omnisafe-point-goal-1', scale: 'smoke', presets, ...chosen })
    expect(plan.arms.map(({ label }) => label)).toEqual(['CPO'])
    expect(plan.seeds).toEqual([4, 9])
    expect(plan.study.costLimit).toBe(10)
    const { environment, preTraining, policy, fineTune } = plan.trainings[1]!.config
    expect([environment.horizon, preTraining.iterations, policy.hidden, fineTune.tasks]).toEqual([40, 7, [8, 8], 0])
  })

  it('refuses to have no seed or no arm', () => {
    const request = { study: 'omnisafe-point-goal-1', scale: 'smoke', presets } as const
    expect(() => planValidation({ ...request, seeds: [] })).toThrow('at least one seed and one arm')
    expect(() => planValidation({ ...request, arms: [] })).toThrow('at least one seed and one arm')
  })
})
