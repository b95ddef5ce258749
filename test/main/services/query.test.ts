import { expect, it } from 'vitest'
import { queryDatabase } from '../../../src/main/services/query.ts'
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
