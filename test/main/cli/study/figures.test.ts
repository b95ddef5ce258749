// Every study of the paper by the real command, on one database: what one has done the next reuses.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { UnitState } from '../../../../src/main/services/study/run-study.ts'
import { cmaml, cmamlJson } from '../cmaml.ts'
import { expectFiles, fresh, states, studyFolder, type Result } from './fixtures.ts'

const { home, db, outOf, argumentsOf, study } = studyFolder()

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
    const before = JSON.parse(readFileSync(join(outOf('figure-4'), 'study.json'), 'utf8')) as Result
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

  it('meets costs, and multipliers that follow them, where episodes are long enough', async () => {
    // Portable: the same costs on every machine.
    const set = ['environment.horizon=200', 'kernels=portable'].flatMap((text) => ['--set', text])
    const { result } = await study('figure-4', '--seeds', '1', ...set)
    const rowsOf = (title: string) => {
      const { columns, rows } = result.tables.find((table) => table.title.startsWith(title))!
      return rows.map((row) => new Map(columns.map((name, i) => [name, row[i]])))
    }
    const violations = rowsOf('Cost over steps').map((row) => [
      row.get('initialisation'),
      row.get('cumulative violation'),
    ])
    expect(violations).toHaveLength(4)
    for (const [initialisation, violation] of violations) expect(violation, String(initialisation)).toBeGreaterThan(0)
    // lambda_p starts at 1 everywhere.
    const multipliers = rowsOf('Return and cost by').flatMap((row) => row.get('multiplier') ?? []) as number[]
    expect(Math.max(...multipliers)).toBeGreaterThan(1)
    expect(Math.min(...multipliers)).toBeLessThan(1)
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
