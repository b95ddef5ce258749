// Real runs into a bundle and out of it, by the commands that people use.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/main/services/comparison.ts'
import { readRecordedEpisode } from '../../../src/main/services/recorded-episode.ts'
import { openStore } from '../../../src/main/store/open.ts'
import { isPrintable } from '../../../src/main/store/printable.ts'
import type { CheckpointRow, EpisodeRow, GcReport, Run, RunSummary } from '../../../src/main/store/store.ts'
import { iterationResult, metaTraining } from '../store/samples.ts'
import { cmaml, cmamlJson, temporaryFolder, TINY, writeInto, writeTiny } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const from = ['--db', join(home, 'from.sqlite')]
const to = ['--db', join(home, 'to.sqlite')]
const bundle = join(home, 'demo.cmaml')

interface Imported {
  added: number
  runs: { id: string; name: string; sourceRun: string; added: boolean }[]
}
interface Shown {
  run: Run
  checkpoints: CheckpointRow[]
  episodes: EpisodeRow[]
}
const show = (run: string, db: string[]) => cmamlJson<Shown>(home, 'show', run, ...db)

beforeAll(async () => {
  const tiny = writeTiny(home, { meta: { ...TINY.meta, iterations: 4 } })
  for (const seed of ['1', '2'])
    expect(await cmaml(home, 'train', tiny, ...from, '--name', `seed-${seed}`, '--seed', seed)).toMatchObject({
      code: 0,
    })
  expect(await cmaml(home, 'rollout', '--policy', 'seed-2', '--seed', '303', ...from, '--save')).toMatchObject({
    code: 0,
  })
  const runs = (await cmamlJson<RunSummary[]>(home, 'runs', ...from)).map(({ id }) => id)
  const options = ['--format', 'bundle', '--points', '3', '--episodes', '--description', 'four tiny runs']
  const exported = await cmamlJson<{ bytes: number; runs: string[] }>(
    home,
    'export',
    ...runs,
    ...options,
    ...from,
    '--out',
    bundle,
  )
  expect(exported).toMatchObject({ runs, bytes: statSync(bundle).size })
})
afterAll(() => folder[Symbol.dispose]())

describe('import', () => {
  it('brings runs that compare as they did where they were made', async () => {
    const { runs, added } = await cmamlJson<Imported>(home, 'import', bundle, ...to)
    expect(added).toBe(4)
    expect(runs.map(({ name }) => name)).toEqual(['seed-1', 'seed-1 (fine-tuning)', 'seed-2', 'seed-2 (fine-tuning)'])
    const [before, after] = await Promise.all(
      [from, to].map((db) => cmamlJson<Comparison>(home, 'compare', 'seed-1', 'seed-2', ...db)),
    )
    const sourceRuns = new Map(runs.map(({ id, sourceRun }) => [id, sourceRun]))
    expect({ ...after!, runs: after!.runs.map((id) => sourceRuns.get(id)) }).toEqual(before)
  })

  it('brings checkpoints and episodes bit for bit', async () => {
    const [before, after] = await Promise.all([show('seed-2', from), show('seed-2', to)])
    expect(after.checkpoints).toHaveLength(1)
    expect(after.checkpoints[0]!.sha256).toBe(before.checkpoints.find(({ kind }) => kind === 'last')!.sha256)
    const stores = await Promise.all(
      [from, to].map(([, file]) => openStore(file!, { appVersion: 'test', mode: 'existing' })),
    )
    const [original, copy] = stores.map((store, i) => readRecordedEpisode(store, [before, after][i]!.episodes[0]!.id))
    for (const store of stores) store.close()
    expect(copy!.length).toBeGreaterThan(10)
    expect(copy).toEqual(original)
  })

  it('a run says where it is from and what it lacks', async () => {
    const { sourceRun } = (await show('seed-1', to)).run
    const { stdout } = await cmaml(home, 'show', 'seed-1', ...to)
    expect(stdout).toMatch(new RegExp(`imported +from demo.cmaml, where it is run ${sourceRun}`))
    expect(stdout).toMatch(/kept +metrics of every 2nd iteration; \d+ rows per task of training left out; 2 milestone/)
    expect(stdout).toMatch(/\n +4 +\S+ +\S+/)
    const lists = await Promise.all([to, from].map((db) => cmaml(home, 'runs', ...db)))
    const [imported, own] = lists.map((list) => list.stdout)
    expect(imported).toMatch(/created +imported from\n[^]*seed-1 .* demo\.cmaml$/m)
    expect(own).not.toContain('imported')
  })

  it('adds nothing the second time', async () => {
    expect(await cmamlJson<Imported>(home, 'import', bundle, ...to)).toMatchObject({ added: 0 })
    expect(await cmamlJson<RunSummary[]>(home, 'runs', ...to)).toHaveLength(4)
    expect((await cmaml(home, 'import', bundle, ...to)).stdout).toMatch(/was here already[^]*0 runs of 4 added/)
  })

  it('an imported policy is fine-tuned like any other', async () => {
    const args = ['--init', 'seed-1', '--tasks', '304', '--steps', '1', ...to]
    expect(await cmaml(home, 'finetune', ...args)).toMatchObject({ code: 0 })
    expect((await show('latest', to)).run).toMatchObject({ parentRun: (await show('seed-1', to)).run.id, source: null })
    expect(await cmaml(home, 'delete', 'latest', ...to)).toMatchObject({ code: 0 })
  })

  it('delete --source removes all of it, and gc gives the disk back', async () => {
    const size = () => statSync(to[1]!).size
    const before = size()
    expect(await cmamlJson(home, 'delete', '--source', 'demo', ...to)).toEqual({ source: 'demo', deleted: 4 })
    expect(await cmamlJson<RunSummary[]>(home, 'runs', ...to)).toEqual([])
    const { bytesFreed } = await cmamlJson<GcReport>(home, 'gc', ...to)
    expect(bytesFreed).toBeGreaterThan(0)
    expect(size()).toBeLessThan(before)
    const again = await cmaml(home, 'delete', '--source', 'demo', ...to)
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('none was imported') as string })
  })
})

it('shows what a bundle brings without what a terminal obeys', async () => {
  const db = ['--db', join(home, 'hostile.sqlite')]
  const made = await openStore(db[1]!, { appVersion: 'test', mode: 'create' })
  const { id } = made.createRun(metaTraining({ name: 'hostile' }))
  made.finishRun(id, { status: 'failed', reason: 'line 1\nline 2\u001b]0;owned\u0007' })
  made.close()
  const out = join(home, 'hostile.cmaml')
  const options = ['--format', 'bundle', '--description', 'for you\u001b[2J', '--out', out]
  expect(await cmaml(home, 'export', id, ...options, ...db)).toMatchObject({ code: 0 })
  const target = ['--db', join(home, 'victim.sqlite')]
  const imported = await cmaml(home, 'import', out, ...target)
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('\nfor you\uFFFD[2J\n') as string })
  // Of a database that was not imported too.
  for (const at of [target, db]) {
    const { stdout } = await cmaml(home, 'show', 'hostile', ...at)
    expect(stdout).toContain('failed: line 1 line 2\uFFFD]0;owned\uFFFD\n')
    expect(stdout.split('\n').every(isPrintable)).toBe(true)
  }
  const renamed = writeInto(home, 'a\u001b[2J.cmaml', readFileSync(out))
  const refused = await cmaml(home, 'import', renamed, ...target)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('has characters that cannot be') as string })
  expect(isPrintable(refused.stderr.trim())).toBe(true)
})

it('a training that was not finished cannot go on from a bundle, and says so', async () => {
  const db = ['--db', join(home, 'stopped.sqlite')]
  const made = await openStore(db[1]!, { appVersion: 'test', mode: 'create' })
  const { id } = made.createRun(metaTraining({ name: 'half' }))
  made.commitIteration(id, iterationResult(1), false)
  made.finishRun(id, { status: 'stopped' })
  made.close()
  const out = join(home, 'half.cmaml')
  expect(await cmaml(home, 'export', 'half', '--format', 'bundle', '--out', out, ...db)).toMatchObject({ code: 0 })
  const target = ['--db', join(home, 'half.sqlite')]
  const [run] = (await cmamlJson<Imported>(home, 'import', out, ...target)).runs
  const { code, stderr } = await cmaml(home, 'train', '--resume', 'half', ...target)
  expect(code).toBe(2)
  expect(stderr).toMatch(/half\) cannot go on: it was imported from a bundle \(half\)/)
  expect(stderr).toContain(`cmaml finetune --init ${run!.id}`)
  expect((await cmaml(home, 'show', 'half', ...target)).stdout).not.toContain('goes on by')
})

describe('bad input', () => {
  const refused: [what: string, args: () => string[], code: number, message: RegExp][] = [
    ['a missing file', () => ['import', join(home, 'none.cmaml')], 1, /The bundle .*none.cmaml cannot be read/],
    ['a folder', () => ['import', home], 1, /it is not a file/],
    ['another kind of file', () => ['import', join(home, 'tiny.json')], 1, /is not a bundle/],
    [
      'a damaged bundle',
      () => ['import', writeInto(home, 'half.cmaml', readFileSync(bundle).subarray(0, 1000))],
      1,
      /is damaged: its sha-256/,
    ],
    ['one point', () => ['export', 'seed-1', '--format', 'bundle', '--points', '1'], 2, /--points.* from 2/],
    ['words for episodes', () => ['export', 'seed-1', '--format', 'bundle', '--episodes', 'all'], 2, /such as 3,7/],
    ['an unknown run', () => ['export', 'seed-9', '--format', 'bundle', ...from], 2, /no run "seed-9"/],
    ['two checkpoints', () => ['export', 'seed-1', 'seed-2', '--format', 'json', ...from], 2, /one checkpoint/],
    [
      'points of a checkpoint',
      () => ['export', 'seed-1', '--format', 'json', '--points', '9', ...from],
      2,
      /for --format bundle/,
    ],
    ['nothing to delete', () => ['delete', ...from], 2, /either a run or --source/],
    ['both to delete', () => ['delete', 'seed-1', '--source', 'demo', ...from], 2, /either a run or --source/],
  ]

  it.each(refused)('%s', async (_, args, code, message) => {
    const result = await cmaml(home, ...args())
    expect(result.stderr).toMatch(message)
    expect(result.code).toBe(code)
  })
})
