import { expect, it } from 'vitest'
import { runResults } from '../../../src/main/services/run-results.ts'
import { testStore } from '../store/fixtures.ts'
import { metaTraining } from '../store/samples.ts'
import { smokeConfig } from './compare/stored-study.ts'

it('tells trainings apart by what they read, and says what each is', async () => {
  const store = await testStore()
  const preTraining = { iterations: 7, tasksPerIteration: 11 }
  const off = { lambda: { mode: 'off' }, eta: { mode: 'off' } }
  const configs = [
    smokeConfig(1),
    // Of the settings of pre-training, a meta-training reads none.
    smokeConfig(2, { preTraining, fineTune: { steps: 9 }, engine: 'simd' }),
    smokeConfig(1, { meta: off, inner: { algorithm: 'trpo' } }),
    smokeConfig(1, { method: 'pre-train', preTraining }),
  ]
  const ids = configs.map((config) => store.createRun(metaTraining({ config })).id)
  const { runs, settings } = runResults(store, ids, [])
  expect(runs.map(({ kind }) => kind)).toEqual(['C-MAML', 'C-MAML', 'MAML', 'pre-trained'])
  expect(Object.fromEntries(settings.map(({ path, values }) => [path, values]))).toEqual({
    seed: [1, 2, 1, 1],
    method: ['meta', 'meta', 'meta', 'pre-train'],
    'inner.algorithm': ['trpo-lag', 'trpo-lag', 'trpo', 'trpo-lag'],
    'meta.lambda.mode': ['adaptive', 'adaptive', 'off', null],
    'meta.eta.mode': ['adaptive', 'adaptive', 'off', null],
  })
  const repetitions = runResults(store, ids.slice(0, 2), [])
  expect(repetitions.settings).toEqual([{ path: 'seed', values: [1, 2] }])
})
