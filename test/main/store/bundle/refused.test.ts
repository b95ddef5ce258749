// Bundles of other versions, and what nobody should import.
import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { brotliDecompressSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { decodeBundle, encodeBundle } from '../../../../src/main/store/bundle/file.ts'
import { isPrintable } from '../../../../src/main/store/printable.ts'
import { databaseOfVersion1 } from '../../../golden/version-1.ts'
import { temporaryFile, testStore } from '../fixtures.ts'
import { altered, ESCAPE, everything, example } from './fixtures.ts'

describe('older and newer', () => {
  it('migrates the database of an older version first', async () => {
    const bundle = encodeBundle({ appVersion: '0.1.0', createdAt: 0, description: 'old' }, databaseOfVersion1())
    const old = await testStore()
    const { runs, comparisons, ...described } = await old.importBundle(bundle, 'old')
    expect(described).toEqual({ appVersion: '0.1.0', createdAt: 0, description: 'old' })
    expect(comparisons).toEqual([])
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
