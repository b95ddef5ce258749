import type { CriticState } from '../nn/critic.ts'
import type { RunningMoments } from '../nn/observation-scaling.ts'
import type { AdaptationStepRecord } from '../rl/adaptation.ts'
import type { PhaseSeconds } from '../rl/phases.ts'
import type { EpisodeStatistics } from '../rl/rollout.ts'

/**
 * Units of parallel work. Each is a pure function of its message and the run's configuration, so that it does not
 * matter which worker does it, nor how many workers there are.
 */
export type Job = AdaptTaskJob | OuterStepJob | MetaCriticJob | FineTuneJob

export type JobResult<J extends Job> = J extends AdaptTaskJob
  ? AdaptTaskResult
  : J extends OuterStepJob
    ? OuterStepResult
    : J extends MetaCriticJob
      ? MetaCriticResult
      : FineTuneResult

/** Runs jobs, in any order and anywhere; results come back in the order of the jobs. */
export interface Executor {
  runAll<J extends Job>(jobs: readonly J[]): Promise<JobResult<J>[]>
}

/** The whole inner loop of one task: Algorithm 1, lines 7-14. */
export interface AdaptTaskJob {
  readonly kind: 'adapt-task'
  readonly iteration: number
  /** Seed of the task's layout. */
  readonly task: number
  readonly theta: Float32Array
  readonly costCritic: CriticState
  readonly lambda: number
  readonly moments: RunningMoments
}

/** What the outer loop needs of D_p1, the on-policy data of the meta-policy on one task. */
export interface MetaPolicyData {
  /** Mean over D_p1 of grad log pi(a|s) W_t at theta: this task's share of the safety term (eq. 14). */
  readonly safetyGradient: Float32Array
  readonly rows: number
  /** Scaled observations of D_p1, [rows x inputs]. */
  readonly observations: Float32Array
  /** lambda-returns of the cost: targets of the meta cost critic (eq. 12), [rows]. */
  readonly costTargets: Float32Array
  /** Discounted cost returns: what the critic's explained variance is measured against, [rows]. */
  readonly costReturns: Float32Array
  /** Raw-observation moments of D_p1; empty under affine scaling. */
  readonly moments: RunningMoments
  /** Mean V_C(s_0) of D_p1 and its discounted episode cost: the `critic` signal of eta. */
  readonly initialCostValue: number
  readonly discountedCost: number
}

export interface AdaptTaskResult extends MetaPolicyData {
  readonly task: number
  /** g_p: first-order meta-gradient at theta_p (eq. 21), [parameters]. */
  readonly metaGradient: Float32Array
  /** One per adaptation step; the first is the meta-policy itself. */
  readonly steps: readonly AdaptationStepRecord[]
  /** The adapted policy. */
  readonly after: EpisodeStatistics
  readonly seconds: PhaseSeconds
}

/** Data of the meta-policy from all tasks of an iteration, in task order. */
export interface PooledData {
  readonly rows: number
  /** [rows x inputs] */
  readonly observations: Float32Array
  /** [rows] */
  readonly costTargets: Float32Array
  /** [rows] */
  readonly costReturns: Float32Array
}

/** The trust-region step of the meta-policy. */
export interface OuterStepJob {
  readonly kind: 'outer-step'
  readonly iteration: number
  readonly theta: Float32Array
  /** mean_p g_p - g_eta, [parameters]. */
  readonly direction: Float32Array
  readonly pooled: PooledData
}

export interface OuterStepResult {
  readonly theta: Float32Array
  /** KL(old || new) measured on the pooled data. */
  readonly kl: number
  readonly candidates: number
  readonly seconds: number
}

/** The regression of the meta cost critic on pooled data (eq. 12). */
export interface MetaCriticJob {
  readonly kind: 'meta-critic'
  readonly iteration: number
  readonly costCritic: CriticState
  readonly pooled: PooledData
}

export interface MetaCriticResult {
  readonly costCritic: CriticState
  readonly explainedVarianceBefore: number
  readonly explainedVarianceAfter: number
  readonly seconds: number
}

/** An initialisation that fine-tuning starts from. */
export interface Initialisation {
  /** null: a random network, drawn anew for every (seed, task). */
  readonly theta: Float32Array | null
  /** The meta cost critic, where the initialisation has one. */
  readonly costCritic: CriticState | null
  /** Of the observation scaling; the same for all initialisations that are compared. */
  readonly moments: RunningMoments
}

/** K adaptation steps on one task. */
export interface FineTuneJob {
  readonly kind: 'fine-tune'
  readonly task: number
  readonly initialisation: Initialisation
}

export interface FineTuneResult {
  readonly task: number
  /** Before the first and after each adaptation step: K + 1 entries. */
  readonly evaluations: readonly EpisodeStatistics[]
  /** What each adaptation step did: K entries. */
  readonly steps: readonly AdaptationStepRecord[]
}
