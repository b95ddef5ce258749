/** Made-up validations with the real presets. */
import { readFileSync } from 'node:fs'
import type { Settings } from '../../../../src/core/study/plan/arms.ts'
import type { StudyPlan } from '../../../../src/core/study/plan/plan.ts'
import type { StudyData, TrainingCurve } from '../../../../src/core/study/study-data.ts'

/** `omnisafe/<name>` as its file has it. */
export function preset(name: string): Settings {
  const file = new URL(`../../../../resources/presets/omnisafe/${name}.json`, import.meta.url)
  const { description: _, ...settings } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  return settings
}

export const presets = { trpo: preset('trpo'), 'trpo-lag': preset('trpo-lag'), cpo: preset('cpo') }

/** A training with these returns by iteration and a cost twice as large. */
export function policyTraining(seed: number, returns: readonly number[], completed = true): TrainingCurve {
  return {
    seed,
    iterations: returns.map((value, i) => ({
      iteration: i + 1,
      envSteps: (i + 1) * 20_000,
      metrics: { returnBefore: value, costBefore: 2 * value },
    })),
    envSteps: returns.length * 20_000,
    seconds: 10 * seed,
    workers: 2,
    completed,
  }
}

export function validationOf(
  plan: StudyPlan,
  trainings: Readonly<Record<string, readonly TrainingCurve[]>>,
  progress: Pick<StudyData, 'done' | 'total'> = { done: 1, total: 1 },
): StudyData {
  const arms = plan.arms.map((arm) => ({ ...arm, curves: [], trainings: trainings[arm.id] ?? [] }))
  return { plan, arms, goalDistances: new Map(), trajectories: [], ...progress }
}
