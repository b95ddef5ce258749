import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { encodeCheckpoint } from '../../../src/main/store/checkpoint/checkpoint.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { config, fineTuning, iterationResult, metaTraining, stateAt, trainer } from './samples.ts'

describe('checkpoints', () => {
  it('are found by run, iteration, kind and hash', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining({ name: 'named' }))
    expect(() => store.checkpoint(id)).toThrow(/has no checkpoint "last": it has none/)
    store.commitIteration(id, iterationResult(1), true)
    store.commitIteration(id, iterationResult(2), false)
    store.commitIteration(id, iterationResult(3), true)
    store.commitIteration(id, iterationResult(4), false)
    expect(store.checkpoint(`${id}@1`)).toMatchObject({ kind: 'milestone', run: id, iteration: 1, envSteps: 1000 })
    const last = store.checkpoint('latest')
    expect(last).toMatchObject({ kind: 'last', iteration: 4 })
    expect(store.checkpoint(last.sha256.slice(0, 8))).toEqual(last)
    expect(store.checkpoint(last.id)).toEqual(last)
    expect(store.readCheckpoint(last.id)).toEqual({ config: config(), state: stateAt(4) })
    expect(() => store.checkpoint('named@5')).toThrow(/no checkpoint "5": kept are the iterations 1, 3, 4/)
    expect(() => store.checkpoint('nowhere@last')).toThrow(/"nowhere@last" is neither a checkpoint nor a run's/)
    expect(store.checkpoints(id).map(({ kind, iteration }) => `${kind} ${iteration}`)).toEqual([
      ...['last 4', 'milestone 3', 'milestone 1'],
    ])
  })

  it('of the kind last are replaced, unless another run started from them', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), false)
    store.checkpoint(id)
    store.commitIteration(id, iterationResult(2), false)
    store.checkpoint(id)
    expect(store.checkpoints().map(({ iteration }) => iteration)).toEqual([2])
    store.createRun(fineTuning({ parentCheckpoint: store.checkpoint(id).id }))
    store.commitIteration(id, iterationResult(3), false)
    store.checkpoint(id)
    expect(store.checkpoints().map(({ kind, iteration }) => `${kind} ${iteration}`)).toEqual(['last 3', 'milestone 2'])
    expect(store.readCheckpoint(store.checkpoint(`${id}@2`).id).state).toEqual(stateAt(2))
  })

  it('of the kind last are retired by a later milestone, unless a job waits to start from them', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    const shown = () => store.checkpoints(id).map(({ kind, iteration }) => `${kind} ${iteration}`)
    const stopAfter = (iteration: number) => {
      store.commitIteration(id, iterationResult(iteration), false)
      store.finishRun(id, { status: 'stopped' })
      store.resumeRun(id, trainer)
      return store.checkpoint(id).id
    }
    stopAfter(1)
    expect(shown()).toEqual(['last 1'])
    store.commitIteration(id, iterationResult(2), true)
    expect(shown()).toEqual(['milestone 2'])
    const wanted = stopAfter(3)
    const request = JSON.stringify({ initialisations: [wanted] })
    store.jobs.add({ kind: 'fine-tune', name: 'later', request, run: null }, false)
    store.commitIteration(id, iterationResult(4), true)
    expect(shown()).toEqual(['milestone 4', 'milestone 3', 'milestone 2'])
    expect(store.checkpoint(wanted).iteration).toBe(3)
  })

  it('are left by a finished run, and equal runs leave equal content, stored once', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const [first, second] = [1, 2].map(() => {
      const { id } = store.createRun(metaTraining())
      store.commitIteration(id, iterationResult(1), true)
      store.finishRun(id, { status: 'stopped' })
      store.resumeRun(id, trainer)
      store.finishRun(id, { status: 'completed' })
      return id
    })
    expect(store.checkpoints(first).map(({ kind }) => kind)).toEqual(['last', 'milestone'])
    expect(new Set(store.checkpoints().map(({ sha256 }) => sha256)).size).toBe(1)
    const raw = new Database(file, { readonly: true })
    expect(raw.prepare('SELECT count(*) FROM blobs').pluck().get()).toBe(1)
    raw.close()
    store.deleteRun(first!)
    expect(store.readCheckpoint(store.checkpoint(second!).id).state).toEqual(stateAt(1))
  })

  it('are imported once, whatever the file is called', async () => {
    const [source, target] = [await testStore(), await testStore()]
    const { id } = source.createRun(metaTraining())
    source.commitIteration(id, iterationResult(5 - 4), true)
    const bytes = source.readCheckpointBytes(source.checkpoint(id).id)
    const row = target.importCheckpoint(bytes, 'policy.safetensors')
    expect(row).toMatchObject({
      kind: 'imported',
      run: null,
      iteration: 1,
      source: 'policy.safetensors',
      size: bytes.length,
    })
    expect(target.importCheckpoint(bytes, 'copy.safetensors')).toEqual(row)
    expect(target.readCheckpoint(row.id)).toEqual({ config: config(), state: stateAt(1) })
    target.gc()
    expect(target.readCheckpointBytes(row.id)).toEqual(bytes)
    target.purgeCheckpoints(target.removeCheckpoint(row.id) + 1)
    expect(() => target.readCheckpoint(row.id)).toThrow(/There is no checkpoint/)
    expect(() => target.importCheckpoint(bytes.subarray(0, 1000), 'x')).toThrow(/^x cannot be used: /)
  })

  it('that are removed can come back, by an undo or by importing them again, until they are purged', async () => {
    const [source, target] = [await testStore(), await testStore()]
    const { id } = source.createRun(metaTraining())
    source.commitIteration(id, iterationResult(1), true)
    const bytes = source.readCheckpointBytes(source.checkpoint(id).id)
    const row = target.importCheckpoint(bytes, 'policy.safetensors')
    const at = target.removeCheckpoint(row.id)
    expect(target.checkpoints()).toEqual([])
    expect(() => target.checkpoint(row.sha256.slice(0, 12))).toThrow(/neither a checkpoint/)
    expect(() => target.removeCheckpoint(row.id)).toThrow(/There is no checkpoint/)
    // A run that started from it may be at work.
    expect(target.readCheckpoint(row.id).state).toEqual(stateAt(1))
    target.purgeCheckpoints(at)
    expect(target.restoreCheckpoint(row.id)).toBe(true)
    expect(target.checkpoints()).toEqual([row])

    target.removeCheckpoint(row.id)
    expect(target.importCheckpoint(bytes, 'again.safetensors')).toEqual(row)
    target.purgeCheckpoints(target.removeCheckpoint(row.id) + 1)
    expect(target.restoreCheckpoint(row.id)).toBe(false)
    expect(target.gc().blobsDeleted).toBe(0)
  })

  it('of a run are listed by their iterations, also one that was kept after later ones', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    for (let i = 1; i <= 4; i++) store.commitIteration(id, iterationResult(i), i === 2)
    store.finishRun(id, { status: 'stopped' })
    const file = store.file
    const raw = new Database(file)
    // As though the milestone had been stored last.
    raw.prepare('UPDATE checkpoints SET key = 1000 WHERE iteration = 2').run()
    raw.close()
    expect(store.checkpoints(id).map(({ iteration }) => iteration)).toEqual([4, 2])
  })

  it.each(['blobs', 'resume_states'])('are verified when read: a flipped bit in %s is an error', async (table) => {
    const file = temporaryFile()
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), true)
    const raw = new Database(file)
    const data = raw.prepare(`SELECT data FROM ${table}`).pluck().get() as Buffer
    data[data.length - 5]! ^= 1
    raw.prepare(`UPDATE ${table} SET data = ?`).run(data)
    raw.close()
    const damaged = expect.objectContaining({
      code: 'corrupt',
      message: expect.stringMatching(/is damaged: its sha-256 is/),
    })
    const error = thrownBy(() =>
      table === 'blobs' ? store.readCheckpoint(store.checkpoint(`${id}@1`).id) : store.resumeState(id),
    )
    expect(error).toEqual(damaged)
  })
})

describe('episodes', () => {
  it('come back as they were stored, and a second one of the same key replaces the first', async () => {
    const store = await testStore()
    const run = store.createRun(metaTraining()).id
    const key = { run, initialisation: null, iteration: 3, task: 11, step: 0, episode: 2, stochastic: true }
    const numbers = { return: 1.5, cost: 3, length: 400 }
    const bytes = (text: string) => new TextEncoder().encode(text)
    store.saveEpisode(key, numbers, bytes('first'))
    const row = store.saveEpisode(key, { ...numbers, cost: 4 }, bytes('second'))
    expect(store.episodes(run)).toEqual([row])
    expect(row).toMatchObject({ ...key, checkpoint: null, return: 1.5, cost: 4, length: 400, size: 6 })
    expect(new TextDecoder().decode(store.readEpisode(row.id))).toBe('second')
    expect(store.gc().blobsDeleted).toBe(0)
    expect(() => store.readEpisode(row.id + 1)).toThrow(/There is no episode/)
    expect(() => store.saveEpisode({ ...key, run: 'x' }, numbers, bytes(''))).toThrow(/There is no run/)
  })

  it('of a checkpoint without its run belong to it, and are deleted with it', async () => {
    const store = await testStore()
    const { id: checkpoint } = store.importCheckpoint(encodeCheckpoint({ config: config(), state: stateAt(1) }), 'a')
    const key = { run: null, checkpoint, initialisation: null, iteration: 1, task: 11, step: 0, episode: 0 }
    const save = (text: string, stochastic = true) =>
      store.saveEpisode({ ...key, stochastic }, numbers, new TextEncoder().encode(text))
    const numbers = { return: 1, cost: 0, length: 4 }
    const { id } = save('first')
    expect(save('second')).toMatchObject({ id, run: null, checkpoint })
    save('mean', false)
    const query = { sort: 'newest', descending: false, after: null, limit: 9 } as const
    const { rows } = store.episodePage({ ...query, checkpoint })
    expect(rows).toMatchObject([{ stochastic: false }, { id, runName: 'a', iteration: 1, initialisation: null }])
    expect(store.episodePage({ ...query, checkpoint: 'other' }).total).toBe(0)
    expect(() => store.saveEpisode({ ...key, checkpoint: 'x', stochastic: true }, numbers, new Uint8Array())).toThrow(
      /There is no imported checkpoint x/,
    )

    store.removeCheckpoint(checkpoint)
    expect(store.episodePage(query).total).toBe(0)
    expect(store.purgeSomeEpisodes(Date.now() + 1)).toBe(false)
    store.purgeCheckpoints(Date.now() + 1)
    expect(() => store.episode(id)).toThrow(/There is no episode/)
    expect(store.gc().blobsDeleted).toBe(0)
  })
})

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
