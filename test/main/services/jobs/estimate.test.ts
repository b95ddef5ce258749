import { cpus } from 'node:os'
import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mostSteps } from '../../../../src/core/study/plan/budget.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { estimateRequest } from '../../../../src/main/services/jobs/estimate.ts'
import { trainingBytes } from '../../../../src/main/services/jobs/run-bytes.ts'
import type { Store } from '../../../../src/main/store/store.ts'
import { packEpisode } from '../../../../src/main/trainer/packed-episode.ts'
import { driveIntoVases } from '../../../core/episode/episodes.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'
import { config, iterationResult, metaTraining, trainer } from '../../store/samples.ts'

/** As many rows per iteration as the samples have. */
const SETTINGS = {
  policy: { hidden: [8] },
  inner: { steps: 1 },
  meta: { iterations: 300, tasksPerIteration: 2 },
  milestoneEvery: 50,
  fineTune: { tasks: 0 },
}

/** A completed training whose iterations took so many seconds each, and fewer environment steps than they might have. */
function trained(store: Store, of: RunConfig, iterations: number, seconds: number, by: Partial<typeof trainer> = {}) {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown'
  const { id } = store.createRun(metaTraining({ config: of, trainer: { ...trainer, cpu, ...by }, total: iterations }))
  for (let i = 1; i <= iterations; i++) {
    const { state, record } = iterationResult(i, of)
    const metrics = { ...record.metrics, secondsTotal: seconds }
    store.commitIteration(id, { state, record: { ...record, metrics } }, i % of.milestoneEvery === 0)
  }
  store.finishRun(id, { status: 'completed' })
  return id
}

const request = (settings: Record<string, unknown>) => ({ kind: 'train', name: 'next', settings }) as const

it('knows the disk that a training takes to within a quarter', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  store.gc()
  const empty = statSync(file).size
  const of = config(SETTINGS)
  trained(store, of, 300, 1)
  store.gc()
  const taken = statSync(file).size - empty
  const expected = trainingBytes(of, 300)
  expect(expected / taken).toBeGreaterThan(0.8)
  expect(expected / taken).toBeLessThan(1.25)
})

it('counts the episodes that a training records on its way', () => {
  const { episode } = driveIntoVases({ options: { horizon: 400 } })
  const episodes = packEpisode(episode).length * 2 * 3
  const more = trainingBytes(config({ ...SETTINGS, recordEvery: 100 }), 300) - trainingBytes(config(SETTINGS), 300)
  expect(config(SETTINGS).environment.horizon).toBe(400)
  expect(more / episodes).toBeGreaterThan(0.9)
  expect(more / episodes).toBeLessThan(2)
})

it('tells the time from the median of trainings like it on this machine, and only from those', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  const of = config(SETTINGS)
  const estimated = (settings: Record<string, unknown> = SETTINGS, workers = 2) =>
    estimateRequest(request(settings), file, store, workers)
  expect(estimated()).toMatchObject({ envSteps: mostSteps(of), seconds: null, measuredOn: null })
  for (const seconds of [3, 1, 100]) trained(store, of, 2, seconds)
  trained(store, of, 2, 9, { cpu: 'another' })
  trained(store, of, 2, 9, { workers: 64 })
  trained(store, config({ ...SETTINGS, environment: { physics: 'reference' } }), 2, 9)
  const { seconds, measuredOn, bytesFree, tasks } = estimated()
  // Whatever steps they took: 300 iterations, each as long as the median one.
  expect(seconds).toBeCloseTo(300 * 3)
  expect(measuredOn).toMatch(/^3 trainings by .* on this processor$/)
  expect(bytesFree).toBeGreaterThan(0)
  expect(tasks).toBeGreaterThan(50)
  expect(estimated(SETTINGS, 16).seconds).toBeNull()
  // The fine-tuning that follows: two initialisations, one step, one evaluation more than steps.
  const tuned = estimated({ ...SETTINGS, fineTune: { tasks: 3, steps: 1, episodes: 2 } })
  expect(tuned.envSteps - mostSteps(of)).toBe(2 * 3 * (1 + 1) * 2 * of.environment.horizon)
})

it('counts what is left of a run that goes on, and what extending it adds', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  const of = config(SETTINGS)
  const perIteration = mostSteps(of) / 300
  const run = store.createRun(metaTraining({ config: of, total: 300 })).id
  store.commitIteration(run, iterationResult(1, of), false)
  store.finishRun(run, { status: 'stopped' })
  const left = estimateRequest({ kind: 'resume', run }, file, store, null)
  expect(left.envSteps).toBe(299 * perIteration)
  const longer = estimateRequest({ kind: 'resume', run, iterations: 400 }, file, store, null)
  expect(longer.envSteps).toBe(399 * perIteration)
  expect(longer.bytes).toBeGreaterThan(left.bytes)
  expect(() => estimateRequest({ kind: 'resume', run, iterations: 200 }, file, store, null)).toThrow(/300 it/)
})
