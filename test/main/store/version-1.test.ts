// A database and a checkpoint that version 0.1.0 of the program wrote; test/golden/README.md says how.
import Database from 'better-sqlite3'
import { writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { migrateConfig } from '../../../src/core/config/migrate.ts'
import { startMultiplier } from '../../../src/core/rl/multiplier.ts'
import { checkpointFile as exportedFile } from '../../../src/main/export/checkpoint.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/main/store/checkpoint/checkpoint.ts'
import { decodeSafetensors } from '../../../src/main/store/checkpoint/safetensors.ts'
import { migrate } from '../../../src/main/store/migrate.ts'
import { migrations } from '../../../src/main/store/migrations/index.ts'
import { sha256 } from '../../../src/main/store/sha256.ts'
import { checkpointOfVersion1, databaseOfVersion1 } from '../../golden/version-1.ts'
import { iterate } from '../../support/training.ts'
import { tinyWorker } from '../../support/worker.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { iterationResult, stateAt, trainer } from './samples.ts'

const checkpointFile = checkpointOfVersion1()

function oldDatabase(): string {
  const file = temporaryFile()
  writeFileSync(file, databaseOfVersion1())
  return file
}

type Rows = Record<string, unknown>[]

/** Every row of every table but the migrations, by name. */
function contentOf(file: string): Map<string, Rows> {
  const raw = new Database(file, { readonly: true })
  onTestFinished(() => void raw.close())
  const names = raw
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[]
  const tables = names.filter((name) => name !== 'migrations' && !name.startsWith('sqlite_'))
  return new Map(tables.map((name) => [name, raw.prepare(`SELECT * FROM ${name}`).all() as Rows]))
}

/** What a migration computes from what was there; the numbers themselves are checked in organisation.test.ts. */
const resultsOf = ({ key }: Record<string, unknown>) => ({
  last_return: key === INTERRUPTED ? null : expect.any(Number),
  last_cost: key === INTERRUPTED ? null : expect.any(Number),
  best_return: expect.toSatisfy(isNumberOrNull),
  best_cost: expect.toSatisfy(isNumberOrNull),
  active_seconds: expect.any(Number),
  // Later migrations change some rows again.
  revision: expect.any(Number),
})
const isNumberOrNull = (value: unknown) => value === null || typeof value === 'number'
/** The run that was interrupted before its first iteration. */
const INTERRUPTED = 3

describe('a database of version 0.1.0', () => {
  it('keeps every value of every row when it is opened', async () => {
    const file = oldDatabase()
    const before = contentOf(file)
    const store = await testStore(file, { mode: 'existing' })
    const after = contentOf(file)
    expect([...after.keys()]).toEqual(expect.arrayContaining([...before.keys()]))
    const empty = [...before].filter(([, rows]) => rows.length === 0).map(([name]) => name)
    expect(empty).toEqual([])
    const stepColumns = { longest_cost_run: null, cost_change: null, feasibility: null }
    const importColumns = { source: null, source_sha256: null, source_run: null, left_out: null }
    const organisation = { notes: '', pinned: 0, archived: 0, binned_at: null }
    const episodeColumns = { checkpoint: null, stochastic: 1, recorded_at: null, removed_at: null }
    for (const [table, rows] of before)
      expect(after.get(table), table).toEqual(
        rows.map((row) => {
          if (table.endsWith('_steps')) return { ...row, ...stepColumns }
          if (table === 'checkpoints') return { ...row, card: null, removed_at: null }
          if (table === 'episodes') return { ...row, ...episodeColumns }
          if (table !== 'runs') return row
          const method = row['kind'] === 'meta-train' ? { kind: 'train', method: 'meta' } : { method: null }
          return { ...row, ...importColumns, ...organisation, ...resultsOf(row), ...method }
        }),
      )
    const raw = new Database(file)
    expect(raw.pragma('foreign_key_check')).toEqual([])
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
    raw.close()
    store.close()
  })

  it('answers its runs with configurations in the newest form', async () => {
    const store = await testStore(oldDatabase(), { mode: 'existing' })
    expect(store.runs().map(({ kind, method, status }) => ({ kind, method, status }))).toEqual([
      { kind: 'train', method: 'meta', status: 'interrupted' },
      { kind: 'fine-tune', method: null, status: 'completed' },
      { kind: 'train', method: 'meta', status: 'completed' },
    ])
    for (const { id } of store.runs()) {
      const { config } = store.run(id)
      expect(parseRunConfig(config)).toEqual(config)
      expect(config.inner.multiplier).toMatchObject({ update: 'gradient', rate: 0.02 })
      expect(config.meta.eta).toMatchObject({ mode: 'adaptive', cap: 1.5 })
    }
  })

  it('says null of what was not recorded, and everything else', async () => {
    const store = await testStore(oldDatabase(), { mode: 'existing' })
    const steps = store.taskSteps('1m82bfa37hzn7')
    // 3 iterations x 2 tasks x (the meta-policy and 2 adaptation steps).
    expect(steps).toHaveLength(18)
    for (const { longestCostRun, step, adaptation } of steps) {
      expect(longestCostRun).toBeNull()
      if (step === 2) expect(adaptation).toBeNull()
      else expect(adaptation).toMatchObject({ costChange: null, feasibility: null, kl: expect.any(Number) })
    }
    const { id } = store.runs({ kind: 'fine-tune' })[0]!
    const rows = store.fineTuneRows(id)
    expect(store.hasLongestCostRuns(id)).toBe(false)
    expect(rows).toHaveLength(12)
    expect(rows.every(({ longestCostRun, cost }) => longestCostRun === null && cost >= 0)).toBe(true)
  })

  it('goes on: a run is resumed, its next checkpoint is of the newest form, and deleting it deletes all of it', async () => {
    const file = oldDatabase()
    const store = await testStore(file, { mode: 'existing' })
    const { id } = store.resumeRun(store.run('interrupted').id, trainer)
    const { config } = store.run(id)
    store.commitIteration(id, iterationResult(1, config), true)
    expect(store.resumeState(id)).toEqual(stateAt(1, config))
    const bytes = store.readCheckpointBytes(store.checkpoint(id).id)
    expect(JSON.parse(decodeSafetensors(bytes).metadata['config']!)).toEqual(config)
    expect(bytes).toEqual(Buffer.from(encodeCheckpoint({ config: parseRunConfig(config), state: stateAt(1, config) })))
    expect(store.taskSteps(id).every(({ longestCostRun }) => longestCostRun !== null)).toBe(true)
    store.finishRun(id, { status: 'completed' })
    for (const run of store.runs()) store.deleteRun(run.id)
    const left = [...contentOf(file)].filter(([, rows]) => rows.length > 0).map(([name]) => name)
    // Names and counters, and what a list has to be told.
    expect(left).toEqual(['job_queue', 'metric_names', 'run_changes', 'run_removals'])
  })

  it('stays as it was where there is no space to migrate it', () => {
    const file = oldDatabase()
    const before = contentOf(file)
    const raw = new Database(file)
    raw.pragma(`max_page_count = ${raw.pragma('page_count', { simple: true })}`)
    expect(() => migrate(raw, file, migrations, '0.2.0')).toThrow(expect.objectContaining({ code: 'full' }))
    raw.close()
    expect(contentOf(file)).toEqual(before)
  })
})

describe('a checkpoint of version 0.1.0', () => {
  const { tensors, metadata } = decodeSafetensors(checkpointFile)
  const scalar = (name: string) => tensors.get(`meta.${name}`)!.data[0]!

  it('is read with its configuration and multipliers in the newest form', () => {
    expect(metadata['formatVersion']).toBe('1')
    const { config, state } = decodeCheckpoint(checkpointFile)
    const stored: unknown = JSON.parse(metadata['config']!)
    expect(stored).toMatchObject({ schemaVersion: 1, inner: { multiplierRate: 0.02 } })
    expect(config).toEqual(migrateConfig(stored))
    expect(state).toMatchObject({ iteration: 2, thetaMoments: null, rewardCritic: null, kappa: scalar('kappa') })
    expect(state.lambda).toEqual(startMultiplier(scalar('lambda')))
    expect(state.eta).toEqual(startMultiplier(scalar('eta')))
    expect(state.theta.subarray(-2)).toEqual(tensors.get('policy.logStd')!.data)
    const moment = tensors.get('costCritic.secondMoment.head.kernel')!.data
    expect([...moment].every((value) => state.costCritic.secondMoment.includes(value))).toBe(true)
    expect(state.costCritic.updates).toBe(Number(metadata['costCriticUpdates']))
    expect(decodeCheckpoint(encodeCheckpoint({ config, state }))).toEqual({ config, state })
  })

  it('keeps its bytes and hash in the database, and is one with the same file imported', async () => {
    const store = await testStore(oldDatabase(), { mode: 'existing' })
    const kept = store.checkpoint('training@2')
    expect(kept.sha256).toBe(sha256(checkpointFile))
    expect(store.readCheckpointBytes(kept.id)).toEqual(checkpointFile)
    expect(store.importCheckpoint(checkpointFile, 'version-1.safetensors')).toEqual(kept)
    expect(store.readCheckpoint(kept.id)).toEqual(decodeCheckpoint(checkpointFile))
  })

  it('is one with what it is exported as, which has other bytes', async () => {
    const store = await testStore(oldDatabase(), { mode: 'existing' })
    const kept = store.checkpoint('training@2')
    const before = store.checkpoints()
    expect(store.importCheckpoint(exportedFile(store, kept.id, 'safetensors'), 'training-2.safetensors')).toEqual(kept)
    expect(store.checkpoints()).toEqual(before)
  })

  it('is trained on exactly as version 0.1.0 did', async () => {
    const store = await testStore(oldDatabase(), { mode: 'existing' })
    const { config, state } = decodeCheckpoint(checkpointFile)
    const { state: next } = await iterate(await tinyWorker(config), state, 1)
    const then = store.resumeState(store.run('training').id)!
    expect(next.theta).toEqual(then.theta)
    expect(next.costCritic).toEqual(then.costCritic)
    expect({ lambda: next.lambda.value, eta: next.eta.value, kappa: next.kappa, envSteps: next.envSteps }).toEqual({
      ...{ lambda: then.lambda.value, eta: then.eta.value, kappa: then.kappa, envSteps: then.envSteps },
    })
  })
})
