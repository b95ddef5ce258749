import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLogFile } from '../../../../src/main/services/log-file.ts'
import { iterationResult, metaTraining } from '../../store/samples.ts'
import { temporaryFolder, testStore } from '../../store/fixtures.ts'
import { next, nextWhere, startProgram } from './program.ts'

test('says what it is, and keeps preferences', async () => {
  const { client, database, folder } = await startProgram()
  const info = await client.app.info()
  expect(info).toMatchObject({ databaseFile: database, databaseExists: false, databaseProblem: null, host: 'browser' })
  expect(info.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['MuJoCo', 'Numerics']))
  expect(await client.app.setPreferences({ workers: 2 })).toMatchObject({ workers: 2, theme: 'system' })
  expect(JSON.parse(readFileSync(join(folder, 'configuration', 'preferences.json'), 'utf8'))).toMatchObject({
    workers: 2,
  })
  expect((await client.app.presets()).map(({ name }) => name)).toContain('quickstart')
  expect((await client.app.studies()).find(({ id }) => id === 'figure-4')?.arms).toContain('C-MAML')
})

test('a database that cannot be used leaves a program that says why', async () => {
  const { client, database } = await startProgram()
  writeFileSync(database, 'this is no database, but a text that somebody put here by mistake')
  expect((await client.app.info()).databaseProblem).toMatch(/not a SQLite database.*choose another/s)
  const refusal = { code: 'CONFLICT', message: expect.stringContaining('not a SQLite database') as string }
  await expect(client.runs.watch({ after: null }).then((stream) => next(stream))).rejects.toMatchObject(refusal)
  const { bytes } = await client.database.diagnostics()
  expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({ storage: null, info: { databaseFile: database } })
})

test('series are stretches, and new iterations follow them', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  const record = (iteration: number) => {
    const result = iterationResult(iteration)
    store.commitIteration(id, result, false)
    return result.record.metrics.returnAfter
  }
  const values = [1, 2, 3].map(record)
  const { cursor, series, axis } = await client.metrics.series({ run: id, metrics: ['returnAfter'], buckets: 10 })
  expect(cursor).toBe(3)
  expect([...series[0]!.mean]).toEqual(values)
  expect(axis.envSteps.at(-1)).toBe(3000)

  const stream = await client.metrics.watch({ run: id, metrics: ['returnAfter'], after: cursor })
  const answer = next(stream)
  const fourth = record(4)
  expect(await answer).toMatchObject({
    cursor: 4,
    iteration: new Float64Array([4]),
    values: [new Float64Array([fourth!])],
  })
  await expect(client.metrics.series({ run: id, metrics: ['fun'], buckets: 1 })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('"fun"') as string,
  })
  const cells = await client.metrics.tasks({ run: id, policy: 'after', most: 1000 })
  expect(cells.tasks).toEqual([7, 11])
  const [file] = await client.metrics.files({ runs: [id], format: 'csv' })
  expect(file!.name).toMatch(/\.csv$/)
  expect(new TextDecoder().decode(file!.bytes).trimEnd().split('\n')).toHaveLength(5)
})

test('the queue refuses what cannot be, setting by setting, and tells what waits', async () => {
  const { client } = await startProgram()
  const stream = await client.jobs.watch({})
  expect(await next(stream)).toMatchObject({ paused: false, jobs: [] })
  const wrong = { kind: 'train' as const, name: 'wrong', settings: { inner: { gamma: 2 } } }
  await expect(client.jobs.add({ request: wrong })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    defined: true,
    data: { problems: [{ path: 'inner.gamma' }] },
  })
  await client.jobs.pause({ paused: true })
  const { id } = await client.jobs.add({ request: { kind: 'train', name: 'later', settings: {} } })
  const { paused, jobs } = await nextWhere(stream, (activity) => activity.jobs.length > 0)
  expect({ paused, jobs }).toMatchObject({ paused: true, jobs: [{ id, name: 'later', state: 'waiting' }] })
  await client.jobs.remove({ id })
  expect((await nextWhere(stream, (activity) => activity.jobs.length === 0)).paused).toBe(true)
})

test('answers SQL, names tables, and backs up', async () => {
  const { client, database, folder } = await startProgram()
  const store = await testStore(database)
  store.createRun(metaTraining({ name: 'asked for' }))
  const { columns, rows } = await client.database.query({ sql: 'SELECT name FROM runs', limit: 10 })
  expect({ columns, rows }).toEqual({ columns: ['name'], rows: [['asked for']] })
  await expect(client.database.query({ sql: 'DELETE FROM runs', limit: 1 })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
  const tables = await client.database.tables()
  expect(tables.find(({ name }) => name === 'runs')?.columns).toContain('cost_limit')

  const file = join(folder, 'copy.sqlite')
  expect(await client.database.backup({ file })).toEqual({ file })
  expect(existsSync(file)).toBe(true)
  await expect(client.database.backup({ file })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await client.database.storage()).toMatchObject({ runs: 1 })
  expect((await client.database.compact()).bytesFreed).toBeGreaterThanOrEqual(0)
})

test('a page in a browser writes only beside the database, and does not choose it', async () => {
  const { client, database, folder } = await startProgram()
  await testStore(database)
  const outside = temporaryFolder()
  const below = expect.stringContaining('is not below') as string
  const file = join(outside, 'copy.sqlite')
  await expect(client.database.backup({ file })).rejects.toMatchObject({ code: 'BAD_REQUEST', message: below })
  symlinkSync(outside, join(folder, 'link'))
  await expect(client.database.backup({ file: join(folder, 'link', 'copy.sqlite') })).rejects.toThrow('is not below')
  await client.jobs.pause({ paused: true })
  const study = { kind: 'study' as const, study: 'figure-4', scale: 'smoke' as const }
  await expect(client.jobs.add({ request: { ...study, folder: join(outside, 'figures') } })).rejects.toMatchObject({
    data: { problems: [{ path: null, message: below }] },
  })
  await client.jobs.add({ request: { ...study, folder: 'figures' } })
  expect(readdirSync(outside)).toEqual([])
  const chosen = { databaseFile: join(outside, 'other.sqlite') }
  await expect(client.app.setPreferences(chosen)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await client.app.setPreferences({ databaseFile: null, theme: 'dark' })).toMatchObject({ theme: 'dark' })
})

test('the desktop app writes wherever its user says', async () => {
  const { client, database } = await startProgram({ host: 'desktop' })
  await testStore(database)
  const outside = temporaryFolder()
  const file = join(outside, 'copy.sqlite')
  expect(await client.database.backup({ file })).toEqual({ file })
  expect(await client.app.setPreferences({ databaseFile: file })).toMatchObject({ databaseFile: file })
})

test('the log keeps a few files of limited size', () => {
  const folder = temporaryFolder()
  const log = createLogFile(folder, 200)
  for (let i = 0; i < 50; i++) log.write('info', `line ${i} of a log that grows`)
  log.error('Something', new Error('broke', { cause: new Error('deep down') }))
  expect(existsSync(join(folder, 'studio.3.log'))).toBe(true)
  expect(existsSync(join(folder, 'studio.4.log'))).toBe(false)
  expect(log.tail(10_000)).toMatch(/error +Something: Error: broke[^]*deep down/)
})
