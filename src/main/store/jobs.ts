// The queue of jobs as it lies in the database: any program that uses the database may add to it, and any may do the next.
import type { StopMode } from './stop-requests.ts'
import { StoreError } from './errors.ts'
import { newId } from './ids.ts'
import { isAlive, type Owner } from './owner.ts'
import { read, write, type Connection } from './transaction.ts'

export type JobKind = 'train' | 'resume' | 'fine-tune' | 'study'
export type JobState = 'waiting' | 'starting' | 'running' | 'stopping' | 'done' | 'stopped' | 'failed' | 'interrupted'

export interface NewJob {
  readonly kind: JobKind
  readonly name: string
  /** What is to be done, as JSON; the queue's services know its form. */
  readonly request: string
  /** The run that it is about, where there is one already. */
  readonly run: string | null
}

/** How far a job is, and what it is doing. */
export interface JobProgress {
  readonly run: string | null
  readonly done: number
  readonly total: number
  /** Seconds until its end; null where it cannot be said yet. */
  readonly remaining: number | null
  readonly workers: number | null
  readonly phase: string | null
}

export interface StoredJob extends JobProgress {
  readonly id: string
  readonly kind: JobKind
  readonly name: string
  readonly request: string
  /** `interrupted` is never stored: its owner is dead or silent, as that of its run is. */
  readonly state: JobState
  readonly reason: string | null
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  /** Token of the open store that works or worked on it. */
  readonly owner: string | null
}

export type JobOutcome =
  | { readonly state: 'done' | 'stopped'; readonly run: string | null }
  | { readonly state: 'failed'; readonly run: string | null; readonly reason: string }

/** The questions that the store answers about jobs. */
export interface JobStore {
  /** The token that this store's claims carry. */
  readonly owner: string
  /**
   * Appends a job, or puts it before all that wait. One about a run that another job is to go on with, or is about to, is
   * not added: the answer is that other job.
   */
  add(job: NewJob, front: boolean): StoredJob
  job(id: string): StoredJob
  /** In progress, then waiting in their order, then the newest finished. */
  list(): StoredJob[]
  paused(): boolean
  setPaused(paused: boolean): void
  /** @param before a waiting job; null: to the end */
  move(id: string, before: string | null): void
  /**
   * Lets a job that ended without being done wait again, as the last. One that waits or is worked on stays as it is.
   * Refused while another job is to go on with its run.
   */
  again(id: string): void
  /** Refused while somebody works on it. */
  remove(id: string): void
  clearFinished(): void
  /** Takes the next waiting job, unless the queue is paused or `atOnce` jobs are in progress, in whatever program. */
  claim(atOnce: number): StoredJob | null
  /** Its owner's sign of life; at least every `HEARTBEAT_MS`. */
  beat(id: string, progress: JobProgress): void
  /** A waiting job is stopped at once; the owner of one in progress reads the wish by `stopRequested`. */
  requestStop(id: string, how: StopMode): void
  stopRequested(id: string): StopMode | null
  finish(id: string, outcome: JobOutcome): void
}

/** So many finished jobs are remembered. */
const FINISHED_KEPT = 200

const COLUMNS = `
  id, kind, name, request, state, reason, queued_at AS queuedAt, started_at AS startedAt, finished_at AS finishedAt,
  owner_token AS owner, run_id AS run, done, total, remaining, workers, phase,
  stop, owner_pid AS pid, owner_host AS host, heartbeat_at AS heartbeatAt`

interface Row extends Omit<StoredJob, 'state'> {
  readonly state: Exclude<JobState, 'stopping' | 'interrupted'>
  readonly stop: StopMode | null
  readonly pid: number | null
  readonly host: string | null
  readonly heartbeatAt: number | null
}

const INTERRUPTED =
  'The program that worked on it ended. What was saved is there: Resume goes on from it. Only what waits begins by itself.'

const isInProgress = ({ state }: Pick<Row, 'state'>) => state === 'starting' || state === 'running'

function isLiving(row: Row): boolean {
  const { pid, host, heartbeatAt } = row
  return isInProgress(row) && isAlive({ pid: pid!, host: host! }, heartbeatAt!, Date.now())
}

function shown(row: Row): StoredJob {
  const { stop, pid: _pid, host: _host, heartbeatAt, ...job } = row
  if (!isInProgress(row)) return job
  if (isLiving(row)) return stop === null ? job : { ...job, state: 'stopping' }
  return { ...job, state: 'interrupted', reason: INTERRUPTED, finishedAt: heartbeatAt, remaining: null }
}

export function openJobs(connection: Connection, owner: Owner): JobStore {
  const rowOf = (id: string): Row => {
    const row = connection.prepare(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`).get(id) as Row | undefined
    if (!row) throw new StoreError('unknown', `There is no job ${id}.`)
    return row
  }
  const waitingRow = (id: string): Row => {
    const row = rowOf(id)
    if (row.state !== 'waiting') throw new StoreError('conflict', `Job ${id} (${row.name}) does not wait any more.`)
    return row
  }
  const rowsInProgress = () =>
    connection
      .prepare(`SELECT ${COLUMNS} FROM jobs WHERE state IN ('starting', 'running') ORDER BY started_at, key`)
      .all() as Row[]
  const isPaused = () => connection.prepare('SELECT paused FROM job_queue').pluck().get() === 1
  const waitingIds = () =>
    connection.prepare("SELECT id FROM jobs WHERE state = 'waiting' ORDER BY position, key").pluck().all() as string[]
  /** The job that waits or is in progress for a run. */
  const pendingRow = (run: string): Row | undefined => {
    const rows = connection
      .prepare(
        `SELECT ${COLUMNS} FROM jobs WHERE run_id = ? AND state IN ('waiting', 'starting', 'running') ORDER BY key`,
      )
      .all(run) as Row[]
    return rows.find((row) => row.state === 'waiting' || isLiving(row))
  }
  const setOrder = (ids: readonly string[]) => {
    const place = connection.prepare('UPDATE jobs SET position = ? WHERE id = ?')
    ids.forEach((id, position) => place.run(position, id))
  }
  /** @returns whether this store works on the job */
  const update = (id: string, assignments: string, values: Readonly<Record<string, unknown>>) => {
    const { changes } = connection
      .prepare(
        `UPDATE jobs SET ${assignments}, heartbeat_at = @now WHERE id = @id AND owner_token = @token AND
        state IN ('starting', 'running')`,
      )
      .run({ ...values, id, now: Date.now(), token: owner.token })
    if (changes === 0) throw new StoreError('conflict', `Job ${id} is not (or no longer) this program's.`)
  }

  return {
    owner: owner.token,
    add({ kind, name, request, run }, front) {
      return write(connection, () => {
        const pending = run === null ? undefined : pendingRow(run)
        if (pending !== undefined) return shown(pending)
        const id = newId()
        connection
          .prepare(
            `INSERT INTO jobs (id, kind, name, request, state, position, queued_at, run_id)
             VALUES (@id, @kind, @name, @request, 'waiting', 0, @now, @run)`,
          )
          .run({ id, kind, name, request, run, now: Date.now() })
        const others = waitingIds().filter((other) => other !== id)
        setOrder(front ? [id, ...others] : [...others, id])
        return shown(rowOf(id))
      })
    },
    job: (id) => read(connection, () => shown(rowOf(id))),
    list() {
      return read(connection, () => {
        const select = (condition: string) =>
          connection.prepare(`SELECT ${COLUMNS} FROM jobs WHERE ${condition}`).all() as Row[]
        const inProgress = rowsInProgress().map(shown)
        const finished = [
          ...inProgress.filter(({ state }) => state === 'interrupted'),
          ...select("state IN ('done', 'stopped', 'failed')").map(shown),
        ].sort((a, b) => b.finishedAt! - a.finishedAt!)
        return [
          ...inProgress.filter(({ state }) => state !== 'interrupted'),
          ...select("state = 'waiting' ORDER BY position, key").map(shown),
          ...finished,
        ]
      })
    },
    paused: () => read(connection, isPaused),
    setPaused: (paused) =>
      write(connection, () => void connection.prepare('UPDATE job_queue SET paused = ?').run(paused ? 1 : 0)),
    move(id, before) {
      write(connection, () => {
        waitingRow(id)
        if (before === id) return
        if (before !== null) waitingRow(before)
        const others = waitingIds().filter((other) => other !== id)
        const at = before === null ? others.length : others.indexOf(before)
        setOrder([...others.slice(0, at), id, ...others.slice(at)])
      })
    },
    again(id) {
      write(connection, () => {
        const row = rowOf(id)
        if (row.state === 'waiting' || isLiving(row)) return
        if (row.state === 'done') throw new StoreError('conflict', `Job ${id} (${row.name}) is done.`)
        if (row.run !== null && pendingRow(row.run) !== undefined)
          throw new StoreError('conflict', `Another job is to go on with ${row.name} already.`)
        connection
          .prepare(
            `UPDATE jobs SET state = 'waiting', reason = NULL, stop = NULL, queued_at = @now, started_at = NULL,
               finished_at = NULL, owner_token = NULL, owner_pid = NULL, owner_host = NULL, heartbeat_at = NULL,
               done = 0, total = 0, remaining = NULL, workers = NULL, phase = NULL WHERE id = @id`,
          )
          .run({ id, now: Date.now() })
        setOrder([...waitingIds().filter((other) => other !== id), id])
      })
    },
    remove(id) {
      write(connection, () => {
        const row = rowOf(id)
        if (isLiving(row))
          throw new StoreError('conflict', `Job ${id} (${row.name}) is in progress: stop it before it is removed.`)
        connection.prepare('DELETE FROM jobs WHERE id = ?').run(id)
      })
    },
    clearFinished() {
      write(connection, () => {
        const dead = rowsInProgress().filter((row) => !isLiving(row))
        const remove = connection.prepare('DELETE FROM jobs WHERE id = ?')
        for (const { id } of dead) remove.run(id)
        connection.prepare("DELETE FROM jobs WHERE state IN ('done', 'stopped', 'failed')").run()
      })
    },
    claim(atOnce) {
      return write(connection, () => {
        if (isPaused() || rowsInProgress().filter(isLiving).length >= atOnce) return null
        const [id] = waitingIds()
        if (id === undefined) return null
        connection
          .prepare(
            `UPDATE jobs SET state = 'starting', stop = NULL, started_at = @now, heartbeat_at = @now,
               owner_token = @token, owner_pid = @pid, owner_host = @host WHERE id = @id`,
          )
          .run({ id, now: Date.now(), ...owner })
        return shown(rowOf(id))
      })
    },
    beat: (id, progress) =>
      write(connection, () =>
        update(
          id,
          `state = 'running', run_id = (SELECT id FROM runs WHERE id = @run), done = @done, total = @total, remaining = @remaining,
           workers = @workers, phase = @phase`,
          { ...progress },
        ),
      ),
    requestStop(id, how) {
      write(connection, () => {
        const row = rowOf(id)
        if (row.state === 'waiting')
          connection.prepare("UPDATE jobs SET state = 'stopped', finished_at = ? WHERE id = ?").run(Date.now(), id)
        else if (!isLiving(row))
          throw new StoreError('conflict', `Job ${id} (${row.name}) is not in progress: there is nothing to stop.`)
        else if (row.stop !== 'now') connection.prepare('UPDATE jobs SET stop = ? WHERE id = ?').run(how, id)
      })
    },
    stopRequested: (id) => read(connection, () => rowOf(id).stop),
    finish(id, outcome) {
      write(connection, () => {
        const { state, run } = outcome
        const reason = outcome.state === 'failed' ? outcome.reason : null
        update(
          id,
          'state = @state, reason = @reason, run_id = (SELECT id FROM runs WHERE id = @run), remaining = NULL, finished_at = @now',
          {
            state,
            reason,
            run,
          },
        )
        connection
          .prepare(
            `DELETE FROM jobs WHERE key IN (SELECT key FROM jobs WHERE state IN ('done', 'stopped', 'failed')
               ORDER BY finished_at DESC LIMIT -1 OFFSET ?)`,
          )
          .run(FINISHED_KEPT)
      })
    },
  }
}
