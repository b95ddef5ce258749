/**
 * Recorded episodes: bytes per 1,000 steps of robots that push vases about, time to encode and decode one, and time to
 * list pages of 10,000 stored episodes.
 *
 *     node bench/episodes.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import loadMujoco from '@mujoco/mujoco'
import { parseRunConfig } from '../src/core/config/parse.ts'
import { PointGoalEnvironment } from '../src/core/env/goal-task.ts'
import { MujocoPool } from '../src/core/env/physics/mujoco.ts'
import type { PhysicsMode } from '../src/core/env/goal-task.ts'
import { worlds, type WorldName } from '../src/core/env/world.ts'
import type { Episode } from '../src/core/episode/episode.ts'
import { createRecorder, watched } from '../src/core/episode/recorder.ts'
import { packEpisode, unpackEpisode } from '../src/main/trainer/packed-episode.ts'
import { openStore } from '../src/main/store/open.ts'
import type { EpisodeQuery } from '../src/main/store/store.ts'
import type { TrainerIdentity } from '../src/main/trainer/client.ts'
import { chaseVases, randomControl, type Control } from './controls.ts'
import { formatTable, type BenchTable } from './table.ts'

const STEPS = 1000
const SEEDS = 10
const EPISODES = 10_000
const REPEATS = 50

const pool = new MujocoPool(await loadMujoco())
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!
const timed = (work: () => unknown): number => {
  const start = performance.now()
  work()
  return performance.now() - start
}

function drive(world: WorldName, physics: PhysicsMode, control: Control, seed: number): Episode {
  const options = { goalVisible: false, goalRule: 'resample', horizon: STEPS, physics } as const
  const environment = new PointGoalEnvironment(worlds[world], pool, options)
  environment.setTask(seed)
  const recorder = createRecorder(environment, seed)
  const robot = watched(environment, recorder.onStep)
  const action = new Float64Array(environment.actionSize)
  robot.reset()
  while (!robot.terminated && !robot.truncated) {
    control(environment, action)
    robot.step(Float32Array.from(action), 0)
  }
  const episode = recorder.episode()
  environment.dispose()
  return episode
}

const sizes: (string | number)[][] = []
for (const world of ['environment-1', 'environment-2'] as const)
  for (const physics of ['fast', 'reference'] as const)
    for (const [control, make] of [
      ['random actions', (seed: number) => randomControl(seed)],
      ['vases chased', () => chaseVases(80)],
    ] as const) {
      const episodes = Array.from({ length: SEEDS }, (_, seed) => drive(world, physics, make(seed), 1000 + seed))
      const packed = episodes.map(packEpisode)
      sizes.push([
        ...[worlds[world].title, physics, control],
        packed.reduce((sum, { length }) => sum + length, 0) / SEEDS / 1000,
        median(episodes.map((episode) => timed(() => packEpisode(episode)))),
        median(packed.map((bytes) => timed(() => unpackEpisode(bytes)))),
      ])
    }

const folder = mkdtempSync(join(tmpdir(), 'cmaml-bench-'))
const store = await openStore(join(folder, 'episodes.sqlite'), { appVersion: 'bench', mode: 'create' })
const config = parseRunConfig({})
const trainer: TrainerIdentity = {
  ...{ engine: 'simd', kernel: '', workers: 1, node: process.versions.node, cpu: '', mujoco: '' },
  multiplyAdd: 'fused',
}
const runs = Array.from({ length: 20 }, (_, i) =>
  store.createRun({ kind: 'train', name: `run ${i}`, config, trainer, total: 1 }),
)
const template = packEpisode(drive('environment-2', 'fast', randomControl(1), 1))
for (let i = 0; i < EPISODES; i++) {
  // Content of its own for every episode, of the usual size.
  const data = Buffer.concat([template, Buffer.from(String(i))])
  const key = { run: runs[i % runs.length]!.id, initialisation: null, iteration: 0, task: (i * 7) % 600 }
  const numbers = { return: Math.sin(i), cost: i % 40, length: STEPS }
  store.saveEpisode({ ...key, step: Math.trunc(i / 600), episode: 0, stochastic: true }, numbers, data)
}
const page = (query: Partial<EpisodeQuery>) =>
  store.episodePage({ sort: 'newest', descending: false, after: null, limit: 100, ...query })
const middle = page({ sort: 'cost', limit: 1000 }).next
const lists = [
  ['newest', {}],
  ['highest cost', { sort: 'cost', descending: true }],
  ['by return, from row 1,000 of the order by cost', { sort: 'cost', after: middle }],
  ['one task', { task: 7 }],
  ['one run', { run: runs[3]!.id }],
] as const satisfies readonly (readonly [string, Partial<EpisodeQuery>])[]
const listing = lists.map(([what, query]) => [
  what,
  page(query).total,
  median(Array.from({ length: REPEATS }, () => timed(() => page(query)))),
])
store.close()
rmSync(folder, { recursive: true })

const tables: readonly BenchTable[] = [
  {
    title: `Recorded episodes of ${STEPS} steps, mean of ${SEEDS}`,
    columns: ['world', 'physics', 'control', 'kB', 'encode, ms', 'decode, ms'],
    rows: sizes,
  },
  {
    title: `Pages of 100 of ${EPISODES} stored episodes`,
    columns: ['list', 'episodes', 'ms'],
    rows: listing,
  },
]
console.log(tables.map(formatTable).join('\n\n'))
writeFileSync(new URL('results/episodes.json', import.meta.url), `${JSON.stringify(tables, null, 2)}\n`)
