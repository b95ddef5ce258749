// Episodes that a training records on its way, with everything real.
import { expect, it } from 'vitest'
import { trainingTasks } from '../../../src/core/training/tasks.ts'
import { recordEpisodes } from '../../../src/main/services/episode-recording.ts'
import { stopSignals } from '../../../src/main/services/stop-signals.ts'
import { resumeTraining, train, type TrainingListener } from '../../../src/main/services/training.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { tinyConfig } from '../../support/worker.ts'
import { testStore } from '../store/fixtures.ts'
import { iterationResult, metaTraining } from '../store/samples.ts'

const silent: TrainingListener = { started() {}, iteration() {}, warning() {} }
const settings = ['meta.iterations=5', 'milestoneEvery=2', 'fineTune.tasks=0']
const recording = tinyConfig(...settings, 'recordEvery=2')
const TASKS = trainingTasks(recording).slice(0, 2)

const contents = (store: Store, run: string) =>
  store.episodes(run).map(({ iteration, task, sha256 }) => ({ iteration, task, sha256 }))
const endOf = (store: Store, run: string) => store.readCheckpoint(store.checkpoint(run).id).state

it('they are those of its checkpoints, and the training is the same as without', async () => {
  const store = await testStore()
  const run = await train(store, { name: 'recorded', config: recording, workers: 2 }, stopSignals(), silent)
  const rows = store.episodes(run.id)
  expect(rows.map(({ iteration, task }) => [iteration, task])).toEqual(
    [2, 4, 5].flatMap((iteration) => TASKS.map((task) => [iteration, task])),
  )
  expect(rows[0]).toMatchObject({ initialisation: null, step: 0, episode: 0, stochastic: true, length: 30 })

  const source = { kind: 'checkpoint', checkpoint: store.checkpoint(`${run.id}@4`).id } as const
  const once = { source, tasks: TASKS, adaptationSteps: [0], episodes: 1, stochastic: true }
  for await (const { done } of recordEpisodes(store, once, { workers: 1 })) expect(done).toBeLessThan(3)
  // The same bits took their place.
  expect(contents(store, run.id)).toEqual(rows.map(({ iteration, task, sha256 }) => ({ iteration, task, sha256 })))

  const plain = { name: 'plain', config: tinyConfig(...settings), workers: 1 }
  const without = await train(store, plain, stopSignals(), silent)
  expect(store.episodes(without.id)).toEqual([])
  expect(endOf(store, without.id)).toEqual(endOf(store, run.id))
})

it('a training whose trainer was killed goes on recording where it stopped', async () => {
  const store = await testStore()
  // Long enough to be interrupted before its end.
  const config = tinyConfig('meta.iterations=100', 'fineTune.tasks=0', 'recordEvery=2')
  const request = { name: 'recorded', config, workers: 1 }
  const whole = await train(store, request, stopSignals(), silent)
  const signals = stopSignals()
  const killed = await train(store, request, signals, {
    ...silent,
    iteration: ({ iteration }) => iteration === 3 && signals.request('now'),
  })
  expect(killed.done).toBeLessThan(100)
  expect(contents(store, killed.id).every(({ iteration }) => iteration <= killed.done)).toBe(true)
  await resumeTraining(store, killed.id, 1, stopSignals(), silent)
  expect(contents(store, killed.id)).toEqual(contents(store, whole.id))
})

it('an iteration and its episodes are stored together or not at all', async () => {
  const store = await testStore()
  const { id } = store.createRun(metaTraining())
  const episode = { task: 3, step: 0, number: 0, return: 1, cost: 2, length: 3, bytes: new Uint8Array([1, 2, 3]) }
  const commit = (cost: number) =>
    store.commitIteration(id, iterationResult(1), true, [episode, { ...episode, task: 4, cost }])
  expect(() => commit(NaN)).toThrow(/an episode of task 4/)
  expect(store.run(id).done).toBe(0)
  expect(store.episodes(id)).toEqual([])
  commit(2)
  expect(store.run(id).done).toBe(1)
  expect(store.episodes(id).map(({ task, iteration }) => [task, iteration])).toEqual([
    [3, 1],
    [4, 1],
  ])
})
