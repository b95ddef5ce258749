/** Made-up studies with the real plans. */
import { sampleTask } from '../../../../src/core/env/tasks.ts'
import { worlds } from '../../../../src/core/env/world.ts'
import type { Settings } from '../../../../src/core/study/plan/arms.ts'
import { planStudy, type StudyPlan, type StudyRequest } from '../../../../src/core/study/plan/plan.ts'
import type { AdaptationCurve, StepResult, StudyData, TrainingCurve } from '../../../../src/core/study/study-data.ts'

export const preset: Settings = { costLimit: 5 }

export function planOf(change: Partial<StudyRequest> = {}): StudyPlan {
  return planStudy({ study: 'figure-4', scale: 'small', preset, ...change })
}

export function stepResult(change: Partial<StepResult> = {}): StepResult {
  return {
    return: 1,
    cost: 4,
    hazardSteps: 3,
    contactSteps: 1,
    velocitySteps: 1,
    goals: 0.5,
    transitions: 4000,
    longestCostRun: 2,
    adaptation: { multiplier: 0.2, kl: 0.01, accepted: true, feasibility: 'unconstrained' },
    ...change,
  }
}

/** A curve whose steps have these returns and costs. */
export function curve(
  seed: number,
  task: number,
  returns: readonly number[],
  costs: readonly number[],
): AdaptationCurve {
  const last = returns.length - 1
  return {
    seed,
    task,
    steps: returns.map((value, k) =>
      stepResult({ return: value, cost: costs[k]!, ...(k === last ? { adaptation: null } : {}) }),
    ),
  }
}

export function studyOf(
  plan: StudyPlan,
  curves: Readonly<Record<string, readonly AdaptationCurve[]>>,
  change: Partial<StudyData> = {},
): StudyData {
  const { world } = plan.config.environment
  const done = Object.values(curves).reduce((sum, all) => sum + all.length, 0)
  return {
    plan,
    arms: plan.arms.map((arm) => ({ ...arm, curves: curves[arm.id] ?? [], trainings: [] })),
    goalDistances: new Map(plan.tasks.map((task) => [task, sampleTask(worlds[world], task).goalDistance])),
    trajectories: [],
    done,
    total: plan.arms.length * plan.seeds.length * plan.tasks.length,
    ...change,
  }
}

/** A training whose costs are those of the adapted policies, one more before adaptation; its returns rise. */
export function training(seed: number, costs: readonly number[], change: Partial<TrainingCurve> = {}): TrainingCurve {
  return {
    seed,
    iterations: costs.map((cost, i) => ({
      iteration: i + 1,
      envSteps: (i + 1) * 1000,
      metrics: { costAfter: cost, costBefore: cost + 1, returnAfter: i / 10 },
    })),
    envSteps: costs.length * 1000,
    seconds: costs.length,
    workers: 2,
    completed: true,
    ...change,
  }
}
