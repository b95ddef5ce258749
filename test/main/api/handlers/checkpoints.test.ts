import { expect, test } from 'vitest'
import { MAX_UPLOAD_BYTES } from '../../../../src/core/wire/upload.ts'
import { fineTuning, iterationResult, metaTraining } from '../../store/samples.ts'
import { testStore } from '../../store/fixtures.ts'
import { startProgram } from './program.ts'

/** A training with two checkpoints, of which a fine-tuning and another training start. */
async function example() {
  const { client, database } = await startProgram()
  const store = await testStore(database)
  const { id } = store.createRun(metaTraining({ name: 'trained' }))
  store.commitIteration(id, iterationResult(1), true)
  store.commitIteration(id, iterationResult(2), true)
  const checkpoint = store.checkpoint(`${id}@1`)
  const tuned = store.createRun(fineTuning({ name: 'tuned', parentCheckpoint: checkpoint.id }))
  store.declareInitialisations(tuned.id, [{ label: 'C-MAML', checkpoint: checkpoint.id }])
  const next = store.createRun(metaTraining({ name: 'next', parentCheckpoint: store.checkpoint(`${id}@2`).id }))
  store.commitIteration(next.id, iterationResult(1), true)
  return { client, store, id, checkpoint, tuned: tuned.id, next: next.id }
}

test('lists the checkpoints of a run with their results, and where it comes from and leads to', async () => {
  const { client, id, tuned, next, store } = await example()
  const { checkpoints, lineage, more } = await client.checkpoints.list({ run: id })
  const { returnAfter, costAfter } = iterationResult(2).record.metrics
  expect(checkpoints.map(({ iteration }) => iteration)).toEqual([1, 2])
  expect(new Set(checkpoints.map(({ weights }) => weights)).size).toBe(2)
  expect(checkpoints[1]).toMatchObject({ return: returnAfter, cost: costAfter, sha256: store.checkpoint(id).sha256 })
  expect(lineage).toMatchObject([
    { run: id, parent: null, iteration: null, self: true, kind: 'train', method: 'meta' },
    { run: next, parent: 0, iteration: 2, self: false },
    { run: tuned, parent: 0, iteration: 1, kind: 'fine-tune', method: null },
  ])
  expect(more).toBe(0)
  const ofNext = await client.checkpoints.list({ run: next })
  expect(ofNext.lineage).toMatchObject([
    { run: id, name: 'trained', parent: null, self: false },
    { run: next, parent: 0, iteration: 2, self: true },
  ])
})

test('all checkpoints are listed page by page, with their origin, and found by words', async () => {
  const { client, id, next } = await example()
  const { rows, total } = await client.checkpoints.page({ limit: 2 })
  expect(total).toBe(3)
  expect(rows).toMatchObject([
    { run: { id: next, name: 'next' }, source: null, lineage: ['trained'] },
    { run: { id }, iteration: 2, return: iterationResult(2).record.metrics.returnAfter },
  ])
  expect((await client.checkpoints.page({ limit: 2, offset: 2 })).rows).toMatchObject([{ run: { id }, iteration: 1 }])
  const found = await client.checkpoints.page({ text: 'TRAIN 2' })
  expect(found).toMatchObject({ total: 1, rows: [{ run: { id }, iteration: 2 }] })
  const { weights } = found.rows[0]!
  expect((await client.checkpoints.page({ text: weights.slice(0, 12) })).total).toBe(1)
})

test('are sorted by what one asks for', async () => {
  const { client } = await example()
  const sorted = async (sort: 'name' | 'iteration' | 'return', descending = false) =>
    (await client.checkpoints.page({ sort, descending })).rows
  const names = (await sorted('name')).map(({ run, iteration }) => `${run!.name} ${iteration}`)
  expect(names).toEqual(['next 1', 'trained 2', 'trained 1'])
  expect((await sorted('iteration', true)).map(({ iteration }) => iteration)).toEqual([2, 1, 1])
  const returns = (await sorted('return', true)).map((row) => row.return!)
  expect(new Set(returns).size).toBeGreaterThan(1)
  expect(returns).toEqual(returns.toSorted((a, b) => b - a))
})

test('a newest state that is a milestone as well is listed once, as the milestone', async () => {
  const { client, id, store } = await example()
  expect(store.checkpoint(id).kind).toBe('last')
  expect(store.checkpoints(id).map(({ kind, iteration }) => `${kind} ${iteration}`)).toEqual([
    ...['last 2', 'milestone 2', 'milestone 1'],
  ])
  const once = [
    ['milestone', 2],
    ['milestone', 1],
  ]
  const facts = (rows: readonly { kind: string; iteration: number }[]) =>
    rows.map(({ kind, iteration }) => [kind, iteration])
  expect(facts((await client.checkpoints.list({ run: id })).checkpoints)).toEqual(once.toReversed())
  expect(facts((await client.runs.detail({ run: id })).checkpoints)).toEqual(once)
  expect(facts((await client.checkpoints.page({ text: 'trained' })).rows)).toEqual(once)

  // The newest of a run that went on is a state of its own.
  store.commitIteration(id, iterationResult(3), false)
  store.checkpoint(id)
  expect(facts((await client.checkpoints.list({ run: id })).checkpoints).at(-1)).toEqual(['last', 3])
})

test('of a run from which very many start, some are counted only', async () => {
  const { client, id, store, checkpoint } = await example()
  for (let i = 0; i < 60; i++) store.createRun(fineTuning({ parentCheckpoint: checkpoint.id }))
  const { lineage, more } = await client.checkpoints.list({ run: id })
  expect(lineage.length + more).toBe(1 + 62)
  expect(lineage.length).toBeLessThan(50)
})

test('a checkpoint leaves as a file, arrives in another database, and goes again', async () => {
  const { client, store, checkpoint, id } = await example()
  const { name, bytes } = await client.checkpoints.export({ checkpoint: checkpoint.id, format: 'safetensors' })
  expect(name).toBe(`${id}-1.safetensors`)
  const before = store.checkpoints()
  const again = await client.checkpoints.import({ name, bytes })
  expect(again).toEqual({ ...again, known: true, run: expect.any(String) as string })
  expect(store.checkpoints()).toEqual(before)

  const { client: other } = await startProgram()
  expect(await other.checkpoints.imported()).toEqual([])
  const imported = await other.checkpoints.import({ name: `C:\\Users\\somebody\\${name}`, bytes })
  expect(imported).toMatchObject({ run: null, known: false })
  expect((await other.checkpoints.import({ name, bytes })).known).toBe(true)
  const [own] = (await client.checkpoints.list({ run: id })).checkpoints
  const there = await other.checkpoints.page({})
  expect(there).toMatchObject({ total: 1, rows: [{ source: name, run: { id }, weights: own!.weights }] })
  const { returnAfter, costAfter } = iterationResult(1).record.metrics
  expect(await other.checkpoints.imported()).toMatchObject([
    {
      id: imported.checkpoint,
      ...{ source: name, run: { id, name: 'trained' }, sha256: checkpoint.sha256 },
      results: { return: returnAfter, cost: costAfter },
    },
  ])
  const listed = await other.checkpoints.imported()
  expect((await other.checkpoints.remove(imported)).purgeAt).toBeGreaterThan(Date.now())
  expect(await other.checkpoints.imported()).toEqual([])
  expect(await other.checkpoints.restore(imported)).toEqual({ restored: true })
  expect(await other.checkpoints.imported()).toEqual(listed)
  expect(await other.checkpoints.restore(imported)).toEqual({ restored: false })
  await expect(client.checkpoints.remove({ checkpoint: checkpoint.id })).rejects.toThrow('goes with its run')
})

test('one that came without its run is fine-tuned, and its episodes are kept with it', async () => {
  const { client, checkpoint } = await example()
  const { name, bytes } = await client.checkpoints.export({ checkpoint: checkpoint.id, format: 'safetensors' })
  const { client: other } = await startProgram()
  const { checkpoint: id } = await other.checkpoints.import({ name, bytes })
  await other.jobs.pause({ paused: true })
  const { id: job } = await other.jobs.add({
    request: {
      kind: 'fine-tune',
      name: 'adapted',
      initialisations: [id, 'random'],
      settings: { fineTune: { tasks: 2 } },
    },
    front: false,
  })
  expect(job).toBeTruthy()
  const source = { kind: 'checkpoint', checkpoint: id } as const
  const recorded: number[] = []
  for await (const { ids } of await other.episodes.record({ source, tasks: [301], adaptationSteps: [0, 1] }))
    recorded.push(...ids)
  expect(await other.episodes.owners()).toEqual({ runs: [], checkpoints: [id] })
  const { rows } = await other.episodes.list({ checkpoint: id })
  expect(rows.map((row) => row.id).toSorted()).toEqual(recorded.toSorted())
  expect(rows[0]).toMatchObject({ run: null, checkpoint: id, runName: name, initialisation: null, task: 301 })
  expect(new Set(rows.map(({ step }) => step))).toEqual(new Set([0, 1]))
  expect((await other.episodes.read({ id: recorded[0]! })).length).toBeGreaterThan(0)

  // They go, and come back, with it.
  await other.checkpoints.remove({ checkpoint: id })
  expect((await other.episodes.list({})).total).toBe(0)
  expect(await other.episodes.owners()).toEqual({ runs: [], checkpoints: [] })
  await other.checkpoints.restore({ checkpoint: id })
  expect((await other.episodes.list({})).total).toBe(2)
})

test.each(['json', 'onnx', 'tfjs'] as const)('leaves as %s', async (format) => {
  const { client, checkpoint } = await example()
  const { name, bytes } = await client.checkpoints.export({ checkpoint: checkpoint.id, format })
  expect(name).toMatch({ json: /\.json$/, onnx: /\.onnx$/, tfjs: /\.tfjs\.zip$/ }[format])
  expect(bytes.length).toBeGreaterThan(1000)
})

test('files that are none are refused with the reason, and leave nothing', async () => {
  const { client, checkpoint } = await example()
  const { bytes } = await client.checkpoints.export({ checkpoint: checkpoint.id, format: 'safetensors' })
  const imports = (name: string, content: Uint8Array) =>
    client.checkpoints.import({ name, bytes: new Uint8Array(content) })
  await expect(imports('policy.pt', bytes)).rejects.toThrow('policy.pt is no checkpoint file')
  await expect(imports('a.safetensors', bytes.subarray(0, 900))).rejects.toThrow(
    /^a\.safetensors cannot be used: .*trunc/,
  )
  await expect(imports('a.safetensors', new Uint8Array(MAX_UPLOAD_BYTES + 1))).rejects.toThrow()
  expect(await client.checkpoints.imported()).toEqual([])
})
