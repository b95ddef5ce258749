// The commands that train, fine-tune and compare, against one small database, as people and as scripts read them.
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/main/services/comparison.ts'
import type { CheckpointRow, Run, RunSummary } from '../../../src/main/store/store.ts'
import { cmaml, cmamlJson, jsonLines, TINY } from './cmaml.ts'
import { tinyRuns } from './tiny-runs.ts'

const { home, db, tiny, train } = tinyRuns()
let trainOutput = ''
let trainEvents: Record<string, unknown>[] = []

beforeAll(async () => {
  trainOutput = await train('first')
  trainEvents = jsonLines(await train('second', '--seed', '2', '--json'))
})

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
