// What must be exactly true of training from the command line: same seed, same bits, however it is run or interrupted.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/main/services/comparison.ts'
import { openStore } from '../../../src/main/store/open.ts'
import type { CheckpointRow, Run, RunSummary, Store } from '../../../src/main/store/store.ts'
import { cmaml, cmamlJson, jsonLines, startCmaml, temporaryFolder, writeTiny } from './cmaml.ts'

/** Long enough to be interrupted between its first iterations and its end. */
const LONG = { meta: { iterations: 120, tasksPerIteration: 5 }, milestoneEvery: 60 }

const folder = temporaryFolder()
const home = folder.path
const db = join(home, 'runs.sqlite')
const long = writeTiny(home, LONG)
afterAll(() => folder[Symbol.dispose]())

interface Shown {
  readonly run: Run
  readonly checkpoints: readonly CheckpointRow[]
}

const show = (run: string) => cmamlJson<Shown>(home, 'show', run, '--db', db)

/** sha-256 of everything that the run ended with: parameters, optimisers, multipliers, normaliser. */
async function endOf(run: string): Promise<{ iteration: number; sha256: string; status: string }> {
  const shown = await show(run)
  const { iteration, sha256 } = shown.checkpoints.find(({ kind }) => kind === 'last')!
  return { iteration, sha256, status: shown.run.status }
}

async function train(name: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await cmaml(home, 'train', long, '--db', db, '--name', name, '--no-finetune', ...args)
  expect(stderr).not.toContain('error')
  expect(code).toBe(0)
}

async function useStore<T>(work: (store: Store) => T): Promise<T> {
  const store = await openStore(db, { appVersion: 'test', mode: 'existing' })
  try {
    return work(store)
  } finally {
    store.close()
  }
}

describe('cmaml train', () => {
  beforeAll(() => train('uninterrupted', '--workers', '1'))

  it.each([2, 4])('gives the same bits with %i workers as with one', async (workers) => {
    await train(`${workers} workers`, '--workers', String(workers))
    expect(await endOf(`${workers} workers`)).toEqual(await endOf('uninterrupted'))
  })

  it('gives other bits with another seed', async () => {
    await train('other seed', '--seed', '2', '--set', 'meta.iterations=2')
    const other = await show('other seed')
    expect(other.run.seed).toBe(2)
    expect((await endOf('other seed')).sha256).not.toBe((await endOf('uninterrupted')).sha256)
  })

  it('stops cleanly on Ctrl-C and resumes to the same bits, with the stored configuration', async () => {
    const run = startCmaml(home, 'train', long, '--db', db, '--name', 'stopped', '--no-finetune', '--json')
    await run.saw('"type":"iteration"', 3)
    run.child.kill('SIGINT')
    const { code, stdout } = await run.result
    // So that a shell does not go on with what follows.
    expect(code).toBe(130)
    const events = jsonLines(stdout)
    const seen = events.filter(({ type }) => type === 'iteration').map(({ iteration }) => iteration)
    expect(events.at(-1)).toMatchObject({ type: 'result', status: 'stopped', iterations: seen.at(-1) })
    expect(seen).toEqual(seen.map((_, i) => i + 1))
    const stopped = await endOf('stopped')
    expect(stopped).toMatchObject({ iteration: seen.at(-1), status: 'stopped' })
    expect(stopped.iteration).toBeLessThan(LONG.meta.iterations)

    // The file that it was started from says something else by now: the run does not care.
    writeTiny(home, { ...LONG, costLimit: 1, meta: { iterations: 7, tasksPerIteration: 4 } })
    const resumed = await cmaml(home, 'train', '--resume', 'stopped', '--db', db, '--no-finetune')
    writeTiny(home, LONG)
    expect(resumed.code).toBe(0)
    expect(await endOf('stopped')).toEqual(await endOf('uninterrupted'))
    expect((await show('stopped')).run.config).toEqual((await show('uninterrupted')).run.config)
  })

  it('survives kill -9 and resumes to the same bits', async () => {
    const run = startCmaml(home, 'train', long, '--db', db, '--name', 'killed', '--no-finetune', '--json')
    await run.saw('"type":"iteration"', 5)
    run.child.kill('SIGKILL')
    expect((await run.result).signal).toBe('SIGKILL')
    const { done, status } = (await show('killed')).run
    expect(status).toBe('interrupted')
    expect(done).toBeGreaterThanOrEqual(5)
    expect(done).toBeLessThan(LONG.meta.iterations)

    const resumed = await cmaml(home, 'train', '--resume', 'killed', '--db', db, '--no-finetune', '--workers', '1')
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toContain(`going on after iteration ${done}`)
    expect(await endOf('killed')).toEqual(await endOf('uninterrupted'))
  })

  it.runIf(process.platform === 'linux')(
    'records why it failed when the trainer process dies, and can go on',
    async () => {
      const run = startCmaml(home, 'train', long, '--db', db, '--name', 'crashed', '--no-finetune', '--json')
      await run.saw('"type":"iteration"', 3)
      const { pid } = run.child
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
      for (const child of children) process.kill(Number(child), 'SIGKILL')
      const { code, stderr } = await run.result
      expect(code).toBe(1)
      expect(stderr).toContain('The trainer process ended unexpectedly (SIGKILL)')
      const { status, reason, done } = (await show('crashed')).run
      expect({ status, reason }).toEqual({
        status: 'failed',
        reason: 'The trainer process ended unexpectedly (SIGKILL).',
      })
      expect(done).toBeGreaterThanOrEqual(3)

      const resumed = await cmaml(home, 'train', '--resume', 'crashed', '--db', db, '--no-finetune')
      expect(resumed.code).toBe(0)
      expect(await endOf('crashed')).toEqual(await endOf('uninterrupted'))
    },
  )

  it('stops after saving when nobody reads its output any more', async () => {
    const run = startCmaml(home, 'train', long, '--db', db, '--name', 'unread', '--no-finetune', '--json')
    await run.saw('"type":"iteration"', 1)
    run.child.stdout!.destroy()
    const { code, stderr } = await run.result
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({
      error: { message: expect.stringContaining('stopped after saving') as string },
    })
    const { iteration, status } = await endOf('unread')
    expect(status).toBe('stopped')
    expect(iteration).toBeLessThan(LONG.meta.iterations)
  })

  it('stops at once on the second Ctrl-C and keeps what was committed', async () => {
    // One iteration of this takes longer than the test waits.
    const slow = [
      '--set',
      'inner.episodes=200',
      '--set',
      'environment.horizon=1000',
      '--set',
      'environment.physics=reference',
    ]
    const run = startCmaml(home, 'train', long, '--db', db, '--name', 'aborted', '--no-finetune', ...slow)
    await run.saw('Run ')
    run.child.kill('SIGINT')
    await run.saw('Press Ctrl-C again')
    await new Promise((resolve) => setTimeout(resolve, 300))
    run.child.kill('SIGINT')
    const { code, stderr } = await run.result
    expect(stderr).toContain('Stopping at once')
    expect(code).toBe(130)
    expect((await show('aborted')).run).toMatchObject({ status: 'stopped', done: 0 })
  })

  it('warns and keeps on record that a run went on with other arithmetic', async () => {
    const { id } = (await cmamlJson<RunSummary[]>(home, 'runs', '--db', db)).find(({ name }) => name === 'aborted')!
    await useStore((store) => {
      const { trainer } = store.run(id)
      store.resumeRun(id, { ...trainer, multiplyAdd: trainer.multiplyAdd === 'fused' ? 'unfused' : 'fused' })
      store.finishRun(id, { status: 'stopped' })
    })
    const run = startCmaml(home, 'train', '--resume', id, '--db', db)
    await run.saw('Warning: ')
    run.child.kill('SIGINT')
    // On a busy machine two signals in a row would arrive as one.
    await run.saw('Press Ctrl-C again')
    await new Promise((resolve) => setTimeout(resolve, 300))
    run.child.kill('SIGINT')
    expect((await run.result).stderr).toContain('may not be bit-identical')
    const shown = await cmaml(home, 'show', id, '--db', db)
    expect(shown.stdout).toMatch(/changed +multiplyAdd was/)
    const { stdout: log } = await cmaml(home, 'show', id, '--db', db, '--log')
    expect(log).toMatch(/^\d{4}-.* {2}warning {2}.*may not be bit-identical/m)
    expect(await cmamlJson(home, 'show', id, '--db', db, '--log')).toMatchObject({ run: id })
  })

  it('fails with iteration, task and quantity where a number is lost, and keeps what was committed', async () => {
    await train('poisoned', '--set', 'meta.iterations=2')
    const before = await endOf('poisoned')
    const { id, copy } = await useStore((store) => {
      const { config, trainer } = store.run('poisoned')
      const [record] = store.iterations(store.run('poisoned').id, { from: 2, to: 2 })
      const state = store.readCheckpoint(store.checkpoint('poisoned').id).state
      const run = store.createRun({ kind: 'train', name: 'copy', config, trainer, total: 2 })
      // Finite, so the store takes it; its sums overflow in the first forward pass.
      const theta = state.theta.map((_, i) => (i % 2 === 0 ? 3e38 : -3e38))
      const tasks = [] as const
      const metrics = record!.metrics as Parameters<Store['commitIteration']>[1]['record']['metrics']
      store.commitIteration(
        run.id,
        { state: { ...state, theta, iteration: 1 }, record: { iteration: 1, envSteps: 1, metrics, tasks } },
        false,
      )
      store.finishRun(run.id, { status: 'stopped' })
      return { id: store.run('poisoned').id, copy: run.id }
    })
    const { code, stderr } = await cmaml(home, 'train', '--resume', copy, '--db', db)
    expect(code).toBe(1)
    expect(stderr).toMatch(/became (NaN|-?Infinity) in iteration 2, task \d+/)
    const failed = (await show(copy)).run
    expect(failed).toMatchObject({ status: 'failed', done: 1 })
    expect(failed.reason).toMatch(/became .* in iteration 2, task/)
    expect(await endOf(id)).toEqual(before)
  })

  it('says so when the disk is full, and loses nothing that was committed', async ({ skip }) => {
    const small = join(home, 'small')
    mkdirSync(small)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', small], { stdio: 'ignore' })
    } catch {
      skip('only root can mount a small file system')
    }
    try {
      const file = join(small, 'runs.sqlite')
      const many = ['--set', 'meta.iterations=5000', '--set', 'milestoneEvery=1', '--no-finetune']
      const { code, stdout, stderr } = await cmaml(home, 'train', long, '--db', file, '--json', ...many)
      expect(code).toBe(1)
      expect(stderr).toMatch(/full|space/i)
      const reported = jsonLines(stdout).filter(({ type }) => type === 'iteration').length
      const [run] = await cmamlJson<RunSummary[]>(home, 'runs', '--db', file)
      expect(reported).toBeGreaterThan(0)
      expect(run!.done).toBe(reported)
      expect(['failed', 'interrupted']).toContain(run!.status)
    } finally {
      execFileSync('umount', [small])
    }
  })
})

describe('cmaml finetune', () => {
  const tasks = ['--tasks', 'held-out', '--count', '20', '--db', db]
  const settings = ['--config', long, '--set', 'tasks.heldOutTo=400', '--episodes', '20', '--steps', '3']
  const start = ['finetune', '--init', 'random', ...settings, ...tasks]
  const results = async (run: string) => {
    const { initialisations } = await cmamlJson<Comparison>(home, 'compare', run, '--db', db)
    return initialisations
  }

  it('stops on Ctrl-C and does only the rest when it goes on, on the same tasks', async () => {
    expect((await cmaml(home, ...start, '--name', 'whole')).code).toBe(0)
    const run = startCmaml(home, ...start, '--name', 'parts', '--json')
    await run.saw('"type":"fine-tuned"', 2)
    run.child.kill('SIGINT')
    const { code, stdout } = await run.result
    expect(code).toBe(130)
    const first = jsonLines(stdout).filter(({ type }) => type === 'fine-tuned')
    const { status, done } = (await show('parts')).run
    expect({ status, done }).toEqual({ status: 'stopped', done: first.length })
    expect(done).toBeLessThan(20)

    const { run: parts, comparison } = await cmamlJson<{ run: Run; comparison: Comparison }>(
      home,
      ...['show', 'parts', '--db', db],
    )
    expect(parts.tasks).toHaveLength(20)
    expect(comparison.notes).toEqual([`“parts” is stopped: ${done} of 20 results.`])
    expect((await cmaml(home, 'show', 'parts', '--db', db)).stdout).toContain(
      `npx cmaml finetune --resume ${parts.id} --db ${db}`,
    )
    const other = await cmaml(home, 'finetune', '--resume', 'parts', '--db', db, '--tasks', '1..20')
    expect(other.code).toBe(2)
    expect(other.stderr).toContain('leave out --tasks')
    const resumed = await cmaml(home, 'finetune', '--resume', 'parts', '--db', db, '--json')
    expect(resumed.code).toBe(0)
    expect(jsonLines(resumed.stdout).filter(({ type }) => type === 'fine-tuned')).toHaveLength(20 - first.length)
    expect(await results('parts')).toEqual(await results('whole'))
  })
})

describe('bin/cmaml.mjs', () => {
  it('is what the package and npm scripts start', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      bin: Record<string, string>
      scripts: Record<string, string>
    }
    expect(manifest.bin['cmaml']).toBe('bin/cmaml.mjs')
    expect(manifest.scripts['cmaml']).toBe('node bin/cmaml.mjs')
    expect(manifest.scripts['quickstart']).toBe('node bin/cmaml.mjs train quickstart')
  })
})
