import { describe, expect, test } from 'vitest'
import { appendSteps } from '../../../src/core/episode/growing.ts'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { worlds } from '../../../src/core/env/world.ts'
import { heldOutTasks } from '../../../src/core/training/tasks.ts'
import type { EpisodeGrid } from '../../../src/main/api/contract.ts'
import { costPartNames, distinctRoles, lookOf, roleOf } from '../../../src/renderer/replay/actors.ts'
import { episodesAddress, figure9Address, readAddress } from '../../../src/renderer/replay/address.ts'
import { thumbnail } from '../../../src/renderer/replay/episodes/thumbnail.ts'
import { frameTimes } from '../../../src/renderer/replay/export/frames.ts'
import { episodesJson } from '../../../src/renderer/replay/export/json.ts'
import { chooseFigure9, missingRecordings } from '../../../src/renderer/replay/figure-9.ts'
import { arcWarning, firstHeldOut } from '../../../src/renderer/replay/policy-tasks.ts'
import { bestColumns, MOST_PANELS, panelsOf, reachOfAll } from '../../../src/renderer/replay/panels.ts'
import { actor, straightEpisode } from './episodes.ts'

describe('an address', () => {
  test('names episodes once each, in their order, and no more than fit', () => {
    expect(readAddress({ episodes: '7,3,7,x,-1,0' }).source).toEqual({ kind: 'episodes', ids: [7, 3] })
    const many = Array.from({ length: 30 }, (_, i) => i + 1)
    expect(readAddress({ episodes: many.join(',') }).source).toMatchObject({ ids: many.slice(0, MOST_PANELS) })
  })

  test('survives being written and read', () => {
    const written = episodesAddress([4, 5], 'overlay') as Record<string, string>
    expect(readAddress(written)).toEqual({ layout: 'overlay', view: '2d', source: { kind: 'episodes', ids: [4, 5] } })
  })

  test('of figure 9 overlays unless it says otherwise', () => {
    const written = figure9Address(['a', 'b'], 122) as Record<string, string>
    expect(readAddress(written)).toMatchObject({
      layout: 'overlay',
      source: { kind: 'figure 9', task: 122, runs: ['a', 'b'], seed: null },
    })
    expect(readAddress({ ...written, layout: 'grid' }).layout).toBe('grid')
    expect(readAddress(figure9Address(['a']) as Record<string, string>).source).toMatchObject({ task: null })
  })

  test('without anything leads to the list', () => {
    expect(readAddress({}).source.kind).toBe('none')
    expect(readAddress({ episodes: 'nonsense' }).source.kind).toBe('none')
  })
})

describe('initialisations keep their colours', () => {
  test.each([
    ['C-MAML', 'c-maml'],
    ['C-MAML (my run)', 'c-maml'],
    ['random', 'random'],
    ['pre-trained', 'pre-trained'],
    ['MAML', 'maml'],
    ['something of my own', 'other-2'],
  ])('%s is %s', (label, role) => {
    expect(roleOf(label)).toBe(role)
  })
})

test('a recorded policy says what it is, and its task where nothing else does', () => {
  const row = {
    ...{
      id: 3,
      run: 'r',
      checkpoint: null,
      runName: 'my run',
      costLimit: 5,
      iteration: 40,
      task: 122,
      step: 10,
      episode: 1,
      stochastic: true,
    },
    ...{ return: 1, cost: 0, length: 5, size: 1, recordedAt: null },
  }
  expect(lookOf({ ...row, initialisation: { index: 0, label: 'MAML' } }, false)).toMatchObject({
    name: 'MAML',
    detail: 'after 10 steps, task 122, episode 2',
    role: 'maml',
  })
  const trained = { ...row, episode: 0, initialisation: null }
  const detailOf = (step: number) => lookOf({ ...trained, step }, true).detail
  expect(lookOf({ ...trained, step: 0 }, true)).toMatchObject({ name: 'my run', detail: 'iteration 40' })
  expect([detailOf(1), detailOf(10)]).toEqual(['iteration 40, after 1 step', 'iteration 40, after 10 steps'])
})

test('episodes of one policy on one task have colours of their own', () => {
  const look = (role: 'c-maml' | 'random', task: number) => ({ role, task })
  const roles = distinctRoles([look('c-maml', 1), look('c-maml', 1), look('random', 1), look('c-maml', 2)])
  expect(roles.map(({ role }) => role)).toEqual(['c-maml', 'other-1', 'random', 'c-maml'])
  // More than there are colours.
  expect(distinctRoles(Array.from({ length: 12 }, () => look('random', 3)))).toHaveLength(12)
})

describe('a policy that was trained on seeds 0 to 300', () => {
  const config = parseRunConfig({})

  test('is first tried on the first later seed whose goal is within its arc', () => {
    const [first] = heldOutTasks(config)
    expect(first).toBeGreaterThan(301)
    expect(firstHeldOut(config)).toBe(first)
    expect(firstHeldOut({ ...config, tasks: { ...config.tasks, arcDegrees: 360 } })).toBe(301)
    expect(firstHeldOut({})).toBeUndefined()
  })

  test('warns of seeds outside the arc, by name', () => {
    const tasks = heldOutTasks(config)
    expect(arcWarning(config, tasks)).toBeUndefined()
    expect(arcWarning(config, [301, ...tasks])).toMatch(/^Outside the arc of 140° .*: 301\.$/)
    expect(
      arcWarning(
        config,
        Array.from({ length: 300 }, (_, i) => 301 + i),
      ),
    ).toMatch(/ and \d+ more\.$/)
    expect(arcWarning({}, [301])).toBeUndefined()
  })
})

test('cost parts have words', () => {
  expect(costPartNames(0)).toEqual([])
  expect(costPartNames(7)).toEqual(['in a hazard', 'touches a vase', 'a vase moves'])
})

describe('maps', () => {
  const one = actor('1', straightEpisode([0, 1]))
  const same = actor('2', straightEpisode([0, 0, 0]), 'maml')
  const other = actor('3', straightEpisode([0], 233))
  const elsewhere = actor('4', straightEpisode([0], 122, worlds['environment-1']))

  test('side by side have an episode each', () => {
    expect(panelsOf([one, same], 'grid').map(({ actors }) => actors)).toEqual([[one], [same]])
  })

  test('overlaid hold the episodes of one task of one world', () => {
    const maps = panelsOf([one, other, same, elsewhere], 'overlay').map(({ actors }) => actors.map(({ key }) => key))
    expect(maps).toEqual([['1', '2'], ['3'], ['4']])
  })

  test('have columns that make them large', () => {
    expect(bestColumns(1, 900, 600, 0)).toBe(1)
    expect(bestColumns(6, 1000, 600, 20)).toBe(3)
    expect(bestColumns(6, 400, 1200, 20)).toBe(2)
  })

  test('show every trail with the robot at its end', () => {
    const far = straightEpisode(Array.from({ length: 500 }, () => 0))
    const farthest = Math.max(...far.robot.map(Math.abs))
    expect(reachOfAll([actor('far', far)])).toBeGreaterThanOrEqual(farthest + 0.15)
    expect(reachOfAll([one])).toBeGreaterThanOrEqual(one.episode.world.extent)
  })
})

describe('figure 9', () => {
  const row = (label: string, seed: number, episodes: (number | null)[]) => ({
    ...{ run: `${label} ${seed}`, runName: label, isOther: false, initialisation: 0, label, seed, episodes },
  })
  const grid: EpisodeGrid = {
    ...{ task: 122, steps: [0, 1, 10], recordedTasks: [122] },
    rows: [row('C-MAML', 1, [1, null, 2]), row('random', 1, [3, null, null]), row('C-MAML', 2, [4, 5, 6])],
  }

  test('shows the initialisations of one seed, at the steps that were recorded', () => {
    expect(chooseFigure9(grid, null)).toEqual({
      ...{ seed: 1, seeds: [1, 2], steps: [0, 10] },
      cells: [
        { id: 1, label: 'C-MAML', step: 0 },
        { id: 2, label: 'C-MAML', step: 10 },
        { id: 3, label: 'random', step: 0 },
      ],
      others: [],
    })
    expect(chooseFigure9(grid, 2)).toMatchObject({ seed: 2, steps: [0, 1, 10] })
  })

  test('says which episodes are those of another run, and what is to be recorded where there are none', () => {
    const rows = [row('C-MAML', 1, [1, null, 2]), { ...row('random', 1, [3, null, null]), isOther: true }]
    expect(chooseFigure9({ ...grid, rows }, null).others).toEqual([{ label: 'random', runName: 'random' }])
    const bare = [...grid.rows, { ...row('C-MAML', 1, []), label: 'MAML', initialisation: 1 }]
    expect(missingRecordings(bare, null)).toEqual({
      seed: 1,
      sources: [
        { run: 'C-MAML 1', initialisations: [0, 1] },
        { run: 'random 1', initialisations: [0] },
      ],
    })
    expect(missingRecordings(bare, 2)).toMatchObject({ seed: 2, sources: [{ run: 'C-MAML 2' }] })
  })

  test('keeps the first and the last step where not all fit', () => {
    const steps = Array.from({ length: 11 }, (_, i) => i)
    const rows = ['a', 'b', 'c', 'd'].map((label) => row(label, 1, steps))
    expect(chooseFigure9({ ...grid, steps, rows }, null).steps).toEqual([0, 5, 10])
  })
})

test('an episode grows by what is appended', () => {
  const whole = straightEpisode([0, 1, 0, 1])
  const start = { ...straightEpisode([]), ...{ robot: whole.robot.slice(0, 3), vases: whole.vases.slice(0, 70) } }
  const steps = {
    ...whole,
    robot: whole.robot.subarray(3),
    velocity: whole.velocity.subarray(3),
    vases: whole.vases.subarray(70),
    sensors: whole.sensors.subarray(12),
    goal: whole.goal.subarray(2),
  }
  expect(appendSteps(start, steps)).toEqual(whole)
})

test('pictures of a filmstrip lie evenly from start to end', () => {
  expect(frameTimes(400, 5)).toEqual([0, 100, 200, 300, 400])
  expect(frameTimes(0, 2)).toEqual([0, 0])
})

test('the JSON of an episode has all its numbers, and reads back', () => {
  const { episode } = actor('1', straightEpisode([0, 1]))
  const { episodes } = JSON.parse(episodesJson([actor('1', episode)])) as { episodes: { robot: number[] }[] }
  expect(episodes[0]).toMatchObject({ name: 'policy 1', task: 122, costs: [0, 1], length: 2 })
  expect(episodes[0]!.robot).toEqual([...episode.robot])
})

test('a thumbnail has the whole way, and apart what costs', () => {
  const { trail, costly, hazards } = thumbnail(straightEpisode([0, 1, 1, 0]))
  expect(trail.startsWith('M')).toBe(true)
  expect(costly.match(/M/g)).toHaveLength(1)
  expect(hazards).toHaveLength(10)
})
