// Tasks, layouts, and episodes in them.
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { observationAt } from '../../../src/core/episode/observation.ts'
import { readRecordedEpisode } from '../../../src/main/services/recorded-episode.ts'
import type { StepRecord } from '../../../src/main/services/rollout.ts'
import { openStore } from '../../../src/main/store/open.ts'
import type { EpisodeRow, Run } from '../../../src/main/store/store.ts'
import { cmaml, cmamlJson, jsonLines } from './cmaml.ts'
import { tinyRuns } from './tiny-runs.ts'

const { home, db, file, train } = tinyRuns()
beforeAll(() => train('second', '--seed', '2'))

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
    const episode = readRecordedEpisode(store, episodes[0]!.id)
    const records = printed as unknown as StepRecord[]
    expect([...episode.rewards]).toEqual(records.slice(1).map(({ reward }) => reward))
    // JSON makes 0 of -0.
    records.forEach(({ observation }, t) =>
      expect([...observationAt(episode, t)].map((x) => x + 0)).toEqual(observation),
    )
    store.close()
    const loose = await cmaml(home, ...args, '--run', 'second')
    expect(loose).toMatchObject({ code: 2, stderr: expect.stringContaining('--save') as string })
  })

  it('keeps that of a file whose run is elsewhere with the imported checkpoint', async () => {
    const policy = join(home, 'policy.safetensors')
    await cmamlJson(home, 'export', 'second', '--out', policy, '--db', db)
    const elsewhere = join(home, 'elsewhere.sqlite')
    await cmamlJson(home, 'import', policy, '--db', elsewhere)
    const saved = await cmaml(home, 'rollout', '--policy', policy, '--seed', '303', '--save', '--db', elsewhere)
    expect(saved).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/kept with the imported checkpoint/) as string,
    })
    const store = await openStore(elsewhere, { appVersion: 'test', mode: 'existing' })
    const { checkpoints, runs } = store.ownersOfEpisodes()
    expect({ runs, checkpoints }).toEqual({ runs: [], checkpoints: [store.checkpoints()[0]!.id] })
    store.close()
  })
})
