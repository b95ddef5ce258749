// How many tasks a fine-tuning works on at once where the engine has one thread.
import { expect, it } from 'vitest'
import { fineTune } from '../../../../src/main/services/fine-tuning.ts'
import { stopSignals } from '../../../../src/main/services/stop-signals.ts'
import { tinyConfig } from '../../../support/worker.ts'
import { testStore } from '../../store/fixtures.ts'

it('results come as they are ready, and a stop waits for as few tasks as there are workers', async () => {
  const store = await testStore()
  const signals = stopSignals()
  const tasks = Array.from({ length: 16 }, (_, i) => 301 + i)
  const request = {
    ...{ name: 'few', config: tinyConfig('engine=tfjs/wasm'), tasks, workers: 1 },
    initialisations: [{ label: 'random', checkpoint: null }],
  }
  const run = await fineTune(store, request, signals, {
    started: () => {},
    warning: () => {},
    result: () => signals.request('iteration'),
  })
  expect(run.status).toBe('stopped')
  expect(run.trainer.engine).toBe('tfjs/wasm')
  // Others may have begun before the stop arrived: they take milliseconds here, and the machine may be busy.
  expect(run.done).toBeGreaterThan(0)
  expect(run.done).toBeLessThan(tasks.length)
})
