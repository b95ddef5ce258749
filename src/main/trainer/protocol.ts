import type { FineTuneResult, Job, JobResult } from '../../core/training/jobs.ts'
import type { IterationResult } from '../../core/training/iteration.ts'
import type { EngineName } from '../../core/config/engines.ts'
import type { AgreementRow } from '../../core/engines/agreement.ts'
import type { EngineProblem } from '../../core/engines/timings.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { FineTuneRequest, RecordRequest, TrainedEpisode, TrainRequest, TrainerIdentity } from './client.ts'
import type { ChangedFacts, TriableEngine, TriedEngine } from './client.ts'
import type { PackedRecording } from './packed-episode.ts'

/** From the owner of the store to the trainer process. */
export type TrainerCommand =
  /** @param blockFloats most floats of a tensor of the engine, if it is to begin with fewer than usual */
  | {
      readonly type: 'start'
      readonly config: RunConfig
      readonly workers: number
      readonly engine: EngineName
      readonly blockFloats: number | null
    }
  | { readonly type: 'train'; readonly request: TrainRequest }
  | { readonly type: 'fine-tune'; readonly request: FineTuneRequest }
  | { readonly type: 'record'; readonly request: RecordRequest }
  | { readonly type: 'stop' }
  /** Loads an engine to try it; the process does nothing else then. */
  | { readonly type: 'try-engine'; readonly engine: TriableEngine; readonly workers: number }
  | { readonly type: 'time-update'; readonly problem: EngineProblem }
  | { readonly type: 'compare-engine' }

/** From the trainer process to the owner of the store. */
export type TrainerEvent =
  /** @param choice why the backend was chosen, where the engine leaves it open */
  | { readonly type: 'ready'; readonly identity: TrainerIdentity; readonly choice: string | null }
  | { readonly type: 'iteration'; readonly result: IterationResult; readonly episodes: readonly TrainedEpisode[] }
  | { readonly type: 'fine-tuned'; readonly index: number; readonly result: FineTuneResult }
  | { readonly type: 'recorded'; readonly index: number; readonly recorded: readonly PackedRecording[] }
  /** Something else computes from now on. */
  | { readonly type: 'changed'; readonly change: string; readonly facts: ChangedFacts }
  /** The engine cannot be used here; nothing was begun. */
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'engine-loaded'; readonly engine: TriedEngine }
  | { readonly type: 'timed'; readonly seconds: number }
  | { readonly type: 'compared'; readonly rows: readonly AgreementRow[] }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly message: string; readonly detail: string }

/** What a task worker is born with. */
export interface WorkerData {
  readonly config: RunConfig
  readonly kernels: WebAssembly.Module
}

export interface WorkerRequest {
  readonly id: number
  readonly job: Job
  /** Whether the episodes of a `record` job are wanted as they are stored. */
  readonly pack: boolean
}

export type WorkerReply =
  | { readonly id: number; readonly result: JobResult<Job> | readonly PackedRecording[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly detail: string } }
