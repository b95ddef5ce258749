// What a run is said to take, against what the file of a database grows by.
import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { demonstrationFile, readDemonstration } from '../../../src/main/services/demonstration.ts'
import { temporaryFile, testStore } from './fixtures.ts'
import { config, fineTuneResult, fineTuning, iterationResult, metaTraining } from './samples.ts'

it('runs of real studies take together what the file grows by, within a tenth', async () => {
  const file = temporaryFile()
  const store = await testStore(file)
  store.gc()
  const empty = statSync(file).size
  const { bytes, source } = readDemonstration(demonstrationFile())
  const { runs } = await store.importBundle(bytes, source)
  store.gc()
  const grown = statSync(file).size - empty
  const told = runs.reduce((sum, { id }) => sum + store.runSize(id), 0)
  expect(grown).toBeGreaterThan(4_000_000)
  expect(told / grown).toBeGreaterThan(0.9)
  expect(told / grown).toBeLessThan(1.1)
})

it('counts the rows of trainings and fine-tunings, and the log', async () => {
  const store = await testStore()
  const of = config()
  const training = store.createRun(metaTraining({ config: of, total: 200 })).id
  const before = store.runSize(training)
  for (let i = 1; i <= 200; i++) store.commitIteration(training, iterationResult(i, of), false)
  const trained = store.runSize(training)
  // Iterations of two tasks with one step each: four rows of tasks, and a metric of each name.
  expect(trained - before).toBeGreaterThan(200 * (4 * 100 + 20 * 20))
  for (let i = 0; i < 50; i++) store.appendLog(training, 'info', 'x'.repeat(1000))
  expect(store.runSize(training) - trained).toBeGreaterThan(50_000)
  expect(store.runSize(training) - trained).toBeLessThan(55_000)

  const tuning = store.createRun(fineTuning({ config: of, tasks: [1, 2], total: 2 })).id
  store.declareInitialisations(tuning, [{ label: 'random', checkpoint: null }])
  const empty = store.runSize(tuning)
  store.commitFineTuneResult(tuning, 0, fineTuneResult(1))
  expect(store.runSize(tuning) - empty).toBe(3 * 158)
})
