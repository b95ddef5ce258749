import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { createQueries, queryDatabase } from '../../../src/main/services/query.ts'
import { temporaryFile, testStore } from '../store/fixtures.ts'

const ENDLESS = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)'

it('answers one reading statement, as many rows as were asked for, BLOBs in words', async () => {
  const file = temporaryFile()
  await testStore(file)
  const answer = await queryDatabase(file, `-- endless\n${ENDLESS} SELECT i, x'0102' AS b FROM n;`, { limit: 2 })
  expect(answer).toMatchObject({ columns: ['i', 'b'], more: true })
  expect(answer.rows).toEqual([
    [1, '2 bytes'],
    [2, '2 bytes'],
  ])
  const { rows } = await queryDatabase(file, 'PRAGMA table_info(run_tags)', { limit: 10 })
  expect(rows.map((row) => row[1])).toEqual(['run', 'tag'])
})

it('answers what SQLite has, and in words what JavaScript or JSON would alter', async () => {
  const file = temporaryFile()
  await testStore(file)
  const ask = async (values: string) => (await queryDatabase(file, `SELECT ${values}`, { limit: 1 })).rows[0]
  expect(await ask('9e999, -9e999, -0.0, 0.1, NULL')).toEqual(['Inf', '-Inf', -0, 0.1, null])
  expect(await ask('9007199254740993, -9223372036854775808, 9007199254740991, 7')).toEqual([
    '9007199254740993',
    '-9223372036854775808',
    9007199254740991,
    7,
  ])
})

it.each([
  ['DELETE FROM runs', /only reading/i],
  ['WITH a AS (SELECT 1) DELETE FROM runs RETURNING id', /this statement writes/],
  ['PRAGMA query_only(0)', /only reading/i],
  ['SELECT 1; SELECT 2', /more than one statement/],
  ["SELECT load_extension('x')", /not authorized/],
  ['SELECT * FROM missing', /no such table/],
  ['SELEC 1', /near "SELEC": syntax error/],
  [' /* nothing */ ;', /no statement/],
])('refuses %s', async (sql, message) => {
  const file = temporaryFile()
  await testStore(file)
  await expect(queryDatabase(file, sql, { limit: 1 })).rejects.toThrow(message)
})

it('ends a statement that computes for ever', async () => {
  const file = temporaryFile()
  await testStore(file)
  const endless = queryDatabase(file, `${ENDLESS} SELECT max(i) FROM n`, { limit: 1, timeLimit: 300 })
  await expect(endless).rejects.toThrow(/longer than 0.3 s/)
})

it.runIf(existsSync('/proc/self/task'))(
  'keeps its process for the next query, unless a query had to be ended',
  async () => {
    const file = temporaryFile()
    await testStore(file)
    const queries = createQueries()
    await queries.start()
    onTestFinished(queries.stop)
    const ask = async (sql: string, signal?: AbortSignal) =>
      (await queries.query(file, sql, { limit: 1, ...(signal ? { signal } : {}) })).rows

    expect(await ask('SELECT 1')).toEqual([[1]])
    const [kept, ...others] = databaseProcesses()
    expect([kept, others]).toEqual([expect.any(Number), []])
    expect(await ask('SELECT 2')).toEqual([[2]])
    await expect(ask('SELEC 1')).rejects.toThrow(/syntax error/)
    expect(databaseProcesses()).toEqual([kept])

    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    await expect(ask(`${ENDLESS} SELECT max(i) FROM n`, stop.signal)).rejects.toThrow(/was ended/)
    expect(await ask('SELECT 3')).toEqual([[3]])
    await expect.poll(databaseProcesses).toEqual([expect.any(Number)])
    expect(databaseProcesses()).not.toContain(kept)

    await queries.stop()
    await expect.poll(databaseProcesses).toEqual([])
  },
)

/** Ids of those that this process has begun. */
function databaseProcesses(): number[] {
  const tasks = readdirSync('/proc/self/task')
  const children = tasks.flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' '))
  return children
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('database-process'))
    .map(Number)
}
