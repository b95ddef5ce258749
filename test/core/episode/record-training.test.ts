import { expect, it } from 'vitest'
import { episodesToRecord } from '../../../src/core/episode/record-training.ts'
import { trainingIteration } from '../../../src/core/training/iteration.ts'
import { runJob } from '../../../src/core/training/run-job.ts'
import type { WorkerContext } from '../../../src/core/training/worker-context.ts'
import { costlyState, environmentOf } from '../../support/training.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

it('is due every so many iterations and after the last, of the first tasks', () => {
  const config = tinyConfig('meta.iterations=7', 'recordEvery=3', 'recordTasks=2')
  const jobsAt = (iteration: number, of = config) => episodesToRecord(of, [4, 9, 11], { ...costlyState(of), iteration })
  expect([1, 2, 3, 4, 5, 6, 7].filter((iteration) => jobsAt(iteration).length > 0)).toEqual([3, 6, 7])
  expect(jobsAt(3).map(({ task }) => task)).toEqual([4, 9])
  expect(jobsAt(3)[0]).toMatchObject({ adaptationSteps: [0], episodes: 1, stochastic: true })
  expect(jobsAt(7, tinyConfig('meta.iterations=7'))).toEqual([])
})

it.each([
  ['meta', 'observationScaling=affine'],
  ['meta', 'observationScaling=running'],
  ['pre-train', 'observationScaling=running'],
])('changes no bit of training by %s under %s', async (method, scaling) => {
  const config = tinyConfig(
    ...[`method=${method}`, scaling, 'recordEvery=1', 'recordTasks=3'],
    ...['preTraining.tasksPerIteration=2', 'preTraining.episodes=2'],
  )
  const trained = async (worker: WorkerContext, records: boolean) => {
    const environment = environmentOf(worker)
    let state = costlyState(config)
    for (let i = 0; i < 2; i++) {
      state = (await trainingIteration(environment, state)).state
      const jobs = episodesToRecord(config, environment.trainingTasks, state)
      expect(jobs).toHaveLength(3)
      for (const job of records ? jobs : []) await runJob(worker, job)
    }
    return state
  }
  expect(await trained(await tinyWorker(config), true)).toEqual(await trained(await tinyWorker(config), false))
})
