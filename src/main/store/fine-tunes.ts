import type { FineTuneResult } from '../../core/training/jobs.ts'
import { StoreError } from './errors.ts'
import type { Owner } from './owner.ts'
import { countFineTuning } from './result-numbers.ts'
import { runKey } from './run-reference.ts'
import { signAsOwner } from './runs.ts'
import { SELECT_STEP_COLUMNS, STEP_COLUMNS, STEP_PARAMETERS, stepRow, stepValues } from './step-columns.ts'
import type { FineTuneRow, InitialisationInput, InitialisationRow } from './store.ts'
import { read, write, type Connection } from './transaction.ts'

export function declareInitialisations(
  connection: Connection,
  owner: Owner,
  id: string,
  initialisations: readonly InitialisationInput[],
): InitialisationRow[] {
  return write(connection, () => {
    const run = signAsOwner(connection, owner, id)
    if (selectInitialisations(connection, run).length > 0)
      throw new StoreError('conflict', `Run ${id} has its initialisations already.`)
    initialisations.forEach(({ label, checkpoint }, position) => {
      const { key, sha256 } = checkpoint === null ? { key: null, sha256: null } : contentOf(connection, checkpoint)
      const kind = checkpoint === null ? 'random' : 'checkpoint'
      connection
        .prepare(
          'INSERT INTO initialisations (run, position, label, kind, checkpoint, sha256) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(run, position, label, kind, key, sha256)
    })
    return selectInitialisations(connection, run)
  })
}

function contentOf(connection: Connection, checkpoint: string): { key: number; sha256: string } {
  const row = connection.prepare('SELECT key, sha256 FROM checkpoints WHERE id = ?').get(checkpoint)
  if (!row) throw new StoreError('unknown', `There is no checkpoint ${checkpoint}.`)
  return row as { key: number; sha256: string }
}

export function listInitialisations(connection: Connection, id: string): InitialisationRow[] {
  return read(connection, () => selectInitialisations(connection, runKey(connection, id)))
}

function selectInitialisations(connection: Connection, run: number): InitialisationRow[] {
  return connection
    .prepare(
      `SELECT position AS "index", label, kind, (SELECT id FROM checkpoints WHERE key = checkpoint) AS checkpoint, sha256
       FROM initialisations WHERE run = ? ORDER BY position`,
    )
    .all(run) as InitialisationRow[]
}

export function commitFineTuneResult(
  connection: Connection,
  owner: Owner,
  id: string,
  initialisation: number,
  { task, evaluations, steps }: FineTuneResult,
): void {
  write(connection, () => {
    const run = signAsOwner(connection, owner, id)
    if (!selectInitialisations(connection, run).some(({ index }) => index === initialisation))
      throw new StoreError('unknown', `Run ${id} has no initialisation ${initialisation}.`)
    const known = connection.prepare('SELECT 1 FROM fine_tune_steps WHERE run = ? AND initialisation = ? AND task = ?')
    if (known.get(run, initialisation, task))
      throw new StoreError(
        'conflict',
        `Run ${id} has a result of task ${task} from initialisation ${initialisation} already.`,
      )
    const insert = connection.prepare(
      `INSERT INTO fine_tune_steps (run, initialisation, task, step, ${STEP_COLUMNS})
       VALUES (@run, @initialisation, @task, @step, ${STEP_PARAMETERS})`,
    )
    evaluations.forEach((evaluation, step) => {
      const where = `fine-tuning from initialisation ${initialisation}, task ${task}, step ${step}`
      insert.run({ run, initialisation, task, step, ...stepValues(where, { ...evaluation, ...steps[step] }) })
    })
    const transitions = evaluations.reduce((sum, evaluation) => sum + evaluation.transitions, 0)
    // A training may be followed by a fine-tuning of its own; its progress counts iterations only.
    countFineTuning(connection, run, transitions)
  })
}

export function listFineTuneRows(connection: Connection, id: string): FineTuneRow[] {
  const rows = read(connection, () =>
    connection
      .prepare(
        `SELECT initialisation, task, step, ${SELECT_STEP_COLUMNS} FROM fine_tune_steps
         WHERE run = ? ORDER BY initialisation, task, step`,
      )
      .all(runKey(connection, id)),
  ) as Parameters<typeof stepRow<Pick<FineTuneRow, 'initialisation' | 'task' | 'step'>>>[0][]
  return rows.map(stepRow)
}

export function hasLongestCostRuns(connection: Connection, id: string): boolean {
  return read(connection, () => {
    const missing = connection.prepare(
      'SELECT EXISTS (SELECT 1 FROM fine_tune_steps WHERE run = ? AND longest_cost_run IS NULL)',
    )
    return missing.pluck().get(runKey(connection, id)) === 0
  })
}

export function fineTuneDone(connection: Connection, id: string): { initialisation: number; task: number }[] {
  return read(connection, () =>
    connection
      .prepare(
        'SELECT initialisation, task FROM fine_tune_steps WHERE run = ? AND step = 0 ORDER BY initialisation, task',
      )
      .all(runKey(connection, id)),
  ) as { initialisation: number; task: number }[]
}
