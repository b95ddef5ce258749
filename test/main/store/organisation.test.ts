// Notes, tags, the feed of changes, logs and charts: against real databases.
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { databaseOfVersion1 } from '../../golden/version-1.ts'
import { writeFileSync } from 'node:fs'
import { FIELDS } from '../../../src/core/config/form/fields.ts'
import { settingAt } from '../../../src/core/config/setting-at.ts'
import { runDetail } from '../../../src/main/services/run-detail.ts'
import { fineTuningResults } from '../../../src/main/store/migrations/2026-11-23-18-fine-tuning-results.ts'
import { migrations } from '../../../src/main/store/migrations/index.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining, trained } from './samples.ts'

const metric = (iteration: number, name: 'returnAfter' | 'costAfter' | 'secondsTotal') =>
  iterationResult(iteration).record.metrics[name]!

describe('the feed of changes', () => {
  it('tells of every write, also by SQL of another process, once', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const id = trained(store)
    const first = store.changesSince(null)
    expect(first).toMatchObject({ complete: true, rows: [{ id, done: 3, tags: [] }], removed: [] })
    expect(store.changesSince(first.cursor)).toEqual({ ...first, complete: false, rows: [] })
    const version = store.dataVersion()
    const other = new Database(file)
    other.exec("INSERT INTO run_tags SELECT key, 'paper' FROM runs")
    expect(store.dataVersion()).not.toBe(version)
    const tagged = store.changesSince(first.cursor)
    expect(tagged.rows).toMatchObject([{ id, tags: ['paper'] }])
    other.exec("UPDATE runs SET name = 'renamed'")
    other.close()
    expect(store.changesSince(tagged.cursor).rows).toMatchObject([{ name: 'renamed' }])
    const before = store.changesSince(null).cursor
    store.deleteRun(id)
    expect(store.changesSince(before)).toMatchObject({ complete: false, rows: [], removed: [id] })
    expect(store.changesSince(1e6).complete).toBe(true)
  })

  it('says nothing of signs of life', async () => {
    const store = await testStore()
    const { id } = store.createRun(metaTraining())
    const { cursor } = store.changesSince(null)
    store.heartbeat(id)
    expect(store.changesSince(cursor).rows).toEqual([])
  })

  it('notices a dead owner once', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    store.createRun(metaTraining())
    expect(store.noticeInterruptions()).toBe(0)
    const other = new Database(file)
    other.exec('UPDATE runs SET heartbeat_at = 0')
    other.close()
    const { cursor } = store.changesSince(null)
    expect(store.noticeInterruptions()).toBe(1)
    expect(store.changesSince(cursor).rows).toMatchObject([{ status: 'interrupted' }])
    expect(store.noticeInterruptions()).toBe(0)
  })
})

describe('results in lists', () => {
  it('are the last iteration, and the best within the limit; a migration and a resumed run compute the same', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const id = trained(store, 6)
    const within = [1, 2, 3, 4, 5, 6].filter((i) => metric(i, 'costAfter') <= 5)
    const best = within.toSorted((a, b) => metric(b, 'returnAfter') - metric(a, 'returnAfter'))[0]!
    const expected = {
      ...{ lastReturn: metric(6, 'returnAfter'), lastCost: metric(6, 'costAfter') },
      ...{ bestReturn: metric(best, 'returnAfter'), bestCost: metric(best, 'costAfter') },
    }
    expect(store.changesSince(null).rows[0]).toMatchObject(expected)
    const other = new Database(file)
    other.exec('UPDATE runs SET last_return = NULL, best_return = NULL, best_cost = 1')
    other.close()
    store.resumeRun(id, store.run(id).trainer)
    expect(store.changesSince(null).rows[0]).toMatchObject(expected)
  })

  it('are means over tasks of a fine-tuning', async () => {
    const store = await testStore()
    const { id } = store.createRun(fineTuning({ tasks: [1, 2] }))
    store.declareInitialisations(id, [{ label: 'random', checkpoint: null }])
    const results = [fineTuneResult(1), fineTuneResult(2)]
    for (const result of results) store.commitFineTuneResult(id, 0, result)
    const mean = (key: 'return' | 'cost') =>
      results.reduce((sum, { evaluations }) => sum + evaluations.at(-1)![key], 0) / results.length
    const [row] = store.changesSince(null).rows
    expect(row!.lastReturn).toBeCloseTo(mean('return'), 12)
    expect(row!.lastCost).toBeCloseTo(mean('cost'), 12)
  })

  it('are those of the trained initialisation where a fine-tuning has several', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const training = trained(store, 1)
    const { id } = store.createRun(fineTuning({ tasks: [1, 2] }))
    store.declareInitialisations(id, [
      { label: 'random', checkpoint: null },
      { label: 'C-MAML', checkpoint: store.checkpoint(training).id },
    ])
    const [ofRandom, ofTrained] = [fineTuneResult(1), fineTuneResult(2)]
    store.commitFineTuneResult(id, 0, { ...ofRandom, task: 1 })
    store.commitFineTuneResult(id, 1, { ...ofTrained, task: 1 })
    const expected = { lastReturn: ofTrained.evaluations.at(-1)!.return, lastCost: ofTrained.evaluations.at(-1)!.cost }
    const best = ofTrained.evaluations.toSorted((a, b) => b.return - a.return)[0]!
    const rowOf = (from: Store) => from.changesSince(null).rows.find((row) => row.id === id)
    expect(rowOf(store)).toMatchObject({ ...expected, bestReturn: best.return, bestCost: best.cost })
    expect(runDetail(store, id, () => null).resultsOf).toBe('C-MAML')
    store.close()

    // As it was before that: the migration counts anew.
    const other = new Database(file)
    other.exec('UPDATE runs SET last_return = 99, best_return = 99, best_cost = NULL')
    other.prepare('DELETE FROM migrations WHERE id >= ?').run(fineTuningResults.id)
    other.exec('DROP INDEX runs_in_bin; DROP INDEX runs_with_notes')
    other.pragma(`user_version = ${migrations.indexOf(fineTuningResults)}`)
    other.close()
    const migrated = await testStore(file, { mode: 'existing' })
    expect(rowOf(migrated)).toMatchObject({ ...expected, bestReturn: best.return, bestCost: best.cost })
  })

  it('are filled in a database of version 0.1.0', async () => {
    const file = temporaryFile()
    writeFileSync(file, databaseOfVersion1())
    const store = await testStore(file, { mode: 'existing' })
    const training = store.run('training')
    const row = store.changesSince(null).rows.find(({ id }) => id === training.id)!
    const { metrics } = store.iterations(training.id).at(-1)!
    expect(row).toMatchObject({ lastReturn: metrics.returnAfter, lastCost: metrics.costAfter })
    expect(row.activeSeconds).toBeGreaterThan(0)
    expect(store.settingOfRuns('inner.multiplier.rate').map(([, value]) => value)).toEqual([0.02, 0.02, 0.02])
    for (const path of ['no.such', 'constructor.name', 'inner.toString'])
      expect(store.settingOfRuns(path)[0]![1]).toBeUndefined()
    // What a list shows of an older configuration is what the run itself has in today's form.
    for (const { path } of FIELDS) {
      const values = new Map(store.settingOfRuns(path))
      for (const { id } of store.runs()) expect(values.get(id), path).toEqual(settingAt(store.run(id).config, path))
    }
    // Asked again, nothing is migrated again; a run that is new, or written anew, is not forgotten over it.
    const { id: added } = store.createRun(metaTraining({ config: config({ inner: { multiplier: { rate: 0.5 } } }) }))
    store.finishRun(added, { status: 'stopped' })
    const other = new Database(file)
    other
      .prepare("UPDATE runs SET config = json_set(config, '$.inner.multiplierRate', 'much') WHERE id = ?")
      .run(training.id)
    other.close()
    const again = new Map(store.settingOfRuns('inner.multiplier.rate'))
    expect([again.get(training.id), again.get(added)]).toEqual([0.02, 0.5])
    // One that is damaged is shown as it is, and takes no other's value away.
    const reopened = await testStore(file, { mode: 'existing' })
    const read = new Map(reopened.settingOfRuns('inner.multiplier.rate'))
    expect([read.get(training.id), read.get(added), read.size]).toEqual(['much', 0.5, 4])
  })
})

describe('notes', () => {
  it('are searched whatever the case of their letters, in runs that are in sight', async () => {
    const store = await testStore()
    const [first, second, silent, binned] = ['a', 'b', 'c', 'd'].map((name) => trained(store, 1, name))
    store.setNotes(first!, 'Größe: ÄNDERUNG of the seed')
    store.setNotes(second!, 'The seed, 100 % again')
    store.setNotes(binned!, 'seed')
    store.bin([binned!])
    expect(store.runsNoting(['seed', 'änderung', '%', 'nothing'])).toEqual([[second, first], [first], [second], []])
    expect(store.runsNoting([])).toEqual([])
    store.setNotes(silent!, 'seed')
    store.setNotes(first!, '')
    expect(store.runsNoting(['seed'])).toEqual([[silent, second]])
  })
})

describe('organising', () => {
  it('renames the jobs of a run with it, but not a study that works on it', async () => {
    const store = await testStore()
    const [id, other, ofStudy] = [trained(store, 1, 'old'), trained(store, 1, 'other'), trained(store, 1, 'figure-4')]
    const add = (kind: 'resume' | 'study', name: string, run: string) =>
      store.jobs.add({ kind, name, request: '{}', run }, false).id
    const jobs = [add('resume', 'old', id), add('resume', 'other', other), add('study', 'figure-4', ofStudy)]
    store.rename(id, 'new')
    store.rename(ofStudy, 'of a study')
    expect(jobs.map((job) => store.jobs.job(job).name)).toEqual(['new', 'other', 'figure-4'])
  })

  it('adds and removes tags and marks, and survives a bundle', async () => {
    const store = await testStore()
    const id = trained(store)
    store.organise([id], { addTags: ['b', 'a'], pinned: true })
    store.organise([id], { removeTags: ['b'], archived: true })
    expect(store.setNotes(id, 'two\nlines')).toBeNull()
    expect(store.setNotes(id, 'written over nothing', '')).toBe('two\nlines')
    expect(store.setNotes(id, 'two\nlines', 'two\nlines')).toBeNull()
    store.rename(id, ' new ')
    const shown = { name: 'new', tags: ['a'], hasNotes: true, pinned: true, archived: true }
    expect(store.changesSince(null).rows[0]).toMatchObject(shown)
    expect(() => store.organise([id], { addTags: ['a b'] })).toThrow(/no blanks/)
    store.appendLog(id, 'info', 'only here')
    const bundle = await store.writeBundle({ runs: [id], points: null, episodes: 'all', description: '' })
    const target = await testStore()
    const { runs } = await target.importBundle(bundle, 'demo')
    expect(target.changesSince(null).rows[0]).toMatchObject({ ...shown, pinned: false, archived: false })
    expect(target.run(runs[0]!.id).notes).toBe('two\nlines')
    expect(target.logAfter(runs[0]!.id, null)).toEqual([])
  })

  it('extends a training, and says why not', async () => {
    const store = await testStore()
    const id = trained(store, 2)
    store.extendRun(id, 4)
    expect(store.run(id)).toMatchObject({ total: 4, status: 'stopped', config: { meta: { iterations: 4 } } })
    expect(store.logAfter(id, null)).toMatchObject([
      { index: 1, level: 'info', text: expect.stringMatching(/2 to 4/) },
      { index: 2, level: 'warning', text: expect.stringMatching(/stretched/) },
    ])
    expect(store.logAfter(id, 1)).toHaveLength(1)
    expect(() => store.extendRun(id, 4)).toThrow(/already/)
    const { id: living } = store.createRun(metaTraining())
    expect(store.extendObstacle(living)).toMatch(/in progress/)
    expect(store.extendObstacle(id)).toBeNull()
  })
})

describe('charts', () => {
  it('read stretches with the axis at their ends, and new iterations one by one', async () => {
    const store = await testStore()
    const id = trained(store, 70)
    const seconds = (to: number) =>
      Array.from({ length: to }, (_, i) => metric(i + 1, 'secondsTotal')).reduce((sum, value) => sum + value, 0)
    for (const buckets of [1, 7, 100]) {
      const { series, axis, cursor } = store.chartSeries(id, ['costAfter', 'returnAfter'], { buckets })
      expect(cursor).toBe(70)
      const whole = store.series(id, 'costAfter', { buckets })
      expect([...series[0]!.mean]).toEqual(whole.map(({ mean }) => mean))
      expect([...series[1]!.last]).toEqual(whole.map(({ lastIteration }) => lastIteration))
      expect([...axis.envSteps]).toEqual([...axis.iteration].map((iteration) => 1000 * iteration))
      axis.iteration.forEach((at, i) => expect(axis.seconds[i]).toBeCloseTo(seconds(at), 9))
    }
    const { cursor, iteration, values, seconds: time } = store.iterationsAfter(id, 67, ['costAfter'])
    expect([cursor, ...iteration]).toEqual([70, 68, 69, 70])
    expect([...values[0]!]).toEqual([68, 69, 70].map((at) => metric(at, 'costAfter')))
    expect(time[2]).toBeCloseTo(seconds(70), 9)
    expect(store.iterationsAfter(id, 70, ['costAfter'])).toMatchObject({ cursor: 70, iteration: new Float64Array() })
  })

  it('show tasks before and after adaptation, thinned to what was asked for', async () => {
    const store = await testStore()
    const id = trained(store, 10)
    const rows = store.taskSteps(id)
    const all = store.taskCells(id, { policy: 'after', most: 1000 })
    expect(all.tasks).toEqual([7, 11])
    const adapted = rows.filter(({ adaptation }) => adaptation === null)
    expect([...all.cost]).toEqual(adapted.map(({ cost }) => Math.fround(cost)))
    const few = store.taskCells(id, { policy: 'before', most: 6 })
    expect([...few.iteration]).toEqual([1, 1, 5, 5, 9, 9])
  })
})
