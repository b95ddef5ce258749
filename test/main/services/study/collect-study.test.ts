// What a study reads of the trainings in its database, over a real store.
import { expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import { collectStudy } from '../../../../src/main/services/study/collect-study.ts'
import { storedRuns } from '../../../../src/main/services/study/matching.ts'
import { planFromOrder } from '../../../../src/main/services/study/prepare.ts'
import { testStore } from '../../store/fixtures.ts'
import { iterationResult, trainer } from '../../store/samples.ts'

/** More than are read at a time. */
const ITERATIONS = 503

async function collected(study: string) {
  const store = await testStore()
  const config = parseRunConfig({ seed: 3, policy: { hidden: [8] } })
  const { id } = store.createRun({ kind: 'train', name: 'training', config, trainer, total: ITERATIONS })
  const results = Array.from({ length: ITERATIONS }, (_, i) => iterationResult(i + 1, config))
  for (const result of results) store.commitIteration(id, result, false)
  store.finishRun(id, { status: 'completed' })
  const plan = planFromOrder({ study, scale: 'smoke', arms: ['c-maml'], seeds: [1, 2] })
  const runs = storedRuns(store, { ...trainer, engines: [trainer.engine], appVersion: '0.0.0-test' })
  const given = new Map([['c-maml', store.checkpoint(id)]])
  const [arm] = collectStudy({ store, plan, given, runs }).arms
  return { arm: arm!, records: results.map(({ record }) => record) }
}

it('every iteration of an ablation, with the metrics that its figure shows', async () => {
  const { arm, records } = await collected('figure-3')
  expect(arm.trainings[0]!.iterations).toEqual(
    records.map(({ iteration, envSteps, metrics: { costAfter, costBefore, returnAfter } }) => ({
      ...{ iteration, envSteps },
      metrics: { costAfter, costBefore, returnAfter },
    })),
  )
})

it('a given checkpoint is one training behind all seeds; no iterations where no figure shows them', async () => {
  const { arm, records } = await collected('figure-4')
  expect(arm).toMatchObject({ given: true, trainings: [{ iterations: [], envSteps: 1000 * ITERATIONS }] })
  const seconds = records.reduce((sum, { metrics }) => sum + metrics.secondsTotal!, 0)
  expect(arm.trainings[0]!.seconds).toBeCloseTo(seconds, 9)
})
