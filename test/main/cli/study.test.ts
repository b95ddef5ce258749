// Every study of the paper by the real command, at its smallest scale, on one database: what one has done the next reuses.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { appVersion } from '../../../src/main/services/database.ts'
import type { StudyReport, WrittenStudy } from '../../../src/main/services/study/write-study.ts'
import type { UnitState } from '../../../src/main/services/study/run-study.ts'
import { openStore } from '../../../src/main/store/open.ts'
import { cmaml, cmamlJson, jsonLines, startCmaml, temporaryFolder } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const db = join(home, 'runs.sqlite')
afterAll(() => folder[Symbol.dispose]())

interface Unit {
  readonly phase: 'training' | 'fine-tuning'
  readonly arm: string
  readonly seed: number
  readonly state: UnitState['state']
  readonly run: string
  readonly done: number
}

type Result = StudyReport & Pick<WrittenStudy, 'tables' | 'figures' | 'folder'>

interface Outcome {
  readonly units: readonly Unit[]
  readonly recorded: number
  readonly result: Result
}

const argumentsOf = (figure: string, args: readonly string[]) =>
  [
    'study',
    figure,
    '--scale',
    'smoke',
    '--db',
    db,
    '--out',
    join(home, `out-${figure}`),
    ...args,
    '--force',
    '--json',
  ] as const

function read(stdout: string): Outcome {
  const lines = jsonLines(stdout)
  return {
    units: lines.filter(({ type }) => type === 'unit') as unknown as Unit[],
    recorded: lines.filter(({ type }) => type === 'recording').length,
    result: lines.at(-1) as unknown as Result,
  }
}

async function study(figure: string, ...args: string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await cmaml(home, ...argumentsOf(figure, args))
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return read(stdout)
}

const states = ({ units }: Outcome) => new Set(units.map(({ state }) => state))
const fresh = ({ units }: Outcome) =>
  units.filter(({ state }) => state === 'new').map(({ phase, arm }) => `${phase} ${arm}`)

/** Every path of a figure begins where its map shows the robot. */
function expectPathsFromStart(csv: string, count: number): void {
  const [header, ...rows] = csv.trim().split('\n')
  const columns = header!.split(',')
  // Titles may hold commas; what is read stands before or behind them.
  const cells = rows.map((row) => row.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, '')))
  const at = (row: readonly string[], name: string) => row[columns.indexOf(name)]!
  const robots = new Map(
    cells.filter((row) => at(row, 'kind') === 'robot').map((row) => [at(row, 'panel'), row] as const),
  )
  const starts = cells.filter((row) => at(row, 'kind') === 'step' && at(row, 'step') === '0')
  expect(starts).toHaveLength(count)
  for (const start of starts)
    for (const axis of ['x', 'y'])
      expect(Number(at(start, axis))).toBeCloseTo(Number(at(robots.get(at(start, 'panel'))!, axis)), 6)
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])

function expectFiles({ result }: Outcome, ...ids: string[]): void {
  expect(result.figures.length).toBeGreaterThanOrEqual(ids.length)
  for (const id of ids) {
    const file = (ending: string) => readFileSync(join(result.folder, `${id}.${ending}`))
    expect(file('svg').toString()).toContain('<svg')
    expect(file('png').subarray(0, 4)).toEqual(PNG)
    expect(file('csv').toString().split('\n').length).toBeGreaterThan(2)
  }
  const stored = JSON.parse(readFileSync(join(result.folder, 'study.json'), 'utf8')) as Result
  expect(stored.tables).toEqual(result.tables)
  const csv = readFileSync(join(result.folder, 'tables.csv'), 'utf8')
  for (const { title } of result.tables) expect(csv).toContain(title)
}

describe('cmaml study', () => {
  it('lists studies, scales and arms', async () => {
    const { stdout } = await cmaml(home, 'study')
    for (const name of ['figure-3', 'figure-13', 'tasks', 'smoke', 'paper', 'pre-trained-no-floor'])
      expect(stdout).toContain(name)
  })

  it('says what it would do without making a database', async () => {
    const { units } = await cmamlJson<{ units: UnitState[] }>(home, ...argumentsOf('figure-4', ['--plan']).slice(0, -1))
    expect(units.filter(({ kind }) => kind === 'training')).toHaveLength(6)
    expect(units.filter(({ state }) => state === 'waits')).toHaveLength(6)
    expect(units.filter(({ state }) => state === 'new')).toHaveLength(8)
    expect(existsSync(db)).toBe(false)
  })

  it('trains four initialisations, fine-tunes them and draws figure 4', async () => {
    const outcome = await study('figure-4')
    const { units, result } = outcome
    expect(units.filter(({ phase }) => phase === 'training')).toHaveLength(6)
    expect(units.filter(({ phase }) => phase === 'fine-tuning')).toHaveLength(8)
    expect(states(outcome)).toEqual(new Set(['new']))
    // Seed by seed, so that an early end leaves comparable arms.
    expect(units.map(({ seed }) => seed)).toEqual([...Array<number>(7).fill(1), ...Array<number>(7).fill(2)])
    expect(result).toMatchObject({ partial: false, done: 32, total: 32, seeds: [1, 2], costLimit: 5 })
    expect(result.arms.map(({ id }) => id)).toEqual(['c-maml', 'random', 'pre-trained', 'maml'])
    // 2 iterations x 2 tasks x 2 episodes x 2 batches x 40 steps; pre-training has one batch, and 4 iterations.
    expect(result.arms.map(({ trainingEnvSteps }) => trainingEnvSteps)).toEqual([
      [640, 640],
      [],
      [640, 640],
      [640, 640],
    ])
    // 2 seeds x 4 tasks x 3 evaluations x 2 episodes x 40 steps.
    expect(result.arms.map(({ fineTuningTransitions }) => fineTuningTransitions)).toEqual([1920, 1920, 1920, 1920])
    expectFiles(outcome, 'figure-4')
  })

  it('computes nothing a second time', async () => {
    const before = JSON.parse(readFileSync(join(home, 'out-figure-4', 'study.json'), 'utf8')) as Result
    const again = await study('figure-4')
    expect(states(again)).toEqual(new Set(['completed']))
    expect(again.result.tables).toEqual(before.tables)
  })

  it('draws figure 10 of what figure 4 has computed', async () => {
    const seeds = await study('figure-10')
    expect(states(seeds)).toEqual(new Set(['completed']))
    expectFiles(seeds, 'figure-10')
  })

  it('shares the training of C-MAML between figures 3 and 4', async () => {
    const ablation = await study('figure-3')
    expect(new Set(fresh(ablation))).toEqual(new Set(['training c-maml-no-eta', 'fine-tuning c-maml-no-eta']))
    expectFiles(ablation, 'figure-3')
  })

  it('shares the training of MAML between figures 4 and 5, and all of figure 5 with 11', async () => {
    const cpo = await study('figure-5')
    const trained = new Set(fresh(cpo).filter((unit) => unit.startsWith('training')))
    // The training of MAML knows no limit and no constrained algorithm.
    expect(trained).toEqual(new Set(['training c-maml', 'training pre-trained']))
    expectFiles(cpo, 'figure-5')

    const cpoSeeds = await study('figure-11')
    expect(states(cpoSeeds)).toEqual(new Set(['completed']))
    expectFiles(cpoSeeds, 'figure-11')
  })

  it('records episodes before and after adaptation for figure 9, once', async () => {
    const first = await study('figure-9', '--seeds', '1')
    expect(fresh(first)).toEqual(['fine-tuning c-maml', 'fine-tuning pre-trained', 'fine-tuning random'])
    expect(first.recorded).toBe(6)
    expectFiles(first, 'figure-9')
    const paths = readFileSync(join(first.result.folder, 'figure-9.csv'), 'utf8')
    expectPathsFromStart(paths, 2 * 2 * 3)
    const again = await study('figure-9', '--seeds', '1')
    expect(states(again)).toEqual(new Set(['completed']))
    expect(again.recorded).toBe(0)
    expect(readFileSync(join(first.result.folder, 'figure-9.csv'), 'utf8')).toBe(paths)
  })

  it('draws Environment 1 and the layouts', async () => {
    const environment1 = await study('figure-13', '--seeds', '1')
    expect(environment1.result).toMatchObject({ world: 'environment-1', costLimit: 0.75, partial: false })
    expectFiles(environment1, 'figure-13')
    const difficulty = await study('figure-12')
    expect(difficulty.units).toEqual([])
    expectFiles(difficulty, 'figure-12')
    expectFiles(await study('tasks'), 'figure-7', 'figure-8')
  })
})

describe('a validation', () => {
  const id = 'omnisafe-point-goal-1'

  it('trains by the presets, nothing a second time, and stands beside the published results', async () => {
    const args = ['--arms', 'trpo,cpo', '--seeds', '1,2']
    const first = await study(id, ...args, '--seeds', '1')
    expect(fresh(first)).toEqual(['training trpo', 'training cpo'])
    const both = await study(id, ...args)
    expect(both.units.map(({ seed, state }) => [seed, state])).toEqual([
      [1, 'completed'],
      [1, 'completed'],
      [2, 'new'],
      [2, 'new'],
    ])
    // 2 iterations x 2 layouts x 40 steps.
    expect(both.result.arms.map(({ trainingEnvSteps }) => trainingEnvSteps)).toEqual([
      [160, 160],
      [160, 160],
    ])
    expect(both.result).toMatchObject({ partial: false, done: 8, total: 8, world: 'point-goal-1', costLimit: 25 })
    expectFiles(both, id)
  })

  it.each([
    ['--tasks', '1..3'],
    ['--init', 'cpo=mine'],
    ['--sweep', 'inner.kl=0.1'],
  ])('refuses %s', async (option, value) => {
    const { code, stderr } = await cmaml(home, ...argumentsOf(id, [option, value]))
    expect(code).toBe(2)
    expect(stderr).toContain(`${option} cannot be used with it`)
  })
})

/** Long enough to be interrupted. */
const LONG = ['--arms', 'c-maml,random', '--set', 'meta.iterations=60']

describe('an interrupted study', () => {
  it('draws what it has on Ctrl-C, says that it is partial, and goes on', async () => {
    const args = ['--arms', 'c-maml,random', '--seeds', '6', '--tasks', '1..30', '--set', 'fineTune.steps=10']
    const run = startCmaml(home, ...argumentsOf('figure-4', args))
    await run.saw('"type":"progress","phase":"fine-tuning"', 4)
    run.child.kill('SIGINT')
    const { code, stdout } = await run.result
    expect(code).toBe(0)
    const stopped = read(stdout)
    const { partial, done, total, notes } = stopped.result
    expect({ partial, total }).toEqual({ partial: true, total: 60 })
    expect(done).toBeGreaterThanOrEqual(3)
    expect(done).toBeLessThan(60)
    expect(notes[0]).toContain(`Partial: ${done} of 60`)
    expectFiles(stopped, 'figure-4')

    const resumed = await study('figure-4', ...args)
    expect(resumed.units.map(({ state }) => state)).toEqual(['completed', 'unfinished', 'new'])
    expect(resumed.units[1]!.done).toBe(done)
    expect(resumed.result).toMatchObject({ partial: false, done: 60 })
  })

  it('goes on after kill -9', async () => {
    const args = [...LONG, '--seeds', '5']
    const run = startCmaml(home, ...argumentsOf('figure-4', args))
    await run.saw('"type":"progress"', 6)
    run.child.kill('SIGKILL')
    await run.result
    const { units, result } = await study('figure-4', ...args)
    expect(units[0]).toMatchObject({ phase: 'training', arm: 'c-maml', state: 'unfinished' })
    expect(units[0]!.done).toBeGreaterThanOrEqual(5)
    expect(units.slice(1).map(({ state }) => state)).toEqual(['new', 'new'])
    expect(result).toMatchObject({ partial: false, done: 8 })
  })
})

it('does not train what another living process trains', async () => {
  const store = await openStore(db, { appVersion, mode: 'existing' })
  try {
    const like = store.runs({ kind: 'train' }).find(({ seed }) => seed === 5)!
    const { config, trainer, total } = store.run(like.id)
    const mine = store.createRun({ kind: 'train', name: 'mine', config: { ...config, seed: 7 }, trainer, total })
    const { code, stderr } = await cmaml(home, ...argumentsOf('figure-4', [...LONG, '--seeds', '7']))
    store.finishRun(mine.id, { status: 'stopped' })
    store.deleteRun(mine.id)
    expect(code).toBe(1)
    expect(stderr).toContain(`is this very training, in progress in process ${process.pid}`)
  } finally {
    store.close()
  }
})

describe('choices of a study', () => {
  it('sweeps settings of C-MAML, each combination an arm', async () => {
    const sweep = ['--sweep', 'meta.kl=0.02,0.04', '--arms', 'c-maml', '--seeds', '1']
    const outcome = await study('figure-4', ...sweep)
    const variants = ['c-maml (meta.kl=0.02)', 'c-maml (meta.kl=0.04)']
    expect(outcome.result.arms.map(({ id }) => id)).toEqual(['c-maml', ...variants])
    expect(fresh(outcome)).toEqual(
      ['training', 'fine-tuning'].flatMap((phase) => variants.map((arm) => `${phase} ${arm}`)),
    )
  })

  it('takes what "cmaml train" has made, and a given checkpoint instead of trainings', async () => {
    const settings = ['environment.horizon=40', 'policy.hidden=[8,8]', 'inner.episodes=2', 'meta.iterations=2']
    const set = [...settings, 'meta.tasksPerIteration=2', 'milestoneEvery=1'].flatMap((text) => ['--set', text])
    const name = ['--seed', '8', '--name', 'mine']
    const trained = await cmaml(home, 'train', 'environment-2', ...set, ...name, '--no-finetune', '--db', db)
    expect(trained.code).toBe(0)
    const reused = await study('figure-4', '--arms', 'c-maml', '--seeds', '8')
    expect(reused.units.map(({ phase, state }) => [phase, state])).toEqual([
      ['training', 'completed'],
      ['fine-tuning', 'new'],
    ])
    const given = await study(
      'figure-4',
      '--arms',
      'c-maml',
      '--seeds',
      '8,9',
      '--init',
      'c-maml=mine',
      '--set',
      'fineTune.steps=0',
    )
    expect(given.units.map(({ phase }) => phase)).toEqual(['fine-tuning', 'fine-tuning'])
    expect(given.result.arms[0]!.given?.run).toBe(reused.units[0]!.run)
    expect(given.result.notes.join()).toContain('nothing is adapted')
    expect(given.result.notes.join()).toContain('c-maml is one training, fine-tuned with 2 seeds')
  })

  it('trains MAML by second-order gradients without any constraint', async () => {
    const set = ['meta.outerRule=maml', 'inner.algorithm=gradient'].flatMap((text) => ['--set', text])
    const { units, result } = await study('figure-4', ...set, '--seeds', '1', '--arms', 'c-maml,maml')
    expect(result).toMatchObject({ title: 'Two initialisations, fine-tuned by plain gradient steps', partial: false })
    const store = await openStore(db, { appVersion, mode: 'existing' })
    try {
      const multipliers = units
        .filter(({ phase }) => phase === 'training')
        .map(({ run }) => store.iterations(run).map(({ metrics }) => metrics.taskMultiplier))
      expect(multipliers[1]).toEqual([0, 0])
      for (const multiplier of multipliers[0]!) expect(multiplier).toBeGreaterThan(0)
    } finally {
      store.close()
    }
  })

  it.each([
    [
      'of another environment',
      'figure-13',
      ['--init', 'c-maml=mine'],
      /trained on environment-2, but figure-13 is a study of environment-1/,
    ],
    ['that is not there', 'figure-4', ['--init', 'c-maml=nobody'], /no run \\"nobody\\"/],
    [
      'with other layers',
      'figure-4',
      ['--init', 'c-maml=mine', '--set', 'policy.hidden=[16]'],
      /layers are 8-8, policy.hidden asks for 16/,
    ],
    [
      'of other observations',
      'figure-4',
      ['--init', 'c-maml=mine', '--set', 'environment.goal=visible'],
      /reads 44 observations/,
    ],
  ])('refuses a checkpoint %s', async (_, figure, args, message) => {
    const { code, stderr } = await cmaml(home, ...argumentsOf(figure, args))
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('refuses tasks that a given policy was trained on where held-out ones are asked for', async () => {
    const held = ['--tasks', 'held-out', '--set', 'tasks.trainingFrom=100', '--set', 'tasks.trainingTo=300']
    const args = [...held, '--set', 'tasks.heldOutFrom=0', '--set', 'tasks.heldOutTo=99', '--init', 'c-maml=mine']
    const { code, stderr } = await cmaml(home, ...argumentsOf('figure-4', args))
    expect(code).toBe(2)
    expect(stderr).toContain('These tasks are not held out: c-maml was trained on')
  })

  it('replaces what another order left in the folder only by --force', async () => {
    const out = join(home, 'out-kept')
    const draw = (...args: string[]) =>
      cmaml(home, 'study', 'figure-12', '--scale', 'smoke', '--out', out, '--db', db, ...args)
    expect(await draw()).toMatchObject({ code: 0 })
    expect(await draw()).toMatchObject({ code: 0 })
    const refused = await draw('--seeds', '7')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/out-kept holds the results of another order.*--out.*--force/)
    expect(await draw('--seeds', '7', '--force')).toMatchObject({ code: 0 })
  })

  it('refuses a file in the place of its folder', async () => {
    const file = join(home, 'file')
    writeFileSync(file, '')
    const { code, stderr } = await cmaml(home, 'study', 'figure-12', '--scale', 'smoke', '--out', file, '--db', db)
    expect(code).toBe(2)
    expect(stderr).toContain('is a file, so it cannot be the folder of the study')
  })
})
