// The queue of a program: it takes its turn at the jobs of the database, which other programs may use too.
import { availableParallelism } from 'node:os'
import type { Activity, JobRow } from './job.ts'
import type { Store, StoredJob } from '../../store/store.ts'
import type { DatabaseAccess } from './database-access.ts'
import { estimateRequest } from './estimate.ts'
import type { JobQueue } from './queue.ts'
import { checked } from './refused-request.ts'
import { createStandings, type Standing } from './standing.ts'
import { assertDoes, assertGoesOn, confinedWork, jobOf, storedWork, workOf } from './work.ts'
import { startWorking, type JobAtWork } from './work-on-job.ts'

/** How soon what other programs did is seen, and the next job is begun (ms). */
const LOOK_MS = 500

/** Changes are told at most so often (ms). */
const TELL_MS = 50

/** A job takes all cores: a second one beside it would only make both slower. */
const JOBS_AT_ONCE = 1

export interface JobQueueOptions {
  readonly database: DatabaseAccess
  /** Whether studies are written only below the database's folder: those who ask may not be people at this machine. */
  readonly confined?: boolean
  /** Task workers of the jobs to come; null: one per core. */
  workers(): number | null
  /** Gets what went wrong beside the jobs, whose own failures are told with them. */
  report(error: unknown): void
}

export function createJobQueue({ database, confined = false, workers, report }: JobQueueOptions): JobQueue {
  const changed = new Set<(activity: Activity) => void>()
  const finished = new Set<(job: JobRow) => void>()
  let activity: Activity = { cursor: 0, paused: false, cores: availableParallelism(), jobs: [] }
  let stored: readonly StoredJob[] = []
  let paused = false
  const standings = createStandings()
  let atWork: JobAtWork | null = null
  let isStarted = false
  let isTakingJobs = false
  let lastProblem: string | null = null
  let looking: Promise<void> | null = null
  let lookTimer: NodeJS.Timeout | undefined
  let tellTimer: NodeJS.Timeout | undefined

  function tell(): void {
    clearTimeout(tellTimer)
    tellTimer = undefined
    const jobs = stored.map((job) => rowOf(job, atWork, standings.of(job)))
    const cores = availableParallelism()
    if (JSON.stringify([paused, cores, jobs]) === JSON.stringify([activity.paused, activity.cores, activity.jobs]))
      return
    activity = { cursor: activity.cursor + 1, paused, cores, jobs }
    for (const listener of changed) listener(activity)
  }

  const tellSoon = () => {
    tellTimer ??= setTimeout(tell, TELL_MS)
  }

  function read(store: Store | null): void {
    stored = store?.jobs.list() ?? []
    standings.read(stored, store)
    paused = store?.jobs.paused() ?? false
    tell()
  }

  async function look(): Promise<void> {
    try {
      read(await database.existing())
      lastProblem = null
      const isFree = stored.filter(isInProgress).length < JOBS_AT_ONCE
      if (isTakingJobs && atWork === null && !paused && isFree && stored.some(({ state }) => state === 'waiting'))
        await takeNext()
    } catch (error) {
      // What the interface shows then is the database's problem; the last answer would be a lie.
      stored = []
      tell()
      reportOnce(error)
    }
  }

  /** A database that cannot be used is so at every look. */
  function reportOnce(error: unknown): void {
    const message = String(error)
    if (message !== lastProblem) report(error)
    lastProblem = message
  }

  /** One look after the other, whoever asks for it. */
  const lookNow = (): Promise<void> => {
    looking = (looking ?? Promise.resolve()).then(look).catch(report)
    return looking
  }

  function lookAgain(): void {
    clearTimeout(lookTimer)
    if (!isStarted) return
    lookTimer = setTimeout(() => void lookNow().finally(lookAgain), LOOK_MS)
    lookTimer.unref()
  }

  async function takeNext(): Promise<void> {
    const store = await database.own()
    let job: StoredJob | null = null
    try {
      job = store.jobs.claim(JOBS_AT_ONCE)
    } finally {
      if (job === null) store.close()
    }
    if (job === null) return
    const begun = startWorking(store, job, workers() ?? undefined, tellSoon, report)
    atWork = begun
    // Before anything that may fail: the queue must learn of the job's end, or it would never take another one.
    void begun.ended.then(() => ended(begun))
    read(await database.existing())
  }

  async function ended({ id }: JobAtWork): Promise<void> {
    atWork = null
    await lookNow()
    const row = activity.jobs.find((job) => job.id === id)
    if (row) for (const listener of finished) listener(row)
  }

  /** Does something with the queue in the database, and shows it at once. */
  async function change<T>(action: (store: Store) => T): Promise<T> {
    const store = await database.writable()
    const result = action(store)
    await lookNow()
    return result
  }

  async function stopAll(how: 'iteration' | 'now'): Promise<void> {
    isTakingJobs = false
    // A look in progress may be about to take a job.
    await looking
    const working = atWork
    working?.signals.request(how)
    tell()
    await working?.ended
    await looking
  }

  return {
    name: 'jobs',
    async start() {
      isStarted = true
      isTakingJobs = true
      await lookNow()
      lookAgain()
    },
    async stop() {
      isStarted = false
      clearTimeout(lookTimer)
      await stopAll('now')
      clearTimeout(tellTimer)
    },
    activity: () => activity,
    onChange(listener) {
      changed.add(listener)
      return () => void changed.delete(listener)
    },
    onFinished(listener) {
      finished.add(listener)
      return () => void finished.delete(listener)
    },
    async add(request, front = false) {
      const existing = await database.existing()
      const work = checked(() => {
        const work = workOf(request, existing)
        return confined ? confinedWork(work, database.file) : work
      })
      return change((store) => {
        const job = store.jobs.add(jobOf(work, store), front)
        checked(() => assertDoes(job, work))
        return job.id
      })
    },
    estimate: async (request) => estimateRequest(request, database.file, await database.existing(), workers()),
    async resume(id) {
      await change((store) => {
        const job = store.jobs.job(id)
        if (job.state === 'waiting' || isInProgress(job)) return
        checked(() => assertGoesOn(storedWork(job), store))
        store.jobs.again(id)
      })
    },
    async stopJob(id, how) {
      if (atWork?.id === id) {
        atWork.signals.request(how)
        tell()
      } else await change((store) => store.jobs.requestStop(id, how))
    },
    async stopRun(run, how) {
      if (atWork?.progress().run === run) {
        atWork.signals.request(how)
        tell()
      } else await change((store) => store.requestStop(run, how))
    },
    stopAll,
    move: (id, before) => change((store) => store.jobs.move(id, before)),
    remove: (id) => change((store) => store.jobs.remove(id)),
    pause: (held) => change((store) => store.jobs.setPaused(held)),
    clearFinished: () => change((store) => store.jobs.clearFinished()),
  }
}

const isInProgress = ({ state }: StoredJob) => state === 'starting' || state === 'running' || state === 'stopping'

/** Of this program's own job it knows more than the database. */
function rowOf(job: StoredJob, atWork: JobAtWork | null, { training, goesOn }: Standing): JobRow {
  const mine = atWork?.id === job.id && isInProgress(job) ? atWork : null
  const { id, kind, name, reason, queuedAt, startedAt, finishedAt } = job
  const { run, done, total, remaining, workers, phase } = mine?.progress() ?? job
  const isStopping = mine?.signals.stop.aborted ?? false
  const ownState = isStopping ? 'stopping' : mine?.progress().phase === null ? 'starting' : 'running'
  return {
    id,
    kind,
    name,
    state: mine ? ownState : job.state,
    reason,
    run,
    done,
    total,
    etaSeconds: remaining,
    workers: isInProgress(job) ? workers : null,
    phase: isInProgress(job) ? phase : null,
    queuedAt,
    startedAt,
    finishedAt,
    training: mine ? mine.training() : training,
    goesOn,
    mine: mine !== null,
  }
}
