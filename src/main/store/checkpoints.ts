import { deleteBlobIfUnreferenced, getBlob, putBlob, verified } from './blobs.ts'
import { parseCard, type CheckpointCard } from './checkpoint/card.ts'
import { decodeCheckpointFile, encodeCheckpoint, type CheckpointFile } from './checkpoint/checkpoint.ts'
import { CheckpointError } from './checkpoint/safetensors.ts'
import { weightsSha256 } from './checkpoint/weights.ts'
import { StoreError } from './errors.ts'
import { newId } from './ids.ts'
import { resolveRun, runKey } from './run-reference.ts'
import type { Checkpoint, CheckpointKind, CheckpointRow } from './store.ts'
import { read, write, type Connection } from './transaction.ts'

const COLUMNS = `
  checkpoints.id, checkpoints.kind, (SELECT id FROM runs WHERE key = checkpoints.run) AS run, iteration,
  checkpoints.env_steps AS envSteps, checkpoints.sha256,
  (SELECT length(data) FROM blobs WHERE blobs.sha256 = checkpoints.sha256) AS size,
  checkpoints.created_at AS createdAt, source`

interface NewCheckpoint {
  readonly kind: CheckpointKind
  /** Key of its run. */
  readonly run: number | null
  readonly iteration: number
  readonly envSteps: number
  readonly source: string | null
  readonly card: string | null
}

/** Within the caller's transaction. Of the kind `last` a run has at most one, and none of its others is newer. */
export function keepCheckpoint(connection: Connection, checkpoint: NewCheckpoint, bytes: Uint8Array): CheckpointRow {
  if (checkpoint.run !== null) retireLast(connection, checkpoint.run)
  const id = newId()
  connection
    .prepare(
      `INSERT INTO checkpoints (id, run, kind, iteration, env_steps, sha256, source, card, created_at)
       VALUES (@id, @run, @kind, @iteration, @envSteps, @sha256, @source, @card, @now)`,
    )
    .run({ ...checkpoint, id, sha256: putBlob(connection, bytes), now: Date.now() })
  return byId(connection, id)!
}

/** Deletes the checkpoint that a newer one replaces; one that other runs or jobs start from stays, as a milestone. */
function retireLast(connection: Connection, run: number): void {
  const old = connection
    .prepare(
      `SELECT key, sha256,
         EXISTS (SELECT 1 FROM initialisations WHERE checkpoint = checkpoints.key) OR
         EXISTS (SELECT 1 FROM runs WHERE parent_checkpoint = checkpoints.key) OR
         EXISTS (SELECT 1 FROM jobs WHERE state IN ('waiting', 'starting', 'running') AND instr(request, checkpoints.id))
           AS used
       FROM checkpoints WHERE run = ? AND kind = 'last'`,
    )
    .get(run) as { key: number; sha256: string; used: number } | undefined
  if (!old) return
  if (old.used) {
    connection.prepare("UPDATE checkpoints SET kind = 'milestone' WHERE key = ?").run(old.key)
    return
  }
  connection.prepare('DELETE FROM checkpoints WHERE key = ?').run(old.key)
  deleteBlobIfUnreferenced(connection, old.sha256)
}

/** Keeps a run's newest state as its `last` checkpoint; null before the first iteration. */
export function keepLast(connection: Connection, run: number): CheckpointRow | null {
  const newest = connection
    .prepare(
      `SELECT iteration, sha256, data, (SELECT env_steps FROM runs WHERE key = run) AS envSteps
       FROM resume_states WHERE run = ?`,
    )
    .get(run) as { iteration: number; sha256: string; data: Uint8Array; envSteps: number } | undefined
  // An imported run has its last checkpoint without the state behind it.
  if (!newest) return one(connection, "run = ? AND kind = 'last'", run) ?? null
  const current = one(connection, "run = ? AND kind = 'last'", run)
  if (current?.sha256 === newest.sha256) return current
  const bytes = verified(newest.data, newest.sha256, `the resume state of iteration ${newest.iteration}`)
  const { iteration, envSteps } = newest
  return keepCheckpoint(connection, { kind: 'last', run, iteration, envSteps, source: null, card: null }, bytes)
}

/** In sight. */
function one(connection: Connection, where: string, ...values: unknown[]): CheckpointRow | undefined {
  const sql = `SELECT ${COLUMNS} FROM checkpoints WHERE removed_at IS NULL AND ${where} ORDER BY key DESC LIMIT 1`
  return connection.prepare(sql).get(...values) as CheckpointRow | undefined
}

const byId = (connection: Connection, id: string) => one(connection, 'id = ?', id)

export function listCheckpoints(connection: Connection, run?: string): CheckpointRow[] {
  return read(connection, () => {
    const key = run === undefined ? null : runKey(connection, run)
    // A state may be kept long after later ones, e.g. once a fine-tuning started from it.
    const order = key === null ? 'key DESC' : 'iteration DESC, key DESC'
    return connection
      .prepare(
        `SELECT ${COLUMNS} FROM checkpoints
         WHERE removed_at IS NULL AND (@run IS NULL OR run = @run) ORDER BY ${order}`,
      )
      .all({ run: key }) as CheckpointRow[]
  })
}

export function findCheckpoint(connection: Connection, reference: string): CheckpointRow {
  const direct = read(connection, () => byId(connection, reference) ?? byHash(connection, reference))
  if (direct) return direct
  const at = reference.lastIndexOf('@')
  const runPart = at < 0 ? reference : reference.slice(0, at)
  const which = at < 0 ? 'last' : reference.slice(at + 1)
  // A finished run's newest state is kept already: reading it needs no right to write.
  const kept = read(connection, () => {
    const run = resolveRunOfCheckpoint(connection, runPart, reference)
    return which === 'last' ? currentLast(connection, runKey(connection, run)) : undefined
  })
  if (kept) return kept
  return write(connection, () => ofRun(connection, resolveRunOfCheckpoint(connection, runPart, reference), which))
}

/** The `last` checkpoint of a run that has not moved on since it was kept; of an imported run, the one it has. */
function currentLast(connection: Connection, run: number): CheckpointRow | undefined {
  const newest = connection.prepare('SELECT sha256 FROM resume_states WHERE run = ?').pluck().get(run)
  return one(connection, "run = ? AND kind = 'last' AND sha256 = coalesce(?, sha256)", run, newest ?? null)
}

function byHash(connection: Connection, start: string): CheckpointRow | undefined {
  if (!/^[0-9a-f]{8,64}$/.test(start)) return undefined
  const hashes = connection
    .prepare(
      `SELECT DISTINCT sha256 FROM checkpoints
       WHERE removed_at IS NULL AND substr(sha256, 1, length(@start)) = @start LIMIT 2`,
    )
    .pluck()
    .all({ start }) as string[]
  if (hashes.length > 1) throw new StoreError('unknown', `"${start}" is the beginning of several checkpoints' sha-256.`)
  return hashes[0] === undefined ? undefined : one(connection, 'sha256 = ?', hashes[0])
}

function resolveRunOfCheckpoint(connection: Connection, runPart: string, reference: string): string {
  try {
    return resolveRun(connection, runPart)
  } catch (cause) {
    const reason = (cause as Error).message
    throw new StoreError('unknown', `"${reference}" is neither a checkpoint nor a run's: ${reason}`, { cause })
  }
}

function ofRun(connection: Connection, run: string, which: string): CheckpointRow {
  const key = runKey(connection, run)
  const found =
    which === 'last'
      ? keepLast(connection, key)
      : one(connection, 'run = ? AND CAST(iteration AS TEXT) = ?', key, which)
  if (found) return found
  const kept = connection
    .prepare('SELECT DISTINCT iteration FROM checkpoints WHERE run = ? ORDER BY iteration')
    .pluck()
    .all(key)
  const available = kept.length > 0 ? `kept are the iterations ${kept.join(', ')}` : 'it has none'
  throw new StoreError('unknown', `Run ${run} has no checkpoint "${which}": ${available}.`)
}

export function readCheckpointBytes(connection: Connection, id: string): Uint8Array {
  return read(connection, () => {
    // Also of one that is out of sight: a run that started from it may be at work.
    const sha256 = connection.prepare('SELECT sha256 FROM checkpoints WHERE id = ?').pluck().get(id) as
      string | undefined
    if (sha256 === undefined) throw new StoreError('unknown', `There is no checkpoint ${id}.`)
    return getBlob(connection, sha256, `checkpoint ${id}`)
  })
}

export function readCheckpoint(connection: Connection, id: string): Checkpoint {
  return decoded(readCheckpointBytes(connection, id), `Checkpoint ${id}`).checkpoint
}

export function readCheckpointCard(connection: Connection, id: string): CheckpointCard | null {
  const card = read(connection, () => connection.prepare('SELECT card FROM checkpoints WHERE id = ?').pluck().get(id))
  if (typeof card !== 'string') return null
  try {
    return parseCard(JSON.parse(card))
  } catch {
    // Of a newer version, or written by another program: nothing depends on it.
    return null
  }
}

export function importCheckpoint(connection: Connection, bytes: Uint8Array, source: string): CheckpointRow {
  const { checkpoint, written, card } = decoded(bytes, source)
  // What is in a file for others' sake is derived: without it, the checkpoint has the hash that it had elsewhere.
  const content = card === null ? bytes : encodeCheckpoint(written)
  return write(connection, () => {
    const sha256 = putBlob(connection, content)
    // One that was just removed is wanted again.
    connection.prepare('UPDATE checkpoints SET removed_at = NULL WHERE sha256 = ?').run(sha256)
    const known = one(connection, 'sha256 = ?', sha256) ?? stateOfItsRun(connection, checkpoint, card)
    if (known) {
      if (known.sha256 !== sha256) deleteBlobIfUnreferenced(connection, sha256)
      return known
    }
    const { iteration, envSteps } = checkpoint.state
    const row = {
      kind: 'imported',
      run: null,
      iteration,
      envSteps,
      source,
      card: card && JSON.stringify(card),
    } as const
    return keepCheckpoint(connection, row, content)
  })
}

/**
 * The checkpoint of a run that is here, of which the file is an export. Where the run's was written by an older version,
 * its bytes are others than those that the same checkpoint is exported with.
 */
function stateOfItsRun(connection: Connection, exported: Checkpoint, card: CheckpointCard | null) {
  if (card === null || card.run === null) return undefined
  const ids = connection
    .prepare(
      `SELECT checkpoints.id FROM checkpoints JOIN runs ON runs.key = checkpoints.run
       WHERE runs.id = ? AND checkpoints.iteration = ? AND checkpoints.removed_at IS NULL`,
    )
    .pluck()
    .all(card.run.id, exported.state.iteration) as string[]
  const weights = weightsSha256(exported)
  const id = ids.find((own) => weightsSha256(readCheckpoint(connection, own)) === weights)
  return id === undefined ? undefined : byId(connection, id)
}

export function decoded(bytes: Uint8Array, what: string): CheckpointFile {
  try {
    return decodeCheckpointFile(bytes)
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause
    throw new StoreError('corrupt', `${what} cannot be used: ${cause.message}.`, { cause })
  }
}

/** Takes a checkpoint out of sight; returns since when (ms). */
export function removeCheckpoint(connection: Connection, id: string): number {
  const at = Date.now()
  return write(connection, () => {
    const sql = 'UPDATE checkpoints SET removed_at = ? WHERE id = ? AND removed_at IS NULL'
    if (connection.prepare(sql).run(at, id).changes === 0)
      throw new StoreError('unknown', `There is no checkpoint ${id}.`)
    return at
  })
}

/** Returns whether it is back in sight: it may be deleted meanwhile. */
export function restoreCheckpoint(connection: Connection, id: string): boolean {
  return write(connection, () => {
    const sql = 'UPDATE checkpoints SET removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL'
    return connection.prepare(sql).run(id).changes === 1
  })
}

/** Deletes what was removed before a time (ms): few and small, whoever removes them does so one by one. */
export function purgeCheckpoints(connection: Connection, before: number): void {
  write(connection, () => {
    const hashes = connection
      .prepare('DELETE FROM checkpoints WHERE removed_at < ? RETURNING sha256')
      .pluck()
      .all(before) as string[]
    for (const sha256 of hashes) deleteBlobIfUnreferenced(connection, sha256)
  })
}
