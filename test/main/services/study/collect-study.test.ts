// What a study reads of the trainings in its database, over a real store.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import { collectStudy } from '../../../../src/main/services/study/collect-study.ts'
import { storedRuns } from '../../../../src/main/services/study/matching.ts'
import { planFromOrder } from '../../../../src/main/services/study/prepare.ts'
import { currentSoftware } from '../../../../src/main/services/study/software.ts'
import type { Store } from '../../../../src/main/store/store.ts'
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
  const runs = storedRuns(store, currentSoftware(plan.config))
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
  const { arm } = await collected('figure-4')
  expect(arm).toMatchObject({ given: true, trainings: [{ iterations: [], envSteps: 1000 * ITERATIONS }] })
})

describe('the time behind an initialisation', () => {
  /** A training of ten iterations with a checkpoint in between, and a fine-tuning of that, which takes it along. */
  async function trained() {
    const store = await testStore()
    const config = parseRunConfig({ seed: 3, policy: { hidden: [8] } })
    const { id } = store.createRun({ kind: 'train', name: 'training', config, trainer, total: 10 })
    const results = Array.from({ length: 10 }, (_, i) => iterationResult(i + 1, config))
    for (const [i, result] of results.entries()) {
      // Some time passes.
      vi.setSystemTime(Date.now() + 2000)
      store.commitIteration(id, result, i === 5)
    }
    store.finishRun(id, { status: 'completed' })
    const tuning = store.createRun({ kind: 'fine-tune', name: 'tuning', config, trainer, total: 1, tasks: [301] }).id
    const milestone = store.checkpoints(id).find(({ iteration }) => iteration === 6)!
    store.declareInitialisations(tuning, [{ label: 'C-MAML', checkpoint: milestone.id }])
    store.finishRun(tuning, { status: 'stopped' })
    const times = results.map(({ record }) => record.metrics.secondsTotal!)
    return { store, id, tuning, times }
  }

  async function seconds(store: Store, iteration: number): Promise<number | null> {
    const plan = planFromOrder({ study: 'figure-4', scale: 'smoke', arms: ['c-maml'], seeds: [1] })
    const { id } = store.runs({ kind: 'train' })[0]!
    const given = new Map([['c-maml', store.checkpoints(id).find((one) => one.iteration === iteration)!]])
    const runs = storedRuns(store, currentSoftware(plan.config))
    return collectStudy({ store, plan, given, runs }).arms[0]!.trainings[0]!.seconds
  }

  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  it("is the run's of a whole training, that of its iterations of a part", async () => {
    const { store, times } = await trained()
    expect(await seconds(store, 10)).toBeCloseTo(20, 0)
    expect(await seconds(store, 6)).toBeCloseTo(
      times.slice(0, 6).reduce((sum, time) => sum + time, 0),
      9,
    )
  })

  it('is the same of a whole training whose iterations a bundle thinned, and not known of a part', async () => {
    const { store, id, tuning } = await trained()
    const bundle = await store.writeBundle({ runs: [id, tuning], points: 4, episodes: 'all', description: '' })
    const imported = await testStore()
    await imported.importBundle(bundle, 'thinned.cmaml')
    expect(imported.iterations(imported.runs({ kind: 'train' })[0]!.id).length).toBeLessThan(6)
    expect(await seconds(imported, 10)).toBe(await seconds(store, 10))
    expect(await seconds(imported, 6)).toBeNull()
  })
})
