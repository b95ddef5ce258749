// Runs on tfjs's WebAssembly module whose heap is really full, through the real trainer process.
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { EngineSetting } from '../../../src/core/config/engines.ts'
import { appVersion } from '../../../src/main/services/database.ts'
import { stopSignals } from '../../../src/main/services/stop-signals.ts'
import { train } from '../../../src/main/services/training.ts'
import { tinyConfig } from '../../support/worker.ts'
import { temporaryFile, testStore } from '../store/fixtures.ts'

/** The trainers that this test starts have no more for each module's memory. */
function limitWasm(mebibytes: number): void {
  const preload = pathToFileURL(new URL('../../support/little-wasm-memory.mjs', import.meta.url).pathname).href
  vi.stubEnv('NODE_OPTIONS', `--import=${preload}`)
  vi.stubEnv('WASM_MIB', String(mebibytes))
  onTestFinished(() => void vi.unstubAllEnvs())
}

async function trainedOn(engine: EngineSetting) {
  const store = await testStore(temporaryFile(), { appVersion })
  // 1,500 rows of each of three tasks, 512 wide, and no smaller minibatches; an engine's self-test has far fewer.
  const config = tinyConfig(
    ...[`engine=${engine}`, 'fineTune.tasks=0', 'meta.iterations=1', 'policy.hidden=[512,64]'],
    ...['environment.horizon=500', 'critics.minibatch=4096'],
  )
  const warnings: string[] = []
  const listener = { started() {}, iteration() {}, warning: (text: string) => void warnings.push(text) }
  const run = await train(store, { name: engine, config, workers: 2 }, stopSignals(), listener)
  return { run, warnings, theta: store.readCheckpoint(store.checkpoint(run.id).id).state.theta }
}

it('a heap that is full on the way leaves the run to the SIMD engine, and its record says so', async () => {
  const simd = await trainedOn('simd')
  limitWasm(24)
  const { run, warnings, theta } = await trainedOn('tfjs/wasm')
  expect(run).toMatchObject({ status: 'completed', trainer: { engine: 'tfjs/wasm' } })
  const told = 'tfjs/wasm (WebAssembly SIMD, one thread) ran out of memory: everything since was computed by the SIMD'
  expect(warnings.at(-1)).toContain(told)
  expect(run.trainer.changes?.at(-1)).toContain(told)
  expect(theta).toEqual(simd.theta)
})
