import type { IterationResult } from '../../core/training/iteration.ts'
import type { IterationRecord, MetricName, TaskRecord } from '../../core/training/records.ts'
import type { TrainingState } from '../../core/training/state.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { TrainedEpisode } from '../trainer/client.ts'
import { verified } from './blobs.ts'
import { encodeCheckpoint } from './checkpoint/checkpoint.ts'
import { CheckpointError } from './checkpoint/safetensors.ts'
import { decoded, keepCheckpoint } from './checkpoints.ts'
import { StoreError } from './errors.ts'
import { saveEpisode } from './episodes.ts'
import type { Owner } from './owner.ts'
import { advanceRun } from './result-numbers.ts'
import { runKey } from './run-reference.ts'
import { signAsOwner } from './runs.ts'
import { addToBucket } from './series.ts'
import { sha256 } from './sha256.ts'
import {
  assertStorable,
  SELECT_STEP_COLUMNS,
  STEP_COLUMNS,
  STEP_PARAMETERS,
  stepRow,
  stepValues,
} from './step-columns.ts'
import { storedConfig } from './stored-config.ts'
import type { IterationRange, IterationRow, ResumePoint, RunKind, RunMethod, TaskStepRow } from './store.ts'
import { read, write, type Connection } from './transaction.ts'

export function commitIteration(
  connection: Connection,
  owner: Owner,
  id: string,
  { state, record }: IterationResult,
  milestone: boolean,
  episodes: readonly TrainedEpisode[],
): void {
  write(connection, () => {
    const run = signAsOwner(connection, owner, id)
    const config = storedConfig(id, advance(connection, run, id, record))
    insertRecord(connection, run, record)
    const bytes = encodeState(config, state)
    keepResumeState(connection, run, state.iteration, bytes)
    const kept = { run, iteration: state.iteration, envSteps: state.envSteps, source: null }
    if (milestone) keepCheckpoint(connection, { ...kept, kind: 'milestone', card: null }, bytes)
    for (const { task, step, number, bytes: content, ...numbers } of episodes)
      saveEpisode(
        connection,
        { run: id, initialisation: null, iteration: state.iteration, task, step, episode: number, stochastic: true },
        numbers,
        content,
      )
  })
}

/** Moves the run to its next iteration; there is no way to skip or repeat one. */
function advance(connection: Connection, run: number, id: string, record: IterationRecord) {
  const { kind, method, done, ...stored } = connection
    .prepare('SELECT kind, method, done, config, config_version AS configVersion FROM runs WHERE key = ?')
    .get(run) as { kind: RunKind; method: RunMethod; done: number; config: string; configVersion: number }
  const { iteration } = record
  if (kind !== 'train') throw new StoreError('conflict', `Run ${id} is no training.`)
  if (iteration !== done + 1)
    throw new StoreError('conflict', `Run ${id} stands at iteration ${done}; iteration ${iteration} does not follow.`)
  advanceRun(connection, run, method, record)
  return stored
}

function insertRecord(
  connection: Connection,
  run: number,
  { iteration, envSteps, metrics, tasks }: IterationRecord,
): void {
  connection
    .prepare('INSERT INTO iterations (run, iteration, env_steps, committed_at) VALUES (?, ?, ?, ?)')
    .run(run, iteration, envSteps, Date.now())
  const name = connection.prepare('INSERT INTO metric_names (name) VALUES (?) ON CONFLICT DO NOTHING')
  const metricKey = connection.prepare('SELECT key FROM metric_names WHERE name = ?').pluck()
  const insert = connection.prepare('INSERT INTO metrics (run, metric, iteration, value) VALUES (?, ?, ?, ?)')
  const bucket = addToBucket(connection)
  for (const [metric, value] of Object.entries(metrics)) {
    assertStorable(`iteration ${iteration}`, metric, value)
    name.run(metric)
    const key = metricKey.get(metric) as number
    insert.run(run, key, iteration, value)
    bucket(run, key, iteration, value)
  }
  insertTasks(connection, run, iteration, tasks)
}

function insertTasks(connection: Connection, run: number, iteration: number, tasks: readonly TaskRecord[]): void {
  const insert = connection.prepare(
    `INSERT INTO task_steps (run, iteration, task, step, ${STEP_COLUMNS})
     VALUES (@run, @iteration, @task, @step, ${STEP_PARAMETERS})`,
  )
  for (const { task, steps, after } of tasks)
    [...steps, after].forEach((numbers, step) => {
      const where = `iteration ${iteration}, task ${task}, step ${step}`
      insert.run({ run, iteration, task, step, ...stepValues(where, numbers) })
    })
}

function encodeState(config: RunConfig, state: TrainingState): Uint8Array {
  try {
    return encodeCheckpoint({ config, state })
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause
    throw new StoreError('invalid', `${cause.message}; it was not stored.`, { cause })
  }
}

function keepResumeState(connection: Connection, run: number, iteration: number, bytes: Uint8Array): void {
  connection
    .prepare(
      `INSERT INTO resume_states (run, iteration, sha256, data) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET iteration = excluded.iteration, sha256 = excluded.sha256, data = excluded.data`,
    )
    .run(run, iteration, sha256(bytes), bytes)
}

export function resumeState(connection: Connection, id: string): TrainingState | null {
  const row = read(connection, () =>
    connection.prepare('SELECT iteration, sha256, data FROM resume_states WHERE run = ?').get(runKey(connection, id)),
  ) as { iteration: number; sha256: string; data: Uint8Array } | undefined
  if (!row) return null
  const what = `the resume state of run ${id} (iteration ${row.iteration})`
  return decoded(verified(row.data, row.sha256, what), what).checkpoint.state
}

/** What there is to go on from, without reading it. */
export function resumePoint(connection: Connection, id: string): ResumePoint | null {
  const row = read(connection, () =>
    connection
      .prepare(
        `SELECT iteration, committed_at AS committedAt, length(data) AS size
         FROM resume_states JOIN iterations USING (run, iteration) WHERE run = ?`,
      )
      .get(runKey(connection, id)),
  ) as ResumePoint | undefined
  return row ?? null
}

export function listIterations(connection: Connection, id: string, range: IterationRange): IterationRow[] {
  return read(connection, () => {
    const bounds = { run: runKey(connection, id), ...boundsOf(range) }
    const rows = connection
      .prepare(
        `SELECT iteration, env_steps AS envSteps, committed_at AS committedAt FROM iterations
         WHERE run = @run AND iteration BETWEEN @from AND @to ORDER BY iteration`,
      )
      .all(bounds) as Omit<IterationRow, 'metrics'>[]
    const values = connection
      .prepare(
        `SELECT iteration, name, value FROM metrics JOIN metric_names ON metric_names.key = metrics.metric
         WHERE run = @run AND metric IN (SELECT key FROM metric_names) AND iteration BETWEEN @from AND @to`,
      )
      .all(bounds) as { iteration: number; name: MetricName; value: number }[]
    const metrics = new Map(rows.map(({ iteration }) => [iteration, {} as Partial<Record<MetricName, number>>]))
    for (const { iteration, name, value } of values) metrics.get(iteration)![name] = value
    return rows.map((row) => ({ ...row, metrics: metrics.get(row.iteration)! }))
  })
}

export function boundsOf({ from, to }: IterationRange): { from: number; to: number } {
  return { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER }
}

export function listTaskSteps(connection: Connection, id: string, range: IterationRange): TaskStepRow[] {
  const rows = read(connection, () =>
    connection
      .prepare(
        `SELECT iteration, task, step, ${SELECT_STEP_COLUMNS} FROM task_steps
         WHERE run = @run AND iteration BETWEEN @from AND @to ORDER BY iteration, task, step`,
      )
      .all({ run: runKey(connection, id), ...boundsOf(range) }),
  ) as Parameters<typeof stepRow<Pick<TaskStepRow, 'iteration' | 'task' | 'step'>>>[0][]
  return rows.map(stepRow)
}
