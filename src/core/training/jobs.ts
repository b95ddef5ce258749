import type { AdamMoments } from '../nn/adam.ts'
import type { Episode } from '../episode/episode.ts'
import type { CriticState } from '../nn/critic.ts'
import type { RunningMoments } from '../nn/observation-scaling.ts'
import type { AdaptationStepRecord } from '../rl/adaptation.ts'
import type { PhaseSeconds } from '../rl/phases.ts'
import type { PolicyStep } from '../rl/policy-step.ts'
import type { Episode as EpisodeTally, EpisodeStatistics, RolledOut } from '../rl/rollout.ts'
import type { StreamPath } from '../random/stream.ts'
import type { Transitions } from './transitions.ts'

/**
 * Units of parallel work. Each is a pure function of its message and the run's configuration, so that it does not
 * matter which worker does it, nor how many workers there are.
 */
export type Job =
  | AdaptTaskJob
  | OuterStepJob
  | MetaCriticJob
  | CollectJob
  | PolicyUpdateJob
  | CriticsUpdateJob
  | FineTuneJob
  | RecordJob
  | RolloutJob

interface Results {
  readonly 'adapt-task': AdaptTaskResult
  readonly 'outer-step': OuterStepResult
  readonly 'meta-critic': MetaCriticResult
  readonly collect: CollectResult
  readonly 'policy-update': PolicyUpdateResult
  readonly 'critics-update': CriticsUpdateResult
  readonly 'fine-tune': FineTuneResult
  readonly record: RecordResult
  readonly rollout: RolloutResult
}

export type JobResult<J extends Job> = Results[J['kind']]

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
  /**
   * What the task says about theta, [parameters]: g_p at theta_p (fomaml, eq. 21), (I + alpha H) g_p (maml), or the
   * displacement theta_p - theta (reptile).
   */
  readonly metaGradient: Float32Array
  /** phi_p - phi, where the meta cost critic learns by meta-gradient; else empty. */
  readonly costCriticDisplacement: Float32Array
  /** Mean V_{C,p}(s_0) of the adapted policy's data: the `critic` signal of lambda. */
  readonly adaptedInitialCostValue: number
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

/** The step of the meta-policy. */
export interface OuterStepJob {
  readonly kind: 'outer-step'
  readonly iteration: number
  readonly theta: Float32Array
  /** mean_p of the tasks' meta-gradients, [parameters]. */
  readonly metaGradient: Float64Array
  /** g_eta (eq. 14, second part), [parameters], and the weight that is part of it. */
  readonly safetyTerm: Float64Array
  readonly safetyWeight: number
  /** Of the adam optimiser. */
  readonly moments: AdamMoments | null
  readonly pooled: PooledData
}

export interface OuterStepResult {
  readonly theta: Float32Array
  readonly moments: AdamMoments | null
  /** KL(old || new) measured on the pooled data. */
  readonly kl: number
  readonly candidates: number
  readonly seconds: number
}

/** The meta cost critic's learning on pooled data (eq. 12). */
export interface MetaCriticJob {
  readonly kind: 'meta-critic'
  readonly iteration: number
  readonly costCritic: CriticState
  /** mean_p (phi_p - phi), where it learns by meta-gradient; else empty. */
  readonly displacement: Float32Array
  readonly pooled: PooledData
}

export interface MetaCriticResult {
  readonly costCritic: CriticState
  readonly explainedVarianceBefore: number
  readonly explainedVarianceAfter: number
  readonly seconds: number
}

/** Part of a batch of pre-training: one episode in each of the layouts. */
export interface CollectJob {
  readonly kind: 'collect'
  readonly iteration: number
  /** Which part of the iteration's batch, from 0. */
  readonly part: number
  /** Seed of each episode's layout. */
  readonly layouts: readonly number[]
  readonly theta: Float32Array
  /** Parameters. */
  readonly rewardCritic: Float32Array
  readonly costCritic: Float32Array
  readonly moments: RunningMoments
}

/** Arrays by row that a policy update on pooled data needs. */
export interface PolicyData {
  readonly rows: number
  /** Scaled, [rows x inputs]. */
  readonly observations: Float32Array
  /** [rows x actions] */
  readonly actions: Float32Array
  /** [rows], as are all that follow. Advantages are raw in a part, and standardised or centred in the pool. */
  readonly logProbs: Float32Array
  readonly rewardAdvantages: Float32Array
  readonly costAdvantages: Float32Array
  /** lambda-returns. */
  readonly rewardTargets: Float32Array
  readonly costTargets: Float32Array
  /** Discounted returns. */
  readonly rewardReturns: Float32Array
  readonly costReturns: Float32Array
}

export interface CollectResult extends PolicyData {
  /** One per layout, in their order. */
  readonly episodes: readonly EpisodeTally[]
  /** Raw-observation moments; empty under affine scaling. */
  readonly moments: RunningMoments
  readonly seconds: PhaseSeconds
}

export interface PolicyUpdateJob {
  readonly kind: 'policy-update'
  readonly iteration: number
  readonly theta: Float32Array
  readonly pooled: PolicyData
  /** Product of the numbers of episodes that take turns, row by row, in the parts of the pool. */
  readonly lockStep: number
  readonly lambda: number
  readonly violation: number
}

export interface PolicyUpdateResult extends PolicyStep {
  readonly seconds: number
}

export interface CriticsUpdateJob {
  readonly kind: 'critics-update'
  readonly iteration: number
  readonly rewardCritic: CriticState
  readonly costCritic: CriticState
  readonly pooled: PolicyData
}

/** How much of the variance of the discounted returns a critic explains, before its fit to them and after. */
export interface CriticUpdate {
  readonly critic: CriticState
  readonly explainedVarianceBefore: number
  readonly explainedVarianceAfter: number
}

export interface CriticsUpdateResult {
  readonly reward: CriticUpdate
  readonly cost: CriticUpdate
  readonly seconds: number
}

/** Data for somebody else to learn from: one whole episode of a policy in each of the layouts. */
export interface RolloutJob {
  readonly kind: 'rollout'
  /** Seeds of layouts. */
  readonly layouts: readonly number[]
  readonly theta: Float32Array
  /** Of the observation scaling. */
  readonly moments: RunningMoments
  /** Of the noise. */
  readonly randomPath: StreamPath
}

export interface RolloutResult extends RolledOut {
  readonly transitions: Transitions
}

/** An initialisation that fine-tuning starts from. */
export interface Initialisation {
  /** null: a random network, drawn anew for every (seed, task). */
  readonly theta: Float32Array | null
  /** The cost critic, where the initialisation has one. */
  readonly costCritic: CriticState | null
  /** The lambda that it was trained to, where it has one; only `fineTune.carryMultiplier` reads it. */
  readonly lambda: number | null
  /** Of the observation scaling; the same for all initialisations that are compared. */
  readonly moments: RunningMoments
}

/** K adaptation steps on one task. */
export interface FineTuneJob {
  readonly kind: 'fine-tune'
  readonly task: number
  readonly initialisation: Initialisation
  /** Whether the result brings the policies themselves. */
  readonly keepPolicies?: boolean
}

export interface FineTuneResult {
  readonly task: number
  /** Before the first and after each adaptation step: K + 1 entries. */
  readonly evaluations: readonly EpisodeStatistics[]
  /** What each adaptation step did: K entries. */
  readonly steps: readonly AdaptationStepRecord[]
  /** Before the first and after each adaptation step, where they were asked for. */
  readonly policies?: readonly Float32Array[]
}

/** Episodes on record of one initialisation on one task, before and after adaptation. */
export interface RecordJob {
  readonly kind: 'record'
  readonly task: number
  readonly initialisation: Initialisation
  /** Adaptation steps after which the policy is shown, ascending; 0 is the initialisation itself. */
  readonly adaptationSteps: readonly number[]
  /** How many of each policy, and the number of the first. */
  readonly episodes: number
  readonly firstEpisode?: number
  /** Actions are sampled; else the mean acts. */
  readonly stochastic: boolean
}

export interface RecordResult {
  readonly recorded: readonly RecordedEpisode[]
}

export interface RecordedEpisode {
  readonly step: number
  /** Counts the episodes of one policy, from 0. */
  readonly number: number
  readonly episode: Episode
}
