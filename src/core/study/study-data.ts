import type { Feasibility } from '../rl/policy-step.ts'
import type { EpisodeStatistics } from '../rl/rollout.ts'
import type { IterationMetrics } from '../training/records.ts'
import type { PlannedArm, StudyPlan } from './plan/plan.ts'

/** One policy on one task: before the first adaptation step (0) and after each. Means over its episodes. */
export interface StepResult extends Omit<EpisodeStatistics, 'episodes' | 'length'> {
  /** What the adaptation step from this policy did; null after the last. */
  readonly adaptation: {
    readonly multiplier: number
    readonly kl: number
    readonly accepted: boolean
    /** Null where it was not recorded. */
    readonly feasibility: Feasibility | null
  } | null
}

/** One fine-tuning of one initialisation on one task. */
export interface AdaptationCurve {
  readonly seed: number
  readonly task: number
  /** [steps + 1] */
  readonly steps: readonly StepResult[]
}

/** What a training left behind. */
export interface TrainingCurve {
  readonly seed: number
  /** All, with the metrics that the study shows; none where it shows no training. */
  readonly iterations: readonly {
    readonly iteration: number
    readonly envSteps: number
    readonly metrics: IterationMetrics
  }[]
  /** Of the whole training. */
  readonly envSteps: number
  /** Wall seconds of the whole training, null where they are not known; task workers, null where only a checkpoint file is. */
  readonly seconds: number | null
  readonly workers: number | null
  readonly completed: boolean
}

export interface ArmResults extends PlannedArm {
  /** Results of the tasks that are done, in the plan's order of seeds and tasks. */
  readonly curves: readonly AdaptationCurve[]
  /** None for an initialisation that nothing was trained for. */
  readonly trainings: readonly TrainingCurve[]
  /** One checkpoint was given in the place of trainings: it is behind all seeds, which are seeds of fine-tuning only. */
  readonly given?: true
}

/** One recorded episode of the policy before the first adaptation step (0) or after a later one. */
export interface StudyTrajectory {
  readonly arm: string
  readonly seed: number
  readonly task: number
  readonly step: number
  /** The robot's start, then its place after every environment step, metres. */
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** The step's cost, as long as x; that of the start is 0. */
  readonly cost: readonly number[]
}

/** What is known of a study so far. */
export interface StudyData {
  readonly plan: StudyPlan
  readonly arms: readonly ArmResults[]
  /** Distance from start to goal by task, metres: for the normalised score. */
  readonly goalDistances: ReadonlyMap<number, number>
  /** Only of studies of trajectories. */
  readonly trajectories: readonly StudyTrajectory[]
  /** Fine-tuning results that there are, and that the plan asks for. */
  readonly done: number
  readonly total: number
}
