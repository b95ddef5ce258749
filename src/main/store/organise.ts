// What people change about runs, whoever works on them: names, notes, tags, marks, and how long a training is to be.
import { tagProblem } from '../../core/runs/tag.ts'
import { SCHEMA_VERSION, totalIterations, type RunConfig } from '../../core/config/settings.ts'
import { StoreError } from './errors.ts'
import type { Organisation } from './organisation-rows.ts'
import { runKey, runKeys } from './run-reference.ts'
import { appendLine } from './run-log.ts'
import { readRun } from './runs.ts'
import type { Run } from './rows.ts'
import { read, write, type Connection } from './transaction.ts'

export function renameRun(connection: Connection, id: string, name: string): void {
  if (name.trim() === '') throw new StoreError('invalid', 'A run needs a name.')
  write(connection, () => {
    const values = { run: runKey(connection, id), name: name.trim() }
    // Its jobs are called as it is; a study's have a name of their own.
    connection
      .prepare(
        `UPDATE jobs SET name = @name FROM runs
         WHERE runs.key = @run AND jobs.run_id = runs.id AND jobs.name = runs.name AND jobs.kind <> 'study'`,
      )
      .run(values)
    connection.prepare('UPDATE runs SET name = @name WHERE key = @run').run(values)
  })
}

/**
 * @param was what they must be for the new ones to take their place; `undefined`: anything
 * @returns what is stored instead, and stays; null where the new ones are stored
 */
export function setNotes(connection: Connection, id: string, notes: string, was: string | undefined): string | null {
  return write(connection, () => {
    const run = runKey(connection, id)
    const stored = connection.prepare('SELECT notes FROM runs WHERE key = ?').pluck().get(run) as string
    if (was !== undefined && stored !== was) return stored
    connection.prepare('UPDATE runs SET notes = ? WHERE key = ?').run(notes, run)
    return null
  })
}

export function organiseRuns(connection: Connection, ids: readonly string[], change: Organisation): void {
  const { pinned, archived, addTags = [], removeTags = [] } = change
  for (const tag of addTags) {
    const problem = tagProblem(tag)
    if (problem !== null) throw new StoreError('invalid', `"${tag}" is not a tag: ${problem}.`)
  }
  // One statement per table: what people select may be thousands of runs.
  write(connection, () => {
    const runs = JSON.stringify(runKeys(connection, ids))
    connection
      .prepare(
        `UPDATE runs SET pinned = coalesce(@pinned, pinned), archived = coalesce(@archived, archived)
         WHERE key IN (SELECT value FROM json_each(@runs))
           AND (pinned <> coalesce(@pinned, pinned) OR archived <> coalesce(@archived, archived))`,
      )
      .run({ runs, pinned: flag(pinned), archived: flag(archived) })
    connection
      .prepare(
        `INSERT INTO run_tags (run, tag)
         SELECT run.value, tag.value FROM json_each(@runs) AS run CROSS JOIN json_each(@tags) AS tag WHERE TRUE
         ON CONFLICT DO NOTHING`,
      )
      .run({ runs, tags: JSON.stringify(addTags) })
    connection
      .prepare(
        `DELETE FROM run_tags
         WHERE run IN (SELECT value FROM json_each(@runs)) AND tag IN (SELECT value FROM json_each(@tags))`,
      )
      .run({ runs, tags: JSON.stringify(removeTags) })
  })
}

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value))

export function extendObstacle(connection: Connection, id: string): string | null {
  return read(connection, () => {
    runKey(connection, id)
    return obstacleOf(connection, readRun(connection, id))
  })
}

function obstacleOf(connection: Connection, { id, kind, status, source, done }: Run): string | null {
  if (kind === 'fine-tune') return 'A fine-tuning ends with its last task; there are no more iterations to ask for.'
  if (status === 'running') return 'It is in progress; stop it first.'
  const state = connection.prepare('SELECT 1 FROM resume_states WHERE run = ?').get(runKey(connection, id))
  if (done > 0 && state === undefined)
    return source === null
      ? 'Its training state is not there any more.'
      : `It was imported from a bundle (${source}), and bundles leave the state of training behind.`
  return null
}

export function extendRun(connection: Connection, id: string, total: number): void {
  if (!Number.isSafeInteger(total)) throw new StoreError('invalid', `${total} is no number of iterations.`)
  write(connection, () => {
    const run = runKey(connection, id)
    const stored = readRun(connection, id)
    const obstacle = obstacleOf(connection, stored)
    if (obstacle !== null) throw new StoreError('conflict', `Run ${id} cannot be extended: ${obstacle}`)
    const before = totalIterations(stored.config)
    if (total <= before)
      throw new StoreError('invalid', `Run ${id} is for ${before} iterations already; ${total} are no more.`)
    connection
      .prepare(
        `UPDATE runs SET config = ?, config_version = ?, total = ?,
           status = CASE status WHEN 'completed' THEN 'stopped' ELSE status END WHERE key = ?`,
      )
      .run(JSON.stringify(withIterations(stored.config, total)), SCHEMA_VERSION, total, run)
    appendLine(connection, run, 'info', `Extended from ${before} to ${total} iterations.`)
    const { method, meta } = stored.config
    if (method === 'meta' && meta.finalKlShare !== 1)
      appendLine(
        connection,
        run,
        'warning',
        `meta.finalKlShare is ${meta.finalKlShare}: the KL bound of the outer step falls over all iterations, so its ` +
          `schedule is stretched from here on, and the run is not what a run of ${total} iterations from the start is.`,
      )
  })
}

const withIterations = (config: RunConfig, iterations: number): RunConfig =>
  config.method === 'meta'
    ? { ...config, meta: { ...config.meta, iterations } }
    : { ...config, preTraining: { ...config.preTraining, iterations } }
