// Bundles between real databases: what comes along, what is left out, what is refused.
import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BundleRequest } from '../../../src/main/store/bundle/bundle.ts'
import { decodeBundle, encodeBundle } from '../../../src/main/store/bundle/file.ts'
import { isPrintable } from '../../../src/main/store/printable.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { databaseOfVersion1 } from '../../golden/version-1.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining } from './samples.ts'

const everything = (store: Store, changes: Partial<BundleRequest> = {}): BundleRequest => ({
  runs: store.runs().map(({ id }) => id),
  points: null,
  episodes: 'all',
  description: '',
  ...changes,
})

/** Trains by so many iterations with a milestone at every second; ends unless it is left running. */
function trained(store: Store, { iterations = 4, seed = 1, end = true } = {}): string {
  const of = config({ seed })
  const { id } = store.createRun(metaTraining({ name: `training ${seed}`, config: of, total: iterations }))
  for (let i = 1; i <= iterations; i++) store.commitIteration(id, iterationResult(i, of), i % 2 === 0)
  if (end) store.finishRun(id, { status: 'completed' })
  return id
}

/** From a checkpoint and from a random network, on two tasks. */
function fineTuned(store: Store, checkpoint: string): string {
  const { id } = store.createRun(fineTuning({ parentCheckpoint: checkpoint, tasks: [301, 302] }))
  store.declareInitialisations(id, [
    { label: 'C-MAML', checkpoint },
    { label: 'random', checkpoint: null },
  ])
  for (const initialisation of [0, 1])
    for (const task of [301, 302]) store.commitFineTuneResult(id, initialisation, fineTuneResult(task + initialisation))
  store.finishRun(id, { status: 'completed' })
  return id
}

function withEpisode(store: Store, run: string, task: number): number {
  const key = { run, initialisation: null, iteration: 4, task, step: 0, episode: 0 }
  return store.saveEpisode(key, { return: 1, cost: 2, length: 3 }, Buffer.from(`episode of ${run} on ${task}`)).id
}

/** A training and the fine-tuning of its newest state. */
async function example(): Promise<{ store: Store; training: string; tuning: string }> {
  const store = await testStore()
  const training = trained(store)
  return { store, training, tuning: fineTuned(store, store.checkpoint(training).id) }
}

/** In SQL: clears a terminal that is shown it. */
const ESCAPE = "char(27) || '[2J'"

/** A bundle as its author could have altered it, with a hash that fits. */
function altered(bundle: Uint8Array, alter: (database: Database.Database) => void): Uint8Array {
  const { database, ...description } = decodeBundle(bundle, 'it')
  const raw = new Database(Buffer.from(database))
  alter(raw)
  const bytes = raw.serialize()
  raw.close()
  return encodeBundle(description, bytes)
}

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
})

describe('older and newer', () => {
  it('migrates the database of an older version first', async () => {
    const bundle = encodeBundle({ appVersion: '0.1.0', createdAt: 0, description: 'old' }, databaseOfVersion1())
    const old = await testStore()
    const { runs, ...described } = await old.importBundle(bundle, 'old')
    expect(described).toEqual({ appVersion: '0.1.0', createdAt: 0, description: 'old' })
    expect(runs).toHaveLength(3)
    const [training, tuning, interrupted] = runs.map(({ id }) => old.run(id))
    expect(training).toMatchObject({ kind: 'train', method: 'meta', status: 'completed', source: 'old' })
    expect(tuning).toMatchObject({ kind: 'fine-tune', parentRun: training!.id })
    expect(interrupted!.status).toBe('stopped')
    expect(old.fineTuneRows(tuning!.id)).toHaveLength(12)
    expect((await old.importBundle(bundle, 'old')).runs.every(({ added }) => !added)).toBe(true)
  })

  it('refuses newer schemas, settings and formats by their version', async () => {
    const { store } = await example()
    const bundle = await store.writeBundle(everything(store))
    const target = await testStore()
    const newerSchema = altered(bundle, (raw) =>
      raw.exec("INSERT INTO migrations VALUES ('2999-01-01-01-future', 'ab', '9.0.0', 0); PRAGMA user_version = 99"),
    )
    await expect(target.importBundle(newerSchema, 'demo')).rejects.toMatchObject({
      ...{ code: 'newer', message: expect.stringContaining('written by version 9.0.0') as string },
    })
    const newerSettings = altered(bundle, (raw) => raw.exec('UPDATE runs SET config_version = 99'))
    await expect(target.importBundle(newerSettings, 'demo')).rejects.toThrow(/settings of version 99/)
    const newerFormat = Buffer.from(Buffer.from(bundle).toString('latin1').replace('bundle 1 ', 'bundle 2 '), 'latin1')
    await expect(target.importBundle(newerFormat, 'demo')).rejects.toThrow(/format 2; this program reads 1/)
    expect(target.runs()).toEqual([])
  })
})

describe('what nobody should import', () => {
  it('refuses damage anywhere in the file', async () => {
    const { store } = await example()
    const bundle = await store.writeBundle(everything(store))
    const target = await testStore()
    for (const at of [30, 100, 200, bundle.length - 1]) {
      const broken = Buffer.from(bundle)
      broken[at]! ^= 1
      await expect(target.importBundle(broken, 'demo'), `byte ${at}`).rejects.toMatchObject({
        ...{ code: 'corrupt', message: expect.stringMatching(/demo is damaged: its sha-256 is/) as string },
      })
    }
    await expect(target.importBundle(bundle.subarray(0, 500), 'demo')).rejects.toThrow('is damaged: its sha-256')
    await expect(target.importBundle(Buffer.from('SQLite format 3'), 'demo')).rejects.toThrow('is not a bundle')
    await expect(target.importBundle(new Uint8Array(0), 'demo')).rejects.toThrow('is not a bundle')
    expect(target.runs()).toEqual([])
  })

  const forged: [what: string, alter: (raw: Database.Database) => void, reason: RegExp][] = [
    [
      'a trigger',
      (raw) => raw.exec('CREATE TRIGGER t AFTER UPDATE ON runs BEGIN DELETE FROM runs; END'),
      /unknown trigger t/,
    ],
    ['a view', (raw) => raw.exec('CREATE VIEW v AS SELECT * FROM runs'), /unknown view v/],
    ['another table', (raw) => raw.exec('CREATE TABLE t (x)'), /unknown table t/],
    ['another application', (raw) => raw.pragma('application_id = 7'), /no database of this program/],
    ['no schema', (raw) => raw.pragma('user_version = 0'), /no version/],
    ['no runs', (raw) => raw.exec('PRAGMA foreign_keys = ON; DELETE FROM runs'), /holds no runs/],
    [
      'an incomplete configuration',
      (raw) => raw.exec("UPDATE runs SET config = json_remove(config, '$.meta')"),
      /incompl/,
    ],
    [
      'a forbidden setting',
      (raw) => raw.exec("UPDATE runs SET config = json_set(config, '$.costLimit', -1)"),
      /costLimit/,
    ],
    ['a name that moves the cursor', (raw) => raw.exec("UPDATE runs SET name = char(27) || '[2J'"), /cannot be shown/],
    [
      'a label that moves the cursor',
      (raw) => raw.exec(`UPDATE initialisations SET label = label || ${ESCAPE}`),
      /label/,
    ],
    [
      'the name of a metric that moves the cursor',
      (raw) => raw.exec(`INSERT INTO metric_names (name) VALUES ('m' || ${ESCAPE})`),
      /name of a metric, "m\uFFFD\[2J", has characters/,
    ],
    [
      'a feasibility that moves the cursor',
      (raw) => raw.exec(`UPDATE fine_tune_steps SET feasibility = ${ESCAPE} WHERE step = 0`),
      /feasibility of a step/,
    ],
    [
      'an unreleased change of the schema whose name moves the cursor',
      (raw) => raw.exec(`UPDATE migrations SET app_version = ${ESCAPE}, id = id || ${ESCAPE}`),
      /written by version \uFFFD\[2J of this program/,
    ],
    ['a trainer without a name', (raw) => raw.exec("UPDATE runs SET trainer = '{}'"), /engine/],
    ['altered content', (raw) => raw.exec("UPDATE blobs SET data = x'00'"), /is damaged: its sha-256/],
    [
      'content that is missing',
      (raw) => raw.exec('PRAGMA foreign_keys = OFF; DELETE FROM blobs'),
      /rows of checkpoints refer to missing blobs/,
    ],
    [
      'a checkpoint that is none',
      (raw) => {
        // Its hash fits: that of one zero byte.
        const hash = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
        raw.pragma('foreign_keys = OFF')
        raw.exec(`UPDATE blobs SET data = x'00', sha256 = '${hash}'; UPDATE checkpoints SET sha256 = '${hash}'`)
      },
      /checkpoint 6e340b9c\w+ cannot be used/,
    ],
  ]

  it.each(forged)('refuses %s, whatever the hash says', async (_, alter, reason) => {
    const { store } = await example()
    const bundle = altered(await store.writeBundle(everything(store)), alter)
    const target = await testStore()
    const refused = target.importBundle(bundle, 'demo')
    await expect(refused).rejects.toThrow(reason)
    await expect(refused).rejects.toSatisfy((error: Error) => isPrintable(error.message))
    expect(target.runs()).toEqual([])
    expect(target.checkpoints()).toEqual([])
  })

  it('shows words of its author without what a terminal obeys', async () => {
    const { store, tuning } = await example()
    const whole = await store.writeBundle(everything(store, { runs: [tuning], description: 'mine\n\u001b[2J\u009b2J' }))
    const bundle = altered(whole, (raw) =>
      raw.exec(`UPDATE runs SET status = 'failed', reason = 'NaN' || char(10) || ${ESCAPE};
        UPDATE checkpoints SET source = ${ESCAPE}`),
    )
    const target = await testStore()
    const { runs, description } = await target.importBundle(bundle, 'demo')
    expect(description).toBe('mine \uFFFD[2J\uFFFD2J')
    expect(target.run(runs[0]!.id).reason).toBe('NaN \uFFFD[2J')
    expect(target.checkpoints().map(({ source }) => source)).toEqual(['demo'])
    await expect(target.importBundle(bundle, 'demo\u001b[2J')).rejects.toThrow('The bundle demo\uFFFD[2J cannot be imp')
  })

  it('refuses a version that moves the cursor, in the description too', async () => {
    const { store } = await example()
    const { database, ...described } = decodeBundle(await store.writeBundle(everything(store)), 'it')
    expect(() => encodeBundle({ ...described, appVersion: '1\u001b[2J' }, database)).toThrow('cannot be shown')
    const line = JSON.stringify({ appVersion: '1\u001b[2J', createdAt: 0, description: '', contentBytes: 1 })
    const hash = createHash('sha256').update(`${line}\n`).digest('hex')
    const forgedBundle = Buffer.from(`cmaml-bundle 1 ${hash}\n${line}\n`)
    await expect(store.importBundle(forgedBundle, 'demo')).rejects.toThrow('its description cannot be read')
  })

  it('refuses content that unpacks to more than it states', async () => {
    const { store } = await example()
    const bundle = await store.writeBundle(everything(store))
    const text = Buffer.from(bundle).toString('latin1')
    const compressed = Buffer.from(text.slice(text.indexOf('\n', text.indexOf('\n') + 1) + 1), 'latin1')
    const size = brotliDecompressSync(compressed).byteLength
    expect(text).toContain(`"contentBytes":${size}`)
    const rest = Buffer.from(text.slice(text.indexOf('\n') + 1).replace(`:${size}}`, `:${size - 1}}`), 'latin1')
    const hash = createHash('sha256').update(rest).digest('hex')
    const lying = Buffer.concat([Buffer.from(`cmaml-bundle 1 ${hash}\n`), rest])
    const target = await testStore()
    await expect(target.importBundle(lying, 'demo')).rejects.toThrow('its content cannot be unpacked')
  })

  it('leaves the database as it was when the last of its rows is refused', async () => {
    const { store } = await example()
    const bundle = await store.writeBundle(everything(store))
    const file = temporaryFile()
    const target = await testStore(file)
    // A full disk, as SQLite reports it.
    const raw = new Database(file)
    onTestFinished(() => void raw.close())
    raw.exec(
      "CREATE TRIGGER full BEFORE INSERT ON fine_tune_steps WHEN new.task = 302 BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    await expect(target.importBundle(bundle, 'demo')).rejects.toThrow('refuses a value')
    expect(target.runs()).toEqual([])
    expect(target.gc().blobsDeleted).toBe(0)
  })
})
