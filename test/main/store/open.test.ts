import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../src/main/store/connection.ts'
import { APPLICATION_ID, migrate } from '../../../src/main/store/migrate.ts'
import { migrations } from '../../../src/main/store/migrations/index.ts'
import { openStore } from '../../../src/main/store/open.ts'
import { temporaryFile, temporaryFolder, testStore } from './fixtures.ts'
import { iterationResult, metaTraining } from './samples.ts'

const open = (file: string, mode: 'existing' | 'create' | 'create-folder' = 'create') =>
  openStore(file, { appVersion: '0.0.0-test', mode }).then((store) => store.close())

describe('opening', () => {
  it('says what is missing, and creates only what it was told to', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a', 'b', 'runs.sqlite')
    await expect(open(file)).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('folder') })
    await open(file, 'create-folder')
    await open(file, 'existing')
    const other = join(folder, 'other.sqlite')
    await expect(open(other, 'existing')).rejects.toMatchObject({
      code: 'missing',
      message: `There is no database at ${other}.`,
    })
    await expect(open(join(file, 'runs.sqlite'))).rejects.toMatchObject({ code: 'missing' })
    await expect(open(join(file, 'c', 'runs.sqlite'), 'create-folder')).rejects.toMatchObject({ code: 'denied' })
    await expect(open(folder)).rejects.toMatchObject({
      code: 'foreign',
      message: `${folder} is not a file, so it cannot be a database.`,
    })
  })

  it('accepts an empty file as a new database', async () => {
    const file = temporaryFile()
    writeFileSync(file, '')
    await open(file, 'existing')
    expect((await testStore(file, { mode: 'existing' })).runs()).toEqual([])
  })

  it.each([
    ['a text file', 'runs,cost,return\n'.repeat(100)],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))],
    ['a header and nothing else', 'SQLite format 3\0'],
  ])('refuses %s and leaves it as it is', async (_, content) => {
    const file = temporaryFile()
    writeFileSync(file, content)
    await expect(open(file)).rejects.toMatchObject({ code: 'foreign', message: expect.stringContaining(file) })
    expect(readFileSync(file)).toEqual(Buffer.from(content))
  })

  it.each(['application_id = 42', 'user_version = 3', 'encoding'])(
    "refuses another program's database (%s) and leaves it as it is",
    async (pragma) => {
      const file = temporaryFile()
      const raw = new Database(file)
      raw.pragma(pragma)
      raw.exec('CREATE TABLE runs (name TEXT)')
      raw.close()
      const before = readFileSync(file)
      await expect(open(file)).rejects.toMatchObject({
        code: 'foreign',
        message: `${file} is a SQLite database of another program; it was left as it is.`,
      })
      expect(readFileSync(file)).toEqual(before)
    },
  )

  it('refuses a newer database by name', async () => {
    const file = temporaryFile()
    await open(file)
    const future = { id: '2031-01-01-teleport', sql: 'CREATE TABLE teleports (key INTEGER PRIMARY KEY) STRICT' }
    const raw = new Database(file)
    migrate(raw, file, [...migrations, future], '9.1.0')
    raw.close()
    await expect(open(file)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringMatching(/version 9\.1\.0 .* newer .*"2031-01-01-teleport"/),
    })
  })

  it("refuses an unreleased build's database: same change, other text", async () => {
    const file = temporaryFile()
    const raw = new Database(file)
    const [first, ...rest] = migrations
    migrate(raw, file, [{ ...first!, sql: `${first!.sql} -- draft` }, ...rest], '0.0.1')
    raw.close()
    const refused = { code: 'newer', message: expect.stringMatching(/unreleased build .*move it away, or .*--db/) }
    await expect(open(file)).rejects.toMatchObject(refused)
    const older = new Database(file)
    older.exec('ALTER TABLE migrations DROP COLUMN sha256')
    older.close()
    await expect(open(file)).rejects.toMatchObject(refused)
  })

  it('says that a damaged database is damaged', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    for (let iteration = 1; iteration <= 5; iteration++) store.commitIteration(id, iterationResult(iteration), true)
    store.close()
    truncateSync(file, 20_000)
    const use = async () => {
      const damaged = await testStore(file)
      for (const { id: checkpoint } of damaged.checkpoints()) damaged.readCheckpoint(checkpoint)
    }
    await expect(use()).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(file) })
  })

  it('waits for a writer, and says so when it waited long enough', async () => {
    const file = temporaryFile()
    const store = await testStore(file, { busyTimeout: 50 })
    const raw = new Database(file)
    raw.exec('BEGIN IMMEDIATE')
    expect(() => store.createRun(metaTraining())).toThrow(expect.objectContaining({ code: 'busy' }))
    expect(store.runs()).toEqual([])
    raw.exec('COMMIT')
    raw.close()
    store.createRun(metaTraining())
  })

  const canMount = mountable()
  it.runIf(canMount)('says that a read-only place is read-only', async () => {
    const folder = mounted('size=4m')
    const file = join(folder, 'runs.sqlite')
    await open(file)
    execFileSync('mount', ['-o', 'remount,ro', folder])
    await expect(open(file)).rejects.toMatchObject({ code: 'denied', message: expect.stringContaining(file) })
    await expect(open(join(folder, 'new.sqlite'))).rejects.toMatchObject({ code: 'denied' })
    await expect(open(join(folder, 'new', 'runs.sqlite'), 'create-folder')).rejects.toMatchObject({ code: 'denied' })
  })

  it.runIf(canMount)(
    'reads a database in a read-only place, unless its newest commits are in the log only',
    async () => {
      const folder = mounted('size=4m')
      const [file, used] = [join(folder, 'runs.sqlite'), join(folder, 'used.sqlite')]
      const store = await testStore(file)
      const { id } = store.createRun(metaTraining())
      store.commitIteration(id, iterationResult(1), true)
      store.finishRun(id, { status: 'completed' })
      store.close()
      const inUse = await testStore(used)
      inUse.createRun(metaTraining())
      const copy = mounted('size=8m')
      cpSync(folder, copy, { recursive: true })
      execFileSync('mount', ['-o', 'remount,ro', copy])
      const frozen = await testStore(join(copy, 'runs.sqlite'), { mode: 'existing' })
      expect(frozen.run(id).done).toBe(1)
      expect(frozen.readCheckpoint(frozen.checkpoint(id).id).state).toEqual(iterationResult(1).state)
      expect(() => frozen.createRun(metaTraining())).toThrow(expect.objectContaining({ code: 'denied' }))
      await expect(open(join(copy, 'used.sqlite'), 'existing')).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringMatching(/used\.sqlite-wal: copy both to a folder you can write to/),
      })
    },
  )

  it.runIf(canMount)('survives a full disk: a clear error, and everything committed before', async () => {
    const folder = mounted('size=2m')
    const file = join(folder, 'runs.sqlite')
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, new Uint8Array(65_536))
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    let committed = 0
    const fill = () => {
      for (;;) {
        store.commitIteration(id, iterationResult(committed + 1), true)
        committed++
      }
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'full', message: expect.stringContaining(file) }))
    expect(committed).toBeGreaterThan(10)
    expect(store.run(id).done).toBe(committed)
    expect(store.resumeState(id)).toEqual(iterationResult(committed).state)
    // Whatever is left of the last page: the end of a run needs a few.
    rmSync(ballast)
    store.finishRun(id, { status: 'failed', reason: 'No space is left.' })
    store.close()
    const again = await testStore(file)
    expect(again.run(id)).toMatchObject({ status: 'failed', reason: 'No space is left.', done: committed })
    expect(again.iterations(id)).toHaveLength(committed)
    expect(again.checkpoints(id)).toHaveLength(committed)
  })
})

describe('migrations', () => {
  const schemaOf = (file: string) => {
    const raw = new Database(file, { readonly: true })
    const objects = raw
      .prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
      .all()
    raw.close()
    return objects
  }

  it('are dated and in order', () => {
    const ids = migrations.map(({ id }) => id)
    for (const id of ids) expect(id).toMatch(/^20\d\d-[01]\d-[0-3]\d-[a-z0-9-]+$/)
    expect(ids).toEqual([...new Set(ids)].sort())
  })

  it.each(migrations.map((_, version) => [version]))(
    'bring a database of version %i to the newest schema',
    async (version) => {
      const [old, fresh] = [temporaryFile(), temporaryFile()]
      const raw = new Database(old)
      migrate(raw, old, migrations.slice(0, version), '0.0.1')
      raw.close()
      await open(old)
      await open(fresh)
      expect(schemaOf(old)).toEqual(schemaOf(fresh))
      const connection = await connect(old, { appVersion: '0.0.0-test', mode: 'existing' })
      onTestFinished(() => void connection.close())
      expect(connection.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
      expect(connection.pragma('user_version', { simple: true })).toBe(migrations.length)
      expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
      expect(connection.prepare('SELECT app_version FROM migrations ORDER BY id').pluck().all()).toEqual(
        migrations.map((_, index) => (index < version ? '0.0.1' : '0.0.0-test')),
      )
    },
  )

  it('that would leave references to nothing change nothing', async () => {
    const file = temporaryFile()
    const store = await testStore(file)
    const { id } = store.createRun(metaTraining())
    store.commitIteration(id, iterationResult(1), true)
    const careless = { id: '2031-01-01-careless', sql: 'DELETE FROM runs', rebuilds: true } as const
    const raw = new Database(file)
    expect(() => migrate(raw, file, [...migrations, careless], '9')).toThrow(/references would point to nothing/)
    expect(raw.pragma('foreign_keys', { simple: true })).toBe(1)
    raw.close()
    expect(store.run(id).done).toBe(1)
    expect(store.resumeState(id)).toEqual(iterationResult(1).state)
  })

  it('that fail change nothing', async () => {
    const file = temporaryFile()
    await open(file)
    const before = schemaOf(file)
    const broken = { id: '2031-01-01-broken', sql: 'CREATE TABLE extra (key INTEGER); SELECT key FROM nowhere' }
    const raw = new Database(file)
    expect(() => migrate(raw, file, [...migrations, broken], '9')).toThrow(/nowhere/)
    raw.close()
    expect(schemaOf(file)).toEqual(before)
    await open(file)
  })
})

/** A small file system in memory, gone after the test. */
function mounted(options: string): string {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return folder
}

/** Only root on Linux may mount, and not in every container. */
function mountable(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
