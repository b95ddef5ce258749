import { keepLast } from './checkpoints.ts'
import { deleteUnreferencedBlobs } from './blobs.ts'
import { StoreError } from './errors.ts'
import { newId } from './ids.ts'
import { isAlive, SILENCE_MS, type Owner } from './owner.ts'
import { recountTraining } from './result-numbers.ts'
import { appendLine } from './run-log.ts'
import { resolveRun, runKey } from './run-reference.ts'
import { recountLongBuckets } from './series.ts'
import { SCHEMA_VERSION } from '../../core/config/settings.ts'
import type { ChangedFacts, TrainerIdentity } from '../trainer/client.ts'
import type { LeftOut } from './bundle/bundle.ts'
import { storedConfig } from './stored-config.ts'
import type { NewRun, Run, RunFilter, RunOutcome, RunStatus, RunSummary } from './store.ts'
import { read, write, type Connection } from './transaction.ts'

const SUMMARY_COLUMNS = `
  id, name, kind, method, status, reason, seed, world, algorithm, cost_limit AS costLimit, done, total, env_steps AS envSteps,
  created_at AS createdAt, started_at AS startedAt, finished_at AS finishedAt, heartbeat_at AS heartbeatAt,
  source, owner_pid AS pid, owner_host AS host`

export type StoredStatus = Exclude<RunStatus, 'interrupted'>
type SummaryRow = Omit<RunSummary, 'status'> & {
  readonly status: StoredStatus
  readonly pid: number
  readonly host: string
}

export function createRun(connection: Connection, owner: Owner, appVersion: string, run: NewRun): Run {
  return write(connection, () => {
    const now = Date.now()
    const parent = run.parentCheckpoint === undefined ? null : checkpointKey(connection, run.parentCheckpoint)
    const id = newId()
    connection
      .prepare(
        `INSERT INTO runs (id, name, kind, status, config, config_version, trainer, app_version, total, created_at,
           started_at, owner_token, owner_pid, owner_host, heartbeat_at, parent_checkpoint, tasks)
         VALUES (@id, @name, @kind, 'running', @config, @configVersion, @trainer, @appVersion, @total, @now,
           @now, @token, @pid, @host, @now, @parent, @tasks)`,
      )
      .run({
        id,
        name: run.name,
        kind: run.kind,
        config: JSON.stringify(run.config),
        configVersion: run.config.schemaVersion,
        trainer: JSON.stringify(run.trainer),
        appVersion,
        total: run.total,
        now,
        ...owner,
        parent,
        tasks: run.tasks === undefined ? null : JSON.stringify(run.tasks),
      })
    return readRun(connection, id)
  })
}

function checkpointKey(connection: Connection, id: string): number {
  const row = connection.prepare('SELECT key FROM checkpoints WHERE id = ?').get(id) as { key: number } | undefined
  if (!row) throw new StoreError('unknown', `There is no checkpoint ${id}.`)
  return row.key
}

export function listRuns(connection: Connection, { kind, limit }: RunFilter = {}): RunSummary[] {
  const rows = read(connection, () =>
    connection
      .prepare(
        `SELECT ${SUMMARY_COLUMNS} FROM runs WHERE binned_at IS NULL AND (@kind IS NULL OR kind = @kind) ORDER BY key DESC LIMIT @limit`,
      )
      .all({ kind: kind ?? null, limit: limit ?? -1 }),
  ) as SummaryRow[]
  return rows.map(summaryOf)
}

function summaryOf({ pid, host, ...row }: SummaryRow): RunSummary {
  return { ...row, status: shownStatus(row.status, { pid, host }, row.heartbeatAt) }
}

export function shownStatus(status: StoredStatus, owner: Pick<Owner, 'pid' | 'host'>, heartbeatAt: number): RunStatus {
  return status === 'running' && !isAlive(owner, heartbeatAt, Date.now()) ? 'interrupted' : status
}

/** @param id complete, see `resolveRun` */
export function readRun(connection: Connection, id: string): Run {
  const row = connection
    .prepare(
      `SELECT ${SUMMARY_COLUMNS}, config, config_version AS configVersion, trainer, app_version AS appVersion, tasks,
         notes, source_run AS sourceRun, left_out AS leftOut,
         (SELECT id FROM checkpoints WHERE key = parent_checkpoint) AS parentCheckpoint,
         (SELECT parent.id FROM checkpoints JOIN runs AS parent ON parent.key = checkpoints.run
          WHERE checkpoints.key = runs.parent_checkpoint) AS parentRun
       FROM runs WHERE id = ?`,
    )
    .get(id) as SummaryRow & {
    config: string
    configVersion: number
    trainer: string
    appVersion: string
    notes: string
    parentRun: string | null
    parentCheckpoint: string | null
    tasks: string | null
    sourceRun: string | null
    leftOut: string | null
  }
  const {
    config,
    configVersion,
    trainer,
    appVersion,
    notes,
    parentRun,
    parentCheckpoint,
    tasks,
    sourceRun,
    leftOut,
    ...summary
  } = row
  if (configVersion > SCHEMA_VERSION)
    throw new StoreError(
      'newer',
      `Run ${id} was configured by version ${appVersion} of this program, which is newer (settings ${configVersion}, ` +
        `known here: ${SCHEMA_VERSION}).`,
    )
  return {
    ...summaryOf(summary),
    config: storedConfig(id, { config, configVersion }),
    trainer: JSON.parse(trainer) as TrainerIdentity,
    appVersion,
    notes,
    parentRun,
    parentCheckpoint,
    tasks: tasks === null ? null : (JSON.parse(tasks) as number[]),
    sourceRun,
    leftOut: leftOut === null ? null : (JSON.parse(leftOut) as LeftOut),
    owner: { pid: summary.pid, host: summary.host },
  }
}

export function findRun(connection: Connection, reference: string): Run {
  return read(connection, () => readRun(connection, resolveRun(connection, reference)))
}

export function resumeRun(
  connection: Connection,
  owner: Owner,
  appVersion: string,
  id: string,
  trainer: TrainerIdentity,
): Run {
  return write(connection, () => {
    const key = runKey(connection, id)
    const stored = readRun(connection, id)
    refuseLiving(stored, 'resumed')
    refuseBinned(connection, id)
    // Who worked on it could not say so any more.
    if (stored.status === 'interrupted') appendLine(connection, key, 'warning', interruptedText(stored))
    if (stored.kind === 'train') {
      recountTraining(connection, key, stored.method)
      recountLongBuckets(connection, key)
    }
    connection
      .prepare(
        `UPDATE runs SET status = 'running', reason = NULL, trainer = @trainer, app_version = @appVersion,
           started_at = @now, finished_at = NULL, heartbeat_at = @now,
           owner_token = @token, owner_pid = @pid, owner_host = @host
         WHERE id = @id`,
      )
      .run({ id, trainer: JSON.stringify(trainer), appVersion, now: Date.now(), ...owner })
    return readRun(connection, id)
  })
}

const interruptedText = ({ owner, heartbeatAt, done, total }: Run): string =>
  `Interrupted after ${done} of ${total}: process ${owner.pid} on ${owner.host} ended without a word; its last sign of ` +
  `life was at ${new Date(heartbeatAt).toISOString()}.`

export function noteChange(
  connection: Connection,
  owner: Owner,
  id: string,
  change: string,
  facts: ChangedFacts = {},
): void {
  write(connection, () => {
    const key = signAsOwner(connection, owner, id)
    const json = connection.prepare('SELECT trainer FROM runs WHERE key = ?').pluck().get(key) as string
    const trainer = JSON.parse(json) as TrainerIdentity
    const changed: TrainerIdentity = { ...trainer, ...facts, changes: [...(trainer.changes ?? []), change] }
    connection.prepare('UPDATE runs SET trainer = ? WHERE key = ?').run(JSON.stringify(changed), key)
  })
}

function refuseBinned(connection: Connection, id: string): void {
  const binned = connection.prepare('SELECT binned_at IS NOT NULL FROM runs WHERE id = ?').pluck().get(id)
  if (binned === 1) throw new StoreError('conflict', `Run ${id} is in the bin; restore it before it can be resumed.`)
}

function refuseLiving(run: Run, action: string): void {
  if (run.status !== 'running') return
  const { pid, host } = run.owner
  throw new StoreError(
    'conflict',
    `Run ${run.id} is in progress (process ${pid} on ${host}); stop it before it can be ${action}.`,
  )
}

/** @param id of a run that must exist and that nobody may be working on, to be read as it stands */
export function refuseLivingRun(connection: Connection, id: string, action: string): void {
  runKey(connection, id)
  refuseLiving(readRun(connection, id), action)
}

/** In the place of the time when a run was binned: its deletion has begun, and what is left of it cannot come back. */
export const DELETING = 0

/**
 * Asserts in the current transaction that this session owns the run, and signs for it. Returns the run's key. An owner that
 * was silent for so long that its run could be put into the bin takes it out again.
 */
export function signAsOwner(connection: Connection, owner: Owner, id: string): number {
  const key = runKey(connection, id)
  const signed = connection
    .prepare(
      `UPDATE runs SET heartbeat_at = @now,
         active_seconds = active_seconds + max(min(@now - heartbeat_at, ${SILENCE_MS}), 0) / 1000.0
       WHERE key = @key AND owner_token = @token AND status = 'running' AND binned_at IS NOT ${DELETING}`,
    )
    .run({ now: Date.now(), key, token: owner.token })
  if (signed.changes === 1) {
    // A statement of its own: every write of this column is a change of the list, and signs of life are none.
    connection.prepare('UPDATE runs SET binned_at = NULL WHERE key = ? AND binned_at IS NOT NULL').run(key)
    return key
  }
  throw new StoreError(
    'conflict',
    `Run ${id} is not (or no longer) this process's: it was ended, deleted or taken over.`,
  )
}

export function finishRun(connection: Connection, owner: Owner, id: string, outcome: RunOutcome): void {
  write(connection, () => {
    const key = signAsOwner(connection, owner, id)
    // A failed run writes as little as it can, since a full disk may be why; its resume state is there anyway.
    if (outcome.status !== 'failed') keepLast(connection, key)
    const reason = outcome.status === 'failed' ? outcome.reason : null
    connection
      .prepare('UPDATE runs SET status = ?, reason = ?, finished_at = ? WHERE key = ?')
      .run(outcome.status, reason, Date.now(), key)
  })
}

export function deleteRun(connection: Connection, id: string): void {
  write(connection, () => {
    const key = runKey(connection, id)
    refuseLiving(readRun(connection, id), 'deleted')
    connection.prepare('DELETE FROM runs WHERE key = ?').run(key)
    deleteUnreferencedBlobs(connection)
  })
}

/** Deletes the runs of a bundle, and the checkpoints that came with it without a run, unless other runs start from them. */
export function deleteSource(connection: Connection, source: string): number {
  return write(connection, () => {
    const ids = connection.prepare('SELECT id FROM runs WHERE source = ?').pluck().all(source) as string[]
    if (ids.length === 0) throw new StoreError('unknown', unknownSource(connection, source))
    for (const id of ids) refuseLiving(readRun(connection, id), 'deleted')
    connection.prepare('DELETE FROM runs WHERE source = ?').run(source)
    connection.prepare('DELETE FROM comparisons WHERE source = ?').run(source)
    connection
      .prepare(
        `DELETE FROM checkpoints WHERE kind = 'imported' AND source = ?
           AND key NOT IN (SELECT checkpoint FROM initialisations WHERE checkpoint IS NOT NULL)
           AND key NOT IN (SELECT parent_checkpoint FROM runs WHERE parent_checkpoint IS NOT NULL)`,
      )
      .run(source)
    deleteUnreferencedBlobs(connection)
    return ids.length
  })
}

function unknownSource(connection: Connection, source: string): string {
  const known = connection
    .prepare('SELECT DISTINCT source FROM runs WHERE source IS NOT NULL ORDER BY source')
    .pluck()
    .all() as string[]
  const those = known.length === 0 ? 'none was imported' : `there are runs of ${known.join(', ')}`
  return `No run of ${connection.name} came from a bundle "${source}": ${those}.`
}
