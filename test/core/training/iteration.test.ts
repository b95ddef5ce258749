import { describe, expect, it } from 'vitest'
import { metaIteration } from '../../../src/core/meta/meta-iteration.ts'
import { preTrainingIteration } from '../../../src/core/pre-training/pre-training-iteration.ts'
import { trainingIteration } from '../../../src/core/training/iteration.ts'
import { METRICS } from '../../../src/core/training/records.ts'
import { initialTrainingState } from '../../../src/core/training/state.ts'
import { environmentOf } from '../../support/training.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

describe('trainingIteration', () => {
  it.each([
    ['meta', metaIteration],
    ['pre-train', preTrainingIteration],
  ] as const)('does the iteration of the method %s', async (method, iteration) => {
    const config = tinyConfig(`method=${method}`, 'preTraining.tasksPerIteration=2', 'preTraining.episodes=2')
    const environment = environmentOf(await tinyWorker(config))
    const state = initialTrainingState(config)
    const { state: next, record } = await trainingIteration(environment, state)
    expect(next).toEqual((await iteration(environment, state)).state)
    expect(next.iteration).toBe(1)
    expect(record.iteration).toBe(1)
    expect(record.envSteps).toBe(next.envSteps)
    for (const name of Object.keys(record.metrics)) expect(METRICS).toHaveProperty(name)
  })
})
