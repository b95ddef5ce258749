// Bundles between real databases: what comes along, what is left out.
import { describe, expect, it } from 'vitest'
import type { BundleRequest } from '../../../../src/main/store/bundle/bundle.ts'
import { decodeBundle } from '../../../../src/main/store/bundle/file.ts'
import { testStore } from '../fixtures.ts'
import { everything, example, fineTuned, trained, withEpisode } from './fixtures.ts'

describe('a round trip', () => {
  it('keeps all results under new ids, linked as they were', async () => {
    const { store, training, tuning } = await example()
    const episode = withEpisode(store, training, 301)
    const target = await testStore()
    trained(target, { seed: 9 })
    const report = await target.importBundle(await store.writeBundle(everything(store)), 'demo')
    expect(report.runs.map(({ sourceRun, added }) => ({ sourceRun, added }))).toEqual([
      { sourceRun: training, added: true },
      { sourceRun: tuning, added: true },
    ])
    const [newTraining, newTuning] = report.runs.map(({ id }) => id) as [string, string]
    expect([training, tuning]).not.toContain(newTraining)

    const { id: _, heartbeatAt: __, owner: ___, parentRun: ____, parentCheckpoint: _____, ...same } = store.run(tuning)
    expect(target.run(newTuning)).toMatchObject({
      ...{ ...same, source: 'demo', sourceRun: tuning, leftOut: target.run(newTuning).leftOut },
      ...{ parentRun: newTraining, owner: { pid: 0, host: '' } },
    })
    expect(target.fineTuneRows(newTuning)).toEqual(store.fineTuneRows(tuning))
    expect(target.iterations(newTraining)).toEqual(store.iterations(training))
    const last = target.checkpoint(newTraining)
    expect(last.sha256).toBe(store.checkpoint(training).sha256)
    expect(target.readCheckpoint(last.id)).toEqual(store.readCheckpoint(store.checkpoint(training).id))
    expect(target.initialisations(newTuning)).toEqual([
      { index: 0, label: 'C-MAML', kind: 'checkpoint', checkpoint: last.id, sha256: last.sha256 },
      { index: 1, label: 'random', kind: 'random', checkpoint: null, sha256: null },
    ])
    const [saved] = target.episodes(newTraining)
    expect(target.readEpisode(saved!.id)).toEqual(store.readEpisode(episode))
    expect(target.runs()[0]!.source).toBe('demo')
    expect(target.runs().at(-1)!.source).toBeNull()
  })

  it('adds nothing the second time, and what was deleted in between comes back to its place', async () => {
    const { store } = await example()
    const bundle = await store.writeBundle(everything(store))
    const target = await testStore()
    const first = await target.importBundle(bundle, 'demo')
    const again = await target.importBundle(bundle, 'by another name')
    expect(again.runs).toEqual(first.runs.map((run) => ({ ...run, added: false })))
    expect(target.runs()).toHaveLength(2)
    const [training, tuning] = first.runs.map(({ id }) => id) as [string, string]
    target.deleteRun(tuning)
    const { runs } = await target.importBundle(bundle, 'demo')
    expect(runs.map(({ added }) => added)).toEqual([false, true])
    expect(target.run(runs[1]!.id).parentRun).toBe(training)
    expect(target.initialisations(runs[1]!.id)[0]!.checkpoint).toBe(target.checkpoint(training).id)
  })

  it('goes by its source, with all its disk', async () => {
    const { store, tuning } = await example()
    // The training stays behind, its checkpoint comes along as one without a run.
    const bundle = await store.writeBundle(everything(store, { runs: [tuning] }))
    const target = await testStore()
    const own = trained(target, { seed: 9 })
    const before = target.checkpoints().map(({ id }) => id)
    const { runs } = await target.importBundle(bundle, 'demo')
    const loose = target.checkpoints().filter(({ kind }) => kind === 'imported')
    expect(loose).toMatchObject([{ run: null, source: 'demo' }])
    expect(target.run(runs[0]!.id)).toMatchObject({ parentRun: null, parentCheckpoint: loose[0]!.id })
    expect(target.deleteSource('demo')).toBe(1)
    expect(target.runs().map(({ id }) => id)).toEqual([own])
    expect(target.checkpoints().map(({ id }) => id)).toEqual(before)
    expect(target.gc().blobsDeleted).toBe(0)
    expect(() => target.deleteSource('demo')).toThrow(/"demo": none was imported/)
  })

  it('a checkpoint that other runs start from survives the deletion of its bundle', async () => {
    const { store, tuning } = await example()
    const target = await testStore()
    await target.importBundle(await store.writeBundle(everything(store, { runs: [tuning] })), 'demo')
    const [loose] = target.checkpoints()
    const own = fineTuned(target, loose!.id)
    target.deleteSource('demo')
    expect(target.readCheckpoint(target.initialisations(own)[0]!.checkpoint!)).toBeTruthy()
  })

  it('uses a checkpoint that is there already', async () => {
    const { store, training, tuning } = await example()
    const target = await testStore()
    const there = target.importCheckpoint(store.readCheckpointBytes(store.checkpoint(training).id), 'a.safetensors')
    const { runs } = await target.importBundle(await store.writeBundle(everything(store, { runs: [tuning] })), 'demo')
    expect(target.checkpoints()).toHaveLength(1)
    expect(target.initialisations(runs[0]!.id)[0]!.checkpoint).toBe(there.id)
  })
})

describe('what is left out', () => {
  it('thins metrics evenly with both ends; the stored extremes stay those of all iterations', async () => {
    const store = await testStore()
    const training = trained(store, { iterations: 130 })
    const target = await testStore()
    const bundle = await store.writeBundle(everything(store, { points: 10 }))
    const { id } = (await target.importBundle(bundle, 'demo')).runs[0]!
    const kept = target.iterations(id).map(({ iteration }) => iteration)
    expect(kept).toEqual([1, 16, 31, 46, 61, 76, 91, 106, 121, 130])
    expect(target.iterations(id)).toEqual(store.iterations(training).filter((row) => kept.includes(row.iteration)))
    const whole = { buckets: 2 }
    expect(target.series(id, 'costAfter', whole)).toEqual(store.series(training, 'costAfter', whole))
    expect(target.taskSteps(id)).toEqual([])
    expect(target.checkpoints(id).map(({ kind, iteration }) => ({ kind, iteration }))).toEqual([
      { kind: 'last', iteration: 130 },
    ])
    expect(target.resumeState(id)).toBeNull()
    expect(target.run(id).leftOut).toEqual({ metricsEvery: 15, taskRows: 130 * 4, milestones: 65, episodes: 0 })

    // Thinned once more, it says so relative to the training.
    const third = await testStore()
    const thinner = await target.writeBundle(everything(target, { points: 4 }))
    const again = third.run((await third.importBundle(thinner, 'thinner')).runs[0]!.id)
    expect(third.iterations(again.id).map(({ iteration }) => iteration)).toEqual([1, 46, 91, 130])
    expect(again.leftOut).toEqual({ metricsEvery: 45, taskRows: 130 * 4, milestones: 65, episodes: 0 })
    expect(again.sourceRun).toBe(id)
  })

  it('keeps a milestone that a chosen run starts from', async () => {
    const store = await testStore()
    const training = trained(store, { iterations: 5 })
    const tuning = fineTuned(store, store.checkpoint(`${training}@2`).id)
    const target = await testStore()
    const { runs } = await target.importBundle(await store.writeBundle(everything(store)), 'demo')
    expect(target.checkpoints(runs[0]!.id).map(({ iteration }) => iteration)).toEqual([5, 2])
    const [start] = target.initialisations(runs[1]!.id)
    expect(start!.sha256).toBe(store.initialisations(tuning)[0]!.sha256)
    expect(start!.checkpoint).toBe(target.checkpoint(`${runs[0]!.id}@2`).id)
  })

  it('brings the chosen episodes only', async () => {
    const { store, training } = await example()
    const episodes = [301, 302, 303].map((task) => withEpisode(store, training, task))
    const tasks = async (chosen: BundleRequest['episodes']) => {
      const target = await testStore()
      const bundle = await store.writeBundle(everything(store, { episodes: chosen }))
      const { id } = (await target.importBundle(bundle, 'demo')).runs[0]!
      return { tasks: target.episodes(id).map(({ task }) => task), leftOut: target.run(id).leftOut?.episodes }
    }
    expect(await tasks('all')).toEqual({ tasks: [301, 302, 303], leftOut: 0 })
    expect(await tasks([episodes[1]!])).toEqual({ tasks: [302], leftOut: 2 })
    expect(await tasks([])).toEqual({ tasks: [], leftOut: 3 })
    await expect(tasks([99])).rejects.toThrow(/no recorded episode 99; they have/)
  })

  it('takes the newest state of a failed training as its checkpoint', async () => {
    const store = await testStore()
    const training = trained(store, { iterations: 3, end: false })
    store.finishRun(training, { status: 'failed', reason: 'NaN' })
    const target = await testStore()
    const { id } = (await target.importBundle(await store.writeBundle(everything(store)), 'demo')).runs[0]!
    expect(target.run(id)).toMatchObject({ status: 'failed', reason: 'NaN' })
    const last = target.readCheckpoint(target.checkpoint(id).id)
    expect(last.state).toEqual(store.resumeState(training))
  })

  it('tells nobody whose computer it was', async () => {
    const { store, training } = await example()
    const bytes = store.readCheckpointBytes(store.checkpoint(training).id)
    const other = await testStore()
    const { id } = other.importCheckpoint(bytes, '/home/somebody/secret/policy.safetensors')
    fineTuned(other, id)
    const { host } = other.run('latest').owner
    const { database } = decodeBundle(await other.writeBundle(everything(other)), 'it')
    const text = Buffer.from(database).toString('latin1')
    expect(text).toContain('policy.safetensors')
    expect(text).not.toContain('somebody')
    expect(text).not.toContain(host)
  })

  it('refuses runs in progress and runs that are not there', async () => {
    const store = await testStore()
    const running = trained(store, { end: false })
    await expect(store.writeBundle(everything(store))).rejects.toThrow(`Run ${running} is in progress`)
    await expect(store.writeBundle(everything(store, { runs: ['none'] }))).rejects.toThrow('There is no run "none"')
  })

  it('refuses a description that is too long', async () => {
    const { store } = await example()
    const description = 'x'.repeat(1001)
    await expect(store.writeBundle(everything(store, { description }))).rejects.toMatchObject({
      ...{ code: 'invalid', message: "A bundle's description may have 1000 characters; this one has 1001." },
    })
  })
})
