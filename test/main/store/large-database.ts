/**
 * Databases as large as those of people who have used the program for years, made by SQL in seconds; for tests of what
 * many rows change, and for benchmarks. The numbers are made up; they are the same every time.
 */
import Database from 'better-sqlite3'
import { openStore } from '../../../src/main/store/open.ts'
import { METRICS, type MetricName } from '../../../src/core/training/records.ts'
import { recountLongBuckets, STORED_WIDTH } from '../../../src/main/store/series.ts'
import type { Connection } from '../../../src/main/store/transaction.ts'
import { config, metaTraining } from './samples.ts'

/** Metrics of the long training; `secondsTotal` is the axis of computed time. */
export const LONG_METRICS = [
  'returnAfter',
  'costAfter',
  'returnBefore',
  'costBefore',
  'lambda',
  'outerKl',
  'secondsTotal',
] as const satisfies readonly MetricName[]

export interface LargeSize {
  /** Trainings without iterations beside the long one. */
  readonly runs: number
  /** Of the long training. */
  readonly iterations: number
  /** Rows of its heat map: so many first iterations have 20 tasks before and after one step. */
  readonly taskIterations: number
}

const TASKS = 20
const TAGS = ['paper', 'ablation', 'broken', 'check']

/** Fills a new database; the long training is called `long`. Returns the long training's id. */
export async function makeLargeDatabase(file: string, size: LargeSize): Promise<string> {
  const store = await openStore(file, { appVersion: '0.0.0-test', mode: 'create' })
  const settings = config({ meta: { iterations: Math.max(1, size.iterations) } })
  const { id } = store.createRun(metaTraining({ name: 'long', config: settings, total: Math.max(1, size.iterations) }))
  store.finishRun(id, { status: 'completed' })
  store.close()
  const connection = new Database(file)
  try {
    // What is not finished is made anew, so that nothing has to survive a power cut.
    connection.pragma('synchronous = OFF')
    connection.pragma('journal_mode = MEMORY')
    connection.transaction(() => {
      copyRun(connection, size.runs)
      addIterations(connection, size.iterations)
      addTaskSteps(connection, size.taskIterations)
    })()
    connection.pragma('journal_mode = WAL')
  } finally {
    connection.close()
  }
  return id
}

/** The numbers 1 to n. */
const COUNT = 'WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @most)'

function copyRun(connection: Connection, runs: number): void {
  if (runs === 0) return
  const all = connection.pragma('table_xinfo(runs)') as { name: string; hidden: number }[]
  const varied: Readonly<Record<string, string>> = {
    id: "printf('9%012d', n)",
    name: "printf('%s %d', CASE n % 3 WHEN 0 THEN 'baseline' WHEN 1 THEN 'sweep of limits' ELSE 'long horizon' END, n)",
    status: "CASE n % 7 WHEN 0 THEN 'failed' WHEN 1 THEN 'stopped' ELSE 'completed' END",
    config: `json_set(config, '$.seed', n % 50, '$.costLimit', 5 + n % 4 * 5,
      '$.inner.algorithm', CASE n % 3 WHEN 0 THEN 'cpo' WHEN 1 THEN 'pcpo' ELSE 'trpo-lagrangian' END)`,
    created_at: 'created_at - n * 60000',
    started_at: 'started_at - n * 60000',
    finished_at: 'started_at - n * 60000 + 3600000',
    done: 'n % 101',
    total: '100',
    env_steps: 'n % 101 * 20000',
    active_seconds: '3600',
    last_return: 'n * 37 % 1000 / 40.0',
    last_cost: 'n * 53 % 1000 / 25.0',
    best_return: 'n * 37 % 1000 / 35.0',
    best_cost: 'n * 53 % 1000 / 50.0',
    notes: "CASE n % 10 WHEN 0 THEN 'Look at this again.' ELSE '' END",
    archived: 'n % 20 = 0',
  }
  const columns = all.filter(({ name, hidden }) => hidden === 0 && name !== 'key').map(({ name }) => name)
  connection
    .prepare(
      `${COUNT} INSERT INTO runs (${columns.join(', ')})
       SELECT ${columns.map((column) => varied[column] ?? column).join(', ')}
       FROM numbers CROSS JOIN (SELECT * FROM runs ORDER BY key LIMIT 1)`,
    )
    .run({ most: runs })
  connection
    .prepare('INSERT INTO run_tags (run, tag) SELECT key, @tags ->> (key % 4) FROM runs WHERE key % 3 = 0')
    .run({ tags: JSON.stringify(TAGS) })
}

function addIterations(connection: Connection, iterations: number): void {
  if (iterations === 0) return
  const run = connection.prepare("SELECT key FROM runs WHERE name = 'long'").pluck().get() as number
  const of = { run, most: iterations }
  connection
    .prepare(`${COUNT} INSERT INTO iterations SELECT @run, n, 20000 * n, 1700000000000 + 1500 * n FROM numbers`)
    .run(of)
  LONG_METRICS.forEach((name, index) => {
    connection.prepare('INSERT INTO metric_names (name) VALUES (?) ON CONFLICT DO NOTHING').run(name)
    const metric = connection.prepare('SELECT key FROM metric_names WHERE name = ?').pluck().get(name)
    // A rise with waves and a scatter that looks random: 7919 and 1009 are primes.
    connection
      .prepare(
        `${COUNT} INSERT INTO metrics
         SELECT @run, @metric, n, 1 + @index + 20.0 * n / (n + 20000.0) + sin(n / 5000.0) + n * 7919 % 1009 / 1009.0
         FROM numbers`,
      )
      .run({ ...of, metric, index })
  })
  connection
    .prepare(
      `INSERT INTO metric_buckets (run, metric, bucket, count, minimum, maximum, total)
       SELECT run, metric, (iteration - 1) / ${STORED_WIDTH} AS bucket, count(*), min(value), max(value), sum(value)
       FROM metrics WHERE run = ? GROUP BY run, metric, bucket`,
    )
    .run(run)
  copyBuckets(connection, run)
  recountLongBuckets(connection, run)
  connection
    .prepare(
      `UPDATE runs SET done = @most, env_steps = 20000 * @most, last_return = 22, last_cost = 4, best_return = 23,
         best_cost = 3, active_seconds = 1.5 * @most WHERE key = @run`,
    )
    .run(of)
}

/** All other metrics have their stored buckets only: a chart of the whole run reads as much, and the file stays small. */
function copyBuckets(connection: Connection, run: number): void {
  const own = new Set<string>(LONG_METRICS)
  for (const name of Object.keys(METRICS).filter((metric) => !own.has(metric))) {
    const metric = connection.prepare('INSERT INTO metric_names (name) VALUES (?)').run(name).lastInsertRowid
    connection
      .prepare(
        `INSERT INTO metric_buckets SELECT run, @metric, bucket, count, minimum, maximum, total FROM metric_buckets
         WHERE run = @run AND metric = (SELECT key FROM metric_names WHERE name = 'lambda')`,
      )
      .run({ run, metric })
  }
}

function addTaskSteps(connection: Connection, iterations: number): void {
  if (iterations === 0) return
  connection
    .prepare(
      `${COUNT}, tasks (task) AS (SELECT 1 UNION ALL SELECT task + 1 FROM tasks WHERE task < ${TASKS}),
       steps (step) AS (VALUES (0), (1))
       INSERT INTO task_steps (run, iteration, task, step, episodes, transitions, episode_return, episode_cost,
         hazard_steps, contact_steps, velocity_steps, goals, episode_length)
       SELECT (SELECT key FROM runs WHERE name = 'long'), n, task, step, 10, 10000, n % 97 / 4.0 + task,
         (n + task) % 53 / 2.0, 3, 0, 0, n % 5, 1000
       FROM numbers CROSS JOIN tasks CROSS JOIN steps`,
    )
    .run({ most: iterations })
}
