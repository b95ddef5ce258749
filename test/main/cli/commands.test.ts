// Every command against one small database, as people and as scripts read it.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SettingDescription } from '../../../src/core/config/describe.ts'
import type { Comparison } from '../../../src/main/services/comparison.ts'
import type { StepRecord } from '../../../src/main/services/rollout.ts'
import { readRecordedEpisode } from '../../../src/main/services/recorded-episode.ts'
import { openStore } from '../../../src/main/store/open.ts'
import type { CheckpointRow, EpisodeRow, GcReport, Run, RunSummary } from '../../../src/main/store/store.ts'
import { cmaml, cmamlJson, jsonLines, temporaryFolder, TINY, writeInto, writeTiny } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const db = join(home, 'runs.sqlite')
const tiny = writeTiny(home)
const file = (name: string, content: string | Uint8Array) => writeInto(home, name, content)
let trainOutput = ''
let trainEvents: Record<string, unknown>[] = []

beforeAll(async () => {
  const forPeople = await cmaml(home, 'train', tiny, '--db', db, '--name', 'first')
  expect(forPeople).toMatchObject({ code: 0 })
  trainOutput = forPeople.stdout
  const forScripts = await cmaml(home, 'train', tiny, '--db', db, '--name', 'second', '--seed', '2', '--json')
  trainEvents = jsonLines(forScripts.stdout)
})
afterAll(() => folder[Symbol.dispose]())

describe('train', () => {
  it('ends with a table, what it shows, and where the results are', () => {
    expect(trainOutput).toMatch(/step +C-MAML return +C-MAML cost +random return +random cost/)
    expect(trainOutput).toMatch(/N = 2 tasks x 1 seed, 2 episodes each; .* mean over tasks and its 95 % interval/)
    expect(trainOutput).toMatch(
      /C-MAML against random, mean over adaptation steps 0 to 1, 2 tasks and 1 seed: the return/,
    )
    expect(trainOutput).toMatch(/environment steps of training behind each: C-MAML 1\d{3}, random none/)
    expect(trainOutput).toMatch(
      /C-MAML: 1 meta-training \(seed 1\), one fine-tuning seed \(1\)\ntasks: 2 held-out\nruns: /,
    )
    expect(trainOutput).toContain(`Results are in ${db}`)
    expect(trainOutput).toMatch(/npx cmaml show \S+ --db/)
  })

  it('streams JSON lines: runs, iterations, results, one conclusion', () => {
    const kinds = trainEvents.map(({ type }) => type)
    expect(kinds).toEqual(['run', ...Array(3).fill('iteration'), 'run', ...Array(4).fill('fine-tuned'), 'result'])
    expect(trainEvents.at(-1)).toMatchObject({
      status: 'completed',
      iterations: 3,
      fineTuning: { status: 'completed' },
      database: db,
    })
    const iteration = trainEvents[1] as { metrics: Record<string, number> }
    expect(iteration.metrics['returnBefore']).toBeTypeOf('number')
  })

  it('calls a pre-trained policy so', async () => {
    const own = join(home, 'pre-trained.sqlite')
    const settings = ['method=pre-train', 'preTraining.iterations=1', 'preTraining.tasksPerIteration=2']
    const args = settings.flatMap((setting) => ['--set', setting])
    const { code, stdout } = await cmaml(home, 'train', tiny, ...args, '--db', own)
    expect(code).toBe(0)
    expect(stdout).toMatch(/step +pre-trained return +pre-trained cost +random return +random cost/)
    expect(stdout).toContain('pre-trained: 1 pre-training (seed 1), one fine-tuning seed (1)')
    expect(stdout).not.toMatch(/C-MAML|meta-training/)
  })

  it('names the rest of a run that is already complete', async () => {
    const { code, stdout } = await cmaml(home, 'train', '--resume', 'first', '--db', db)
    expect(code).toBe(0)
    expect(stdout).toContain('completed after 3 of 3 iterations')
  })
})

describe('runs, show, compare', () => {
  it('lists the newest first', async () => {
    const runs = await cmamlJson<RunSummary[]>(home, 'runs', '--db', db)
    expect(runs.map(({ name, kind, status }) => `${name}: ${kind}, ${status}`)).toEqual([
      'second (fine-tuning): fine-tune, completed',
      'second: train, completed',
      'first (fine-tuning): fine-tune, completed',
      'first: train, completed',
    ])
    expect(await cmamlJson<RunSummary[]>(home, 'runs', '--db', db, '--limit', '1')).toHaveLength(1)
    expect((await cmaml(home, 'runs', '--db', db)).stdout).toMatch(/second +meta-training +completed +3\/3/)
  })

  it('shows a run with the configuration it was made with', async () => {
    const { run, checkpoints } = await cmamlJson<{ run: Run; checkpoints: CheckpointRow[] }>(
      home,
      'show',
      'second',
      '--db',
      db,
    )
    expect(run.config).toMatchObject({ ...TINY, seed: 2 })
    expect(checkpoints.map(({ kind, iteration }) => `${kind} ${iteration}`).sort()).toEqual([
      'last 3',
      'milestone 2',
      'milestone 3',
    ])
    const { stdout } = await cmaml(home, 'show', 'second', '--db', db)
    expect(stdout).toMatch(/cost limit +5 per episode/)
    expect(stdout).toContain('returnBefore: episode return of the meta-policy (undiscounted)')
  })

  it('pools the seeds of two trainings', async () => {
    const comparison = await cmamlJson<Comparison>(home, 'compare', 'first', 'second', '--db', db)
    expect(comparison).toMatchObject({ seeds: [1, 2], leftOut: 0, episodes: 2, horizon: 40, costLimit: 5 })
    expect(comparison.tasks).toHaveLength(2)
    expect(comparison.initialisations.map(({ label }) => label)).toEqual(['C-MAML', 'random'])
    expect(comparison.differences).toMatchObject([
      { first: 'C-MAML', second: 'random', cost: { unit: 'task', seeds: 2 } },
    ])
    expect(comparison.initialisations[0]).toMatchObject({ trainings: 2, trainingSeeds: [1, 2] })
    const [{ perTrainingSeed, cost }] = comparison.differences as [Comparison['differences'][number]]
    expect(perTrainingSeed.map(({ trainingSeed }) => trainingSeed)).toEqual([1, 2])
    const means = perTrainingSeed.map((seed) => seed.cost.mean)
    expect((means[0]! + means[1]!) / 2).toBeCloseTo(cost.t.mean, 10)
    const { stdout } = await cmaml(home, 'compare', 'first', 'second', '--db', db)
    expect(stdout).toMatch(/N = 2 tasks x 2 seeds, 2 episodes each/)
    expect(stdout).toMatch(/C-MAML: 2 meta-trainings \(seeds 1, 2\)/)
    expect(stdout).toContain('over tasks, for these seeds')
  })
})

describe('finetune', () => {
  it('compares a run, an exported file and a random start over seeds', async () => {
    const out = join(home, 'second.safetensors')
    const exported = await cmamlJson<{ sha256: string }>(
      home,
      ...['export', 'second', '--format', 'safetensors', '--out', out, '--db', db],
    )
    expect(exported.sha256).toMatch(/^[0-9a-f]{64}$/)
    const args = ['--tasks', '303,304', '--seeds', '5..6', '--steps', '2', '--db', db]
    const { code, stdout } = await cmaml(home, 'finetune', '--init', 'first', out, 'random', ...args, '--json')
    expect(code).toBe(0)
    const result = jsonLines(stdout).at(-1) as unknown as { runs: { status: string }[]; comparison: Comparison }
    expect(result.runs.map(({ status }) => status)).toEqual(['completed', 'completed'])
    expect(result.comparison.initialisations.map(({ label }) => label)).toEqual([
      'C-MAML (first)',
      'C-MAML (second)',
      'random',
    ])
    expect(result.comparison).toMatchObject({ tasks: [303, 304], seeds: [5, 6] })
    expect(result.comparison.initialisations[0]!.steps).toHaveLength(3)
    expect(result.comparison.differences).toHaveLength(3)
  })

  it('says which tasks a policy was trained on, and refuses to call them held out', async () => {
    const common = ['finetune', '--init', 'first', 'random', '--db', db, '--json']
    const last = (stdout: string) => jsonLines(stdout).at(-1) as unknown as { comparison: Comparison }
    const known = last((await cmaml(home, ...common, '--tasks', 'training', '--count', '1')).stdout).comparison
    expect(known.taskOrigins).toEqual([
      { label: 'C-MAML', trainedOn: ['environment-1'], trainingTasks: known.tasks, heldOutTasks: [] },
    ])
    const setting = ['tasks.trainingTo=0', 'tasks.heldOutFrom=1', 'tasks.heldOutTo=20'].flatMap((s) => ['--set', s])
    const refused = await cmaml(home, ...common, ...setting, '--tasks', 'held-out')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/not held out: C-MAML was trained on \d+/)
    const transfer = await cmaml(home, ...common, '--set', 'environment.world=environment-2', '--tasks', '3')
    expect(last(transfer.stdout).comparison.taskOrigins).toMatchObject([{ trainedOn: ['environment-1'] }])
    const { stdout } = await cmaml(home, 'show', 'latest', '--db', db)
    expect(stdout).toContain('tasks: 1 of environment-2; C-MAML was trained on environment-1 (transfer)')
    // The training's own fine-tuning is what it is compared by, and says so.
    const own = await cmaml(home, 'compare', 'first', '--db', db)
    expect(own.stdout).toMatch(/is used, the one that its training ended with; there are also/)
  })

  it('starts from a random network and named settings alone', async () => {
    const own = join(home, 'random.sqlite')
    const { code, stdout } = await cmaml(
      home,
      ...[
        'finetune',
        '--init',
        'random',
        '--config',
        tiny,
        '--tasks',
        'training',
        '--count',
        '1',
        '--db',
        own,
        '--json',
      ],
    )
    expect(code).toBe(0)
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      comparison: { initialisations: [{ label: 'random' }], differences: [] },
    })
  })
})

describe('tasks, layout, rollout', () => {
  it('selects tasks by the arc', async () => {
    const narrow = await cmamlJson<{ tasks: { seed: number; bearingDegrees: number }[] }>(
      home,
      ...['tasks', '--env', 'environment-1', '--seeds', '0..300'],
    )
    expect(narrow.tasks).toHaveLength(106)
    expect(Math.max(...narrow.tasks.map(({ bearingDegrees }) => Math.abs(bearingDegrees)))).toBeLessThanOrEqual(70)
    const all = await cmamlJson<{ tasks: unknown[] }>(
      home,
      'tasks',
      '--env',
      'environment-2',
      '--seeds',
      '7,9',
      '--arc',
      '360',
    )
    expect(all.tasks).toHaveLength(2)
  })

  it('shows a layout', async () => {
    const layout = await cmamlJson<{ hazards: unknown[]; vases: unknown[] }>(
      home,
      'layout',
      '--env',
      'environment-2',
      '--seed',
      '3',
    )
    expect(layout.hazards).toHaveLength(10)
    expect(layout.vases).toHaveLength(10)
    expect((await cmaml(home, 'layout', '--env', 'environment-1', '--seed', '3')).stdout).toContain('hazard 8')
  })

  it.each(['fast', 'reference'])('replays actions step by step with %s physics', async (physics) => {
    const actions = file('actions.json', JSON.stringify(Array.from({ length: 12 }, () => [1, 0.5])))
    const args = [
      '--env',
      'environment-2',
      '--seed',
      '3',
      '--actions',
      actions,
      '--physics',
      physics,
      '--horizon',
      '10',
    ]
    const { code, stdout } = await cmaml(home, 'rollout', ...args, '--json')
    expect(code).toBe(0)
    const steps = jsonLines(stdout) as unknown as StepRecord[]
    expect(steps.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(steps[0]).toMatchObject({ action: null, reward: 0 })
    expect(steps[10]).toMatchObject({ action: [1, 0.5], truncated: true })
    expect(
      steps.every(
        ({ qpos, qvel, observation }) => qpos.length === 73 && qvel.length === 63 && observation.length === 44,
      ),
    ).toBe(true)
  })

  it('follows a stored policy, the same way twice', async () => {
    const args = ['rollout', '--policy', 'second', '--seed', '303', '--db', db]
    const [once, again] = [await cmaml(home, ...args, '--json'), await cmaml(home, ...args, '--json')]
    expect(once.code).toBe(0)
    expect(again.stdout).toBe(once.stdout)
    expect(jsonLines((await cmaml(home, ...args, '--deterministic', '--json')).stdout)[1]).not.toEqual(
      jsonLines(once.stdout)[1],
    )
  })
})

describe('rollout --save', () => {
  it('keeps the episode of a policy with its run, once', async () => {
    const args = ['rollout', '--policy', 'second', '--seed', '303', '--db', db]
    const printed = jsonLines((await cmaml(home, ...args, '--save', '--json')).stdout)
    expect((await cmaml(home, ...args, '--save', '--run', 'second')).code).toBe(0)
    const { run, episodes } = await cmamlJson<{ run: Run; episodes: EpisodeRow[] }>(home, 'show', 'second', '--db', db)
    expect(episodes).toMatchObject([{ run: run.id, iteration: 3, task: 303, length: printed.length - 1 }])
    const store = await openStore(db, { appVersion: 'test', mode: 'existing' })
    expect(readRecordedEpisode(store, episodes[0]!.id)).toEqual(printed)
    store.close()
    const loose = await cmaml(home, ...args, '--run', 'second')
    expect(loose).toMatchObject({ code: 2, stderr: expect.stringContaining('--save') as string })
  })
})

describe('export, settings, gc, delete', () => {
  it('exports what can be read elsewhere', async () => {
    const out = join(home, 'second.json')
    await cmamlJson(home, 'export', 'second', '--format', 'json', '--out', out, '--db', db)
    const content = JSON.parse(readFileSync(out, 'utf8')) as { tensors: Record<string, { shape: number[] }> }
    expect(content.tensors['policy.hidden0.kernel']!.shape).toEqual([44, 8])
  })

  it('knows the format by the extension', async () => {
    for (const [extension, format] of [
      ['SAFETENSORS', 'safetensors'],
      ['json', 'json'],
      ['cmaml', 'bundle'],
    ]) {
      const out = join(home, `by-extension.${extension}`)
      expect(await cmamlJson(home, 'export', 'first', '--out', out, '--db', db)).toMatchObject({ format })
    }
  })

  it.each(['safetensors', 'json', 'bundle'])('replaces no %s file unless it is told to', async (format) => {
    const out = file(`precious.${format}`, 'mine')
    const args = ['export', 'first', '--format', format, '--out', out, '--db', db]
    const refused = await cmaml(home, ...args)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toBe(`error: ${out} exists already; name another by --out, or replace it by --force.\n`)
    expect(readFileSync(out, 'utf8')).toBe('mine')
    expect(await cmaml(home, ...args, '--force')).toMatchObject({ code: 0 })
    expect(statSync(out).size).toBeGreaterThan(1000)
  })

  it('describes every setting', async () => {
    const settings = await cmamlJson<SettingDescription[]>(home, 'settings')
    expect(settings.length).toBeGreaterThan(40)
    for (const { path, help, allowed, source } of settings) {
      expect(path && help && allowed && source).toBeTruthy()
    }
    expect((await cmaml(home, 'settings', 'meta.eta.cap')).stdout).toMatch(
      /meta\.eta\.cap\n.*\n.*default [\d.]+; a number > 0/,
    )
  })

  it('deletes a run and gives its disk back', async () => {
    await cmaml(home, 'train', tiny, '--db', db, '--name', 'third', '--no-finetune')
    expect((await cmaml(home, 'delete', 'third', '--db', db)).code).toBe(0)
    expect((await cmaml(home, 'show', 'third', '--db', db)).code).toBe(2)
    const report = await cmamlJson<GcReport>(home, 'gc', '--db', db)
    expect(report.bytesFreed).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ...['train', 'finetune', 'runs', 'show', 'compare', 'tasks', 'layout', 'rollout', 'export', 'settings'],
    ...['bench', 'gc', 'delete', 'import'],
  ])('%s has --help and --json', async (command) => {
    const { code, stdout } = await cmaml(home, command, '--help')
    expect(code).toBe(0)
    expect(stdout).toContain('--json')
  })
})
