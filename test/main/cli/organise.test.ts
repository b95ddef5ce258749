// What people do with runs from a shell, on a database that is made here.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../src/main/store/open.ts'
import type { RunListRow } from '../../../src/main/store/store.ts'
import { config, iterationResult, metaTraining } from '../store/samples.ts'
import { cmaml, cmamlJson, temporaryFolder } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const db = join(home, 'runs.sqlite')
const named = (...options: string[]) => cmamlJson<RunListRow[]>(home, 'runs', '--db', db, ...options)

beforeAll(async () => {
  const store = await openStore(db, { appVersion: '0.0.0-test', mode: 'create' })
  for (const [name, costLimit] of [
    ['first', 5],
    ['second', 10],
  ] as const) {
    const own = config({ costLimit })
    const { id } = store.createRun(metaTraining({ name, config: own }))
    store.commitIteration(id, iterationResult(1, own), false)
    store.finishRun(id, { status: 'stopped' })
  }
  store.close()
})
afterAll(() => folder[Symbol.dispose]())

test('tags, archives and finds runs', async () => {
  const changed = await cmamlJson(home, 'organise', 'first', 'second', '--tag', 'paper,draft', '--pin', '--db', db)
  expect(changed).toMatchObject([{ tags: ['draft', 'paper'], pinned: true, archived: false }, { pinned: true }])
  await cmamlJson(home, 'organise', 'second', '--untag', 'draft', '--archive', '--db', db)

  expect((await named()).map(({ name }) => name)).toEqual(['first'])
  expect((await named('--archived')).map(({ name }) => name)).toEqual(['second', 'first'])
  expect((await named('--filter', 'tag:paper -tag:draft', '--archived')).map(({ name }) => name)).toEqual(['second'])
  expect((await named('--filter', 'is:archived')).map(({ name }) => name)).toEqual(['second'])
  expect((await named('--filter', 'set.costLimit=5', '--archived')).map(({ name }) => name)).toEqual(['first'])
  expect((await cmaml(home, 'runs', '--db', db)).stdout).toContain('draft paper')

  const misspelt = await cmaml(home, 'runs', '--filter', 'set.costLimt=5', '--db', db)
  expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean set.costLimit?') })
  const refused = await cmaml(home, 'runs', '--filter', 'colour:red', '--db', db)
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain('colour')
  expect(await cmaml(home, 'organise', 'first', '--pin', '--unpin', '--db', db)).toMatchObject({ code: 2 })
  expect(await cmaml(home, 'organise', 'first', '--db', db)).toMatchObject({ code: 2 })
})

test('renames, and keeps notes', async () => {
  const run = { name: 'third', before: 'first' }
  expect(await cmamlJson(home, 'rename', 'first', 'third', '--db', db)).toMatchObject(run)
  await cmamlJson(home, 'note', 'third', '--set', 'a note', '--db', db)
  expect((await cmaml(home, 'note', 'third', '--db', db)).stdout).toBe('a note\n')
  expect((await named('--filter', 'note:"A Note"')).map(({ name }) => name)).toEqual(['third'])
  expect((await named('--filter', 'note:third')).map(({ name }) => name)).toEqual([])
  expect(await cmaml(home, 'rename', 'third', 'latest', '--db', db)).toMatchObject({ code: 2 })
  await cmamlJson(home, 'rename', 'third', 'first', '--db', db)
})

test('answers SQL as a table, as JSON and as CSV, and refuses to write', async () => {
  const sql = 'SELECT name, cost_limit FROM runs ORDER BY key'
  expect(await cmamlJson(home, 'sql', sql, '--db', db)).toMatchObject({
    columns: ['name', 'cost_limit'],
    rows: [
      ['first', 5],
      ['second', 10],
    ],
    more: false,
  })
  expect((await cmaml(home, 'sql', sql, '--csv', '--db', db)).stdout).toBe('name,cost_limit\nfirst,5\nsecond,10\n')
  const formula = "SELECT '=1+1' AS a, -1 AS b"
  expect((await cmaml(home, 'sql', formula, '--csv', '--db', db)).stdout, 'is set as text').toBe("a,b\n'=1+1,-1\n")
  expect((await cmaml(home, 'sql', sql, '--db', db)).stdout).toMatch(/first +5/)
  expect(await cmaml(home, 'sql', 'DELETE FROM runs', '--db', db)).toMatchObject({ code: 2, stdout: '' })
})

test('writes metrics, and a backup that is a database', async () => {
  const metrics = join(home, 'metrics.csv')
  await cmamlJson(home, 'export', 'first', '--metrics', 'csv', '--out', metrics, '--db', db)
  const [head, row] = readFileSync(metrics, 'utf8').split('\n')
  expect(head).toMatch(/^run,name,iteration,/)
  expect(row).toContain(',first,1,')
  expect(await cmaml(home, 'export', 'first', '--metrics', 'csv', '--out', metrics, '--db', db)).toMatchObject({
    code: 2,
  })

  const copy = join(home, 'copy.sqlite')
  expect(await cmamlJson(home, 'backup', copy, '--db', db)).toMatchObject({ file: copy })
  expect(existsSync(copy)).toBe(true)
  expect(await cmamlJson<RunListRow[]>(home, 'runs', '--archived', '--db', copy)).toHaveLength(2)
})

test('lists the bin, brings back from it by name, and empties it', async () => {
  const bin = (...options: string[]) => cmaml(home, 'bin', '--db', db, ...options)
  expect((await bin()).stdout).toBe('The bin is empty.\n')
  const store = await openStore(db, { appVersion: '0.0.0-test', mode: 'existing' })
  const ids = ['unwanted', 'wanted'].map((name) => {
    const { id } = store.createRun(metaTraining({ name }))
    store.finishRun(id, { status: 'stopped' })
    return id
  })
  const { id: comparison } = store.comparisons.save({ name: 'both', runs: ids, notes: '', layout: {} })
  store.bin(ids)
  store.comparisons.remove(comparison)
  const listed = await bin()
  for (const text of ['unwanted', 'wanted', 'both', 'meta-training', 'comparison', 'gone for good'])
    expect(listed.stdout).toContain(text)

  expect(await cmaml(home, 'restore', 'nothing', '--db', db)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not in the bin'),
  })
  expect(await cmamlJson(home, 'restore', 'wanted', comparison, '--db', db)).toEqual({
    runs: [ids[1]],
    comparisons: [comparison],
  })
  expect(store.comparisons.find('both').runs).toEqual([ids[1]])
  expect(await cmamlJson(home, 'bin', '--empty', '--db', db)).toMatchObject({ runs: [ids[0]], comparisons: [] })
  expect(() => store.restore([ids[0]!])).toThrow(/no run/)
  expect(store.run('wanted').id).toBe(ids[1])
  store.close()
})
