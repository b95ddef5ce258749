/** A job while this program works on it: its progress, its signs of life, and the wishes of others that it stop. */
import { setTimeout as pause } from 'node:timers/promises'
import { StoreError } from '../../store/errors.ts'
import type { JobProgress, JobOutcome, StoredJob } from '../../store/jobs.ts'
import { HEARTBEAT_MS, type Store } from '../../store/store.ts'
import { stopSignals, type StopSignals } from '../stop-signals.ts'
import { executeJob } from './execute-job.ts'
import { storedWork, trainingInParts } from './work.ts'

/** How soon a wish of another program that the job be stopped is heard (ms). */
const LISTEN_MS = 500

/** Waits between attempts to write a job's end while the database is busy (ms), each beside the store's own wait. */
const FINISH_AFTER_MS = [100, 200, 400, 800, 1600, 3200]

export interface JobAtWork {
  readonly id: string
  readonly signals: StopSignals
  progress(): JobProgress
  /** The training that it does in two parts; null where it is none. */
  training(): string | null
  /** Resolves when the job has ended, how ever it did, and the database knows. */
  readonly ended: Promise<void>
}

/**
 * @param store owns the job's claim; closed at its end
 * @param advanced called after every change of the progress
 */
export function startWorking(
  store: Store,
  job: StoredJob,
  workers: number | undefined,
  advanced: () => void,
  report: (error: unknown) => void,
): JobAtWork {
  const { id } = job
  const signals = stopSignals()
  let progress: JobProgress = { run: job.run, done: 0, total: 0, remaining: null, workers: null, phase: null }
  let training: string | null = null

  const attempt = (action: () => void) => {
    try {
      action()
    } catch (error) {
      // Busy now is not busy at the next beat; where the database is broken, the work itself fails with the reason.
      report(error)
    }
  }
  // Known before the work says where it is, where the job goes on with a run.
  attempt(() => (training = trainingInParts(job, job.run, store)))
  const beat = () => attempt(() => store.jobs.beat(id, progress))
  const listen = () =>
    attempt(() => {
      const how = store.jobs.stopRequested(id)
      if (how !== null) signals.request(how)
    })

  const told = (news: Partial<JobProgress>) => {
    const isOtherWork = news.phase !== undefined && news.phase !== progress.phase
    progress = { ...progress, ...news }
    if (isOtherWork) training = trainingInParts(job, progress.run, store)
    // Other programs see at once which run it is; how far it is they see with the next beat.
    if (isOtherWork) beat()
    advanced()
  }
  async function outcome(): Promise<JobOutcome> {
    try {
      return await executeJob(store, storedWork(job), workers, signals, told)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { state: 'failed', run: progress.run, reason }
    }
  }
  async function work(): Promise<void> {
    const heart = setInterval(beat, HEARTBEAT_MS / 2)
    const ears = setInterval(listen, LISTEN_MS)
    signals.stop.addEventListener('abort', advanced)
    const end = await outcome()
    clearInterval(heart)
    clearInterval(ears)
    beat()
    try {
      await finish(store, id, end)
    } catch (error) {
      report(error)
    }
    store.close()
  }

  return { id, signals, progress: () => progress, training: () => training, ended: work().catch(report) }
}

/** There is no later beat that would make up for it: without it, others see a job that was never finished. */
async function finish(store: Store, id: string, end: JobOutcome): Promise<void> {
  for (const wait of FINISH_AFTER_MS) {
    try {
      return store.jobs.finish(id, end)
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'busy')) throw error
    }
    await pause(wait)
  }
  store.jobs.finish(id, end)
}
