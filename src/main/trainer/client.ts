import type { EngineName } from '../../core/config/engines.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { AgreementRow } from '../../core/engines/agreement.ts'
import type { EngineProblem } from '../../core/engines/timings.ts'
import type { FineTuneResult, Initialisation, RecordJob } from '../../core/training/jobs.ts'
import type { IterationResult } from '../../core/training/iteration.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { PackedRecording } from './packed-episode.ts'

/** What a run records about the machine that computes it. */
export interface TrainerIdentity {
  /** What computes updates: `simd/relaxed`, `tfjs/wasm`. */
  readonly engine: string
  /** sha-256 of the kernel module, which computes the rollouts of every engine. */
  readonly kernel: string
  /** Whether relaxed multiply-add fuses on this processor: its bits depend on it. */
  readonly multiplyAdd: 'fused' | 'unfused'
  readonly workers: number
  readonly node: string
  readonly cpu: string
  readonly mujoco: string
  /** `NUMERICS_REVISION` of the program; runs from before it was recorded have none, see `revisionOf`. */
  readonly revision?: number
  /** Of a TensorFlow.js engine: its backend, what that computes on, and the version of each package or library. */
  readonly backend?: string
  readonly device?: string
  readonly versions?: Readonly<Record<string, string>>
  /**
   * Of an engine of TensorFlow.js whose device had too little memory for its usual blocks of rows: the floats of a block's
   * largest tensor since then. Where sums are cut, and so their last bits, depends on it.
   */
  readonly blockFloats?: number
  /** What changed on the way or when the run was resumed: from there on its bits may differ from an undisturbed run's. */
  readonly changes?: readonly string[]
}

export interface TrainRequest {
  readonly config: RunConfig
  /** null starts from a random meta-policy. */
  readonly state: TrainingState | null
}

export interface FineTuneRequest {
  readonly config: RunConfig
  /** Jobs to do: an initialisation by its index, and a task. */
  readonly jobs: readonly { readonly initialisation: number; readonly task: number }[]
  readonly initialisations: readonly Initialisation[]
}

export interface RecordRequest {
  /** Each names its initialisation by index. */
  readonly jobs: readonly (Omit<RecordJob, 'kind' | 'initialisation'> & { readonly initialisation: number })[]
  readonly initialisations: readonly Initialisation[]
}

/** Recorded on the way, of the policy that an iteration ended with. */
export interface TrainedEpisode extends PackedRecording {
  readonly task: number
}

/** Told when something else computes from now on, in words and facts that belong on the run's record. */
export type ChangeListener = (change: string, facts: ChangedFacts) => void

/** What else of a trainer's identity changed with it. */
export type ChangedFacts = Pick<TrainerIdentity, 'blockFloats'>

/** Engines that can be tried: `tfjs` only stands for one of the others. */
export type TriableEngine = Exclude<EngineName, 'tfjs'>

/** An engine that was loaded, and what it computes on. */
export interface TriedEngine {
  readonly name: TriableEngine
  readonly device: string
  readonly versions: Readonly<Record<string, string>>
}

/** A trainer process that only tries an engine. */
export interface EngineTrialClient {
  readonly engine: TriedEngine
  /** Process id. */
  readonly pid: number
  /** One update of all tasks of a problem; wall time in seconds. */
  time(problem: EngineProblem): Promise<number>
  /** How far its operations are from those of the SIMD engine and from float64. */
  agreement(): Promise<readonly AgreementRow[]>
  /** Ends the process, whatever it does. */
  close(): Promise<void>
}

/** The trainer process as its owner sees it. Closing it in any state is safe: nothing is stored there. */
export interface TrainerClient {
  /** With what has changed since the start, for the next run of a trainer that works for several. */
  readonly identity: TrainerIdentity
  /** Why its engine or its backend was chosen, where the program chose it. */
  readonly choice?: string
  /** Process id of the trainer; its task workers are threads of it. */
  readonly pid: number
  /** Resolves when all iterations are done or after `stop`; `onIteration` calls come in order. */
  train(
    request: TrainRequest,
    onIteration: (result: IterationResult, episodes: readonly TrainedEpisode[]) => void,
    onChange?: ChangeListener,
  ): Promise<void>
  /** Results come in the order in which they are finished; `index` points into `jobs`. */
  fineTune(
    request: FineTuneRequest,
    onResult: (index: number, result: FineTuneResult) => void,
    onChange?: ChangeListener,
  ): Promise<void>
  /** Records episodes, as `fineTune` adapts. */
  record(request: RecordRequest, onResult: (index: number, recorded: readonly PackedRecording[]) => void): Promise<void>
  /** Stops the call in progress after its current iteration, or after the tasks being worked on. */
  stop(): void
  /** Ends the process. */
  close(): Promise<void>
}
