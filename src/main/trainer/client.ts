import type { RunConfig } from '../../core/config/settings.ts'
import type { FineTuneResult, Initialisation, RecordJob } from '../../core/training/jobs.ts'
import type { IterationResult } from '../../core/training/iteration.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { PackedRecording } from './packed-episode.ts'

/** What a run records about the machine that computes it. */
export interface TrainerIdentity {
  /** e.g. `simd/relaxed`. */
  readonly engine: string
  /** sha-256 of the kernel module. */
  readonly kernel: string
  /** Whether relaxed multiply-add fuses on this processor: its bits depend on it. */
  readonly multiplyAdd: 'fused' | 'unfused'
  readonly workers: number
  readonly node: string
  readonly cpu: string
  readonly mujoco: string
  /** What changed when the run was resumed: from there on its bits may differ from an uninterrupted run's. */
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

/** The trainer process as its owner sees it. Closing it in any state is safe: nothing is stored there. */
export interface TrainerClient {
  readonly identity: TrainerIdentity
  /** Process id of the trainer; its task workers are threads of it. */
  readonly pid: number
  /** Resolves when all iterations are done or after `stop`; `onIteration` calls come in order. */
  train(
    request: TrainRequest,
    onIteration: (result: IterationResult, episodes: readonly TrainedEpisode[]) => void,
  ): Promise<void>
  /** Results come in the order in which they are finished; `index` points into `jobs`. */
  fineTune(request: FineTuneRequest, onResult: (index: number, result: FineTuneResult) => void): Promise<void>
  /** Records episodes, as `fineTune` adapts. */
  record(request: RecordRequest, onResult: (index: number, recorded: readonly PackedRecording[]) => void): Promise<void>
  /** Stops the call in progress after its current iteration, or after the tasks being worked on. */
  stop(): void
  /** Ends the process. */
  close(): Promise<void>
}
