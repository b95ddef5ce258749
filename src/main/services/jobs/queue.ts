import type { Activity, Estimate, JobRequest, JobRow } from './job.ts'
import type { Service } from '../life-cycle.ts'
import type { StopMode } from '../stop-signals.ts'

/** The queue of jobs, as the interface and the desktop see it. Refusals are `RefusedRequest` or `StoreError`. */
export interface JobQueue extends Service {
  /** As it was last read; `onChange` says when it differs. */
  activity(): Activity
  /** @returns ends the subscription */
  onChange(listener: (activity: Activity) => void): () => void
  /** Called when a job that this program worked on has ended, by itself or not. */
  onFinished(listener: (job: JobRow) => void): () => void
  /** Checks a request and queues it, before all that waits if `front`; answers the job's id. */
  add(request: JobRequest, front?: boolean): Promise<string>
  estimate(request: JobRequest): Promise<Estimate>
  /** Queues a job again that was stopped or failed; what it has done already is not done anew. */
  resume(id: string): Promise<void>
  stopJob(id: string, how: StopMode): Promise<void>
  /** Also asks another program that works on the run. */
  stopRun(run: string, how: StopMode): Promise<void>
  /** Stops what this program works on, and starts nothing more until `start`; returns when all is saved. */
  stopAll(how: StopMode): Promise<void>
  move(id: string, before: string | null): Promise<void>
  remove(id: string): Promise<void>
  pause(paused: boolean): Promise<void>
  clearFinished(): Promise<void>
}
