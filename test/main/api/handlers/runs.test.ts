import { isDefinedError, safe } from '@orpc/client'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createBinKeeper } from '../../../../src/main/services/bin-keeper.ts'
import { demonstrationFile } from '../../../../src/main/services/demonstration.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining } from '../../store/samples.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'
import { next, nextWhere, startProgram } from './program.ts'

test('without a database the list is empty and whole, and goes on when the database appears', async () => {
  const { client, database } = await startProgram()
  const stream = await client.runs.watch({ after: null })
  expect(await next(stream)).toEqual({ cursor: 0, epoch: '', complete: true, rows: [], removed: [] })
  expect(existsSync(database), 'looking creates nothing').toBe(false)

  const store = await testStore(database)
  const { id } = store.createRun(metaTraining({ name: 'first' }))
  const { rows, complete } = await nextWhere(stream, (answer) => answer.rows.length > 0)
  expect(complete).toBe(true)
  expect(rows).toMatchObject([{ id, name: 'first', status: 'running', etaSeconds: null, tags: [] }])
  await stream.return(undefined)
})

test('tells what another process did, and what was done here, as changes alone', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const [a, b] = [store.createRun(metaTraining({ name: 'a' })), store.createRun(metaTraining({ name: 'b' }))]
  const stream = await client.runs.watch({ after: null })
  expect((await next(stream)).rows.map(({ name }) => name)).toEqual(['b', 'a'])

  store.commitIteration(a.id, iterationResult(1), false)
  expect(await next(stream)).toMatchObject({ complete: false, rows: [{ id: a.id, done: 1 }], removed: [] })

  await client.runs.organise({ runs: [b.id], pinned: true, addTags: ['paper'] })
  const change = await next(stream)
  expect(change).toMatchObject({ complete: false, rows: [{ id: b.id, pinned: true, tags: ['paper'] }] })

  const later = await client.runs.watch({ after: change.cursor, epoch: change.epoch })
  await client.runs.rename({ run: b.id, name: 'renamed' })
  expect(await nextWhere(later, ({ rows }) => rows.length > 0)).toMatchObject({
    complete: false,
    rows: [{ id: b.id, name: 'renamed' }],
  })
})

test('a cursor of another database is answered by the whole list', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  const { cursor, epoch } = await next(await client.runs.watch({ after: null }))
  const after = async (position: { after: number; epoch?: string }) => next(await client.runs.watch(position))
  expect(await after({ after: cursor, epoch })).toMatchObject({ epoch, complete: false, rows: [] })
  const other = (await testStore()).changesSince(null).epoch
  for (const position of [{ after: cursor, epoch: other }, { after: cursor }])
    expect(await after(position)).toMatchObject({ epoch, complete: true, rows: [{ id }] })
})

test('a listener that was away gets the newest state once, not every step on the way', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  const stream = await client.runs.watch({ after: null })
  await next(stream)
  for (let iteration = 1; iteration <= 20; iteration++) store.commitIteration(id, iterationResult(iteration), false)
  expect((await next(stream)).rows).toMatchObject([{ done: 20 }])
})

test('a file that takes the place of the database is a whole new list', async () => {
  const { client, database } = await startProgram()
  const old = await testStore(database)
  old.createRun(metaTraining({ name: 'old' }))
  const stream = await client.runs.watch({ after: null })
  await next(stream)
  old.close()

  const other = temporaryFile()
  const store = await testStore(other)
  store.createRun(metaTraining({ name: 'new' }))
  store.close()
  for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true })
  renameSync(other, database)
  const { complete, rows } = await nextWhere(stream, ({ rows }) => rows[0]?.name === 'new')
  expect(complete).toBe(true)
  expect(rows).toHaveLength(1)
})

test('notes that were changed elsewhere are not overwritten, and are answered', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  await client.runs.setNotes({ run: id, notes: 'mine', was: '' })
  const [error] = await safe(client.runs.setNotes({ run: id, notes: 'theirs', was: '' }))
  expect(isDefinedError(error) && [error.code, error.data]).toEqual(['CONFLICT', { notes: 'mine' }])
  expect((await client.runs.detail({ run: id })).notes).toBe('mine')
  await client.runs.setNotes({ run: id, notes: 'both', was: 'mine' })
  expect((await client.runs.detail({ run: id })).notes).toBe('both')
})

test('ends with its signal', async () => {
  const { client, database } = await startProgram()
  await testStore(database)
  const controller = new AbortController()
  const stream = await client.runs.watch({ after: null }, { signal: controller.signal })
  await next(stream)
  const end = stream.next()
  controller.abort()
  expect(await end).toMatchObject({ done: true })
})

test('what another program works on ends at the pace that it has had so far', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining({ total: 10 }))
  store.commitIteration(id, iterationResult(1), false)
  const { row } = await client.runs.detail({ run: id })
  expect(row.etaSeconds).toBeCloseTo(row.activeSeconds * 9, 6)
  store.finishRun(id, { status: 'stopped' })
  expect((await client.runs.detail({ run: id })).row.etaSeconds).toBeNull()
})

test('a detail has settings, lineage, checkpoints and what stands against going on', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const own = config({ costLimit: 7, inner: { kl: 0.02 } })
  const parent = store.createRun(metaTraining({ name: 'parent', config: own, total: 2 }))
  for (const iteration of [1, 2]) store.commitIteration(parent.id, iterationResult(iteration, own), iteration === 2)
  store.finishRun(parent.id, { status: 'completed' })
  const [checkpoint] = store.checkpoints(parent.id)
  const child = store.createRun(
    fineTuning({ name: 'child', config: own, parentCheckpoint: checkpoint!.id, tasks: [301, 302], total: 2 }),
  )
  store.declareInitialisations(child.id, [{ label: 'C-MAML', checkpoint: checkpoint!.id }])
  await client.runs.setNotes({ run: parent.id, notes: 'kept for the paper', was: '' })

  const detail = await client.runs.detail({ run: parent.id })
  expect(detail).toMatchObject({
    row: { id: parent.id, status: 'completed', done: 2, total: 2, hasNotes: true },
    notes: 'kept for the paper',
    parentRun: null,
    children: [{ id: child.id, name: 'child', kind: 'fine-tune' }],
    resultsOf: null,
    tasks: null,
    resumeObstacle: 'It is complete.',
    extendObstacle: null,
  })
  expect(detail.resumePoint).toMatchObject({ iteration: 2 })
  expect(detail.resumePoint!.size).toBe(detail.checkpoints[0]!.size)
  expect(detail.resumePoint!.committedAt).toBeGreaterThanOrEqual(detail.row.createdAt)
  expect(detail.changed).toContainEqual({ path: 'inner.kl', value: 0.02 })
  expect(detail.changed.map(({ path }) => path)).not.toContain('inner.gamma')
  expect(detail.checkpoints.map(({ iteration }) => iteration)).toContain(2)
  expect(await client.runs.size({ run: detail.row.id })).toBeGreaterThan(1000)
  expect(detail.machine).toContainEqual({ name: 'MuJoCo', value: '3.14.0' })
  // It names none: it is from before the second.
  expect(detail.machine).toContainEqual({ name: 'Numerics', value: 'revision 1' })

  expect(await client.runs.detail({ run: child.id })).toMatchObject({
    parentRun: { id: parent.id, name: 'parent' },
    tasks: [301, 302],
    initialisations: [{ index: 0 }],
    resumePoint: null,
    resumeObstacle: 'It is in progress.',
  })
  expect((await client.runs.detail({ run: child.id })).extendObstacle).toMatch(/fine-tuning/)
})

test('differences are values in the order of the runs', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const runs = [0.01, 0.02].map((kl, i) =>
    store.createRun(metaTraining({ config: config({ seed: 5 + i, inner: { kl } }) })),
  )
  const differences = await client.runs.differences({ runs: runs.map(({ id }) => id).reverse() })
  expect(differences).toContainEqual({ path: 'inner.kl', values: [0.02, 0.01] })
  expect(differences).toContainEqual({ path: 'seed', values: [6, 5] })
  expect(differences).toHaveLength(2)
  expect(new Map(await client.runs.setting({ path: 'inner.kl' })).get(runs[1]!.id)).toBe(0.02)
})

test('refusals have a code and say why', async () => {
  const { client, database } = await startProgram()
  await expect(client.runs.detail({ run: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  await expect(client.runs.detail({ run: 'nothing' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('"nothing"') as string,
  })
  await expect(client.bin.put({ runs: [id], comparisons: [] })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('in progress') as string,
  })
  await expect(client.runs.rename({ run: id, name: 'latest' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test('binned runs leave the list and come back', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  store.finishRun(id, { status: 'stopped' })
  const stream = await client.runs.watch({ after: null })
  await next(stream)
  const before = Date.now()
  const { purgeAt } = await client.bin.put({ runs: [id], comparisons: [] })
  expect(purgeAt).toBeGreaterThan(before)
  expect(await next(stream)).toMatchObject({ rows: [], removed: [id] })
  await client.bin.restore({ runs: [id], comparisons: [] })
  expect(await next(stream)).toMatchObject({ rows: [{ id }], removed: [] })
})

test('what is not brought back in time is deleted', async () => {
  const { services, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  store.finishRun(id, { status: 'stopped' })
  const deleted = Promise.withResolvers<void>()
  const changed = () => void (store.binned().length === 0 && deleted.resolve())
  const bin = createBinKeeper(services.context.database, services.context.log, changed, { listed: 1, others: 1 })
  await bin.put({ runs: [id], comparisons: [] })
  await deleted.promise
  expect(() => store.restore([id])).toThrow(/no run/)
  await bin.stop()
})

test('a log goes on line by line, and ends with its run', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining())
  store.appendLog(id, 'info', 'started')
  const stream = await client.runs.log({ run: id, after: null })
  const first = await next(stream)
  expect(first.lines).toMatchObject([{ level: 'info', text: 'started' }])
  store.appendLog(id, 'warning', 'slow')
  expect((await next(stream)).lines).toMatchObject([{ level: 'warning', text: 'slow' }])
  const later = await client.runs.log({ run: id, after: first.cursor })
  expect((await next(later)).lines).toMatchObject([{ text: 'slow' }])

  store.finishRun(id, { status: 'stopped' })
  const end = stream.next()
  store.deleteRun(id)
  await expect(end).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the demonstration is what it was asked for by', async () => {
  const { client, folder } = await startProgram({ demonstration: '/nowhere/demonstration.cmaml' })
  await expect(client.demonstration.open()).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(existsSync(`${folder}/runs.sqlite`)).toBe(false)
})

test('the demonstration comes back as long as it is in the bin', async () => {
  const { client, database } = await startProgram({ demonstration: demonstrationFile() })
  const { added } = await client.demonstration.open()
  expect(added).toBeGreaterThan(0)
  const store = await testStore(database)
  const ids = store.runs().map(({ id }) => id)
  await client.bin.put({ runs: ids, comparisons: [] })
  expect(store.runs()).toEqual([])
  await client.demonstration.open()
  expect(new Set(store.runs().map(({ id }) => id))).toEqual(new Set(ids))
})

test('a fine-tuning is curves over adaptation', async () => {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const run = store.createRun(fineTuning({ tasks: [1, 2], total: 2 }))
  store.declareInitialisations(run.id, [{ label: 'random', checkpoint: null }])
  const results = [1, 2].map((task) => fineTuneResult(task))
  for (const result of results) store.commitFineTuneResult(run.id, 0, result)
  const [curve] = await client.metrics.adaptation({ run: run.id })
  const last = results.map(({ evaluations }) => evaluations.at(-1)!)
  expect(curve).toMatchObject({ label: 'random', tasks: 2 })
  expect(curve!.return).toHaveLength(3)
  const [x, y] = last.map((evaluation) => evaluation.return) as [number, number]
  expect(curve!.return[2]!.mean).toBeCloseTo((x + y) / 2, 12)
  expect(curve!.return[2]!.sd).toBeCloseTo(Math.abs(x - y) / Math.SQRT2, 12)
  expect(curve!.feasible).toEqual([1, 1, 1])
})
