// What keeps an engine from starting ends the trainer's process, not its owner's patience.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import { dawnPlatform, faultsOf } from '../../../../src/main/trainer/engines/webgpu.ts'
import { missingTensorflow } from '../../../../src/main/trainer/engines/tensorflow.ts'
import { EngineRefused, spawnTrainer } from '../../../../src/main/trainer/spawn.ts'
import { tinyConfig } from '../../../support/worker.ts'

const folders: string[] = []
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** An engines folder with one file of a package. */
function engines(name: string, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cmaml-start-'))
  folders.push(folder)
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, 'node_modules', name, file)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
  }
  return folder
}

function startOn(requestAdapter: string, options: { patience?: number; signal?: AbortSignal } = {}) {
  installDawn(requestAdapter)
  const started = spawnTrainer({ config: parseRunConfig({}), workers: 1, engine: 'tfjs/webgpu', ...options })
  return started.then(
    () => 'started',
    (error: unknown) => error,
  )
}

/** A package webgpu with an adapter of its own. */
function installDawn(requestAdapter: string): void {
  const folder = engines('webgpu', {
    'package.json': '{ "name": "webgpu", "version": "0.6.2", "type": "module" }',
    'index.js': `export const globals = {}; export const create = () => ({ requestAdapter: ${requestAdapter} })`,
    [`dist/${dawnPlatform()}/dawn.node`]: '',
  })
  vi.stubEnv('CMAML_ENGINES', folder)
}

/** Leaves a sign that it was reached: what is refused before it hangs shows nothing. */
const HANGS = `() => {
  process.getBuiltinModule('node:fs').writeFileSync(process.env.CMAML_ENGINES + '/asked', '')
  return new Promise(() => {})
}`
const isAsked = () => existsSync(join(process.env['CMAML_ENGINES']!, 'asked'))

test('a start that hangs is given up when it is told to, and after a while by itself', async () => {
  const told = new AbortController()
  const begun = performance.now()
  const error = startOn(HANGS, { signal: told.signal })
  await vi.waitUntil(isAsked, { timeout: 120_000 })
  const startsIn = performance.now() - begun
  told.abort()
  expect(await error).toMatchObject({ message: expect.stringContaining('nothing was begun') as string })
  const patience = Math.ceil(2 * startsIn) + 1000
  const slow = `The engine tfjs/webgpu was not ready after ${Math.ceil(patience / 1000)} s and is not used.`
  expect(await startOn(HANGS, { patience })).toEqual(new EngineRefused('tfjs/webgpu', slow))
  expect(isAsked()).toBe(true)
})

test('an engine that aborts the process is refused with what it said last', async () => {
  const error = await startOn(`() => { process.stderr.write('device assertion failed'); process.abort() }`)
  expect(error).toBeInstanceOf(EngineRefused)
  expect((error as Error).message).toMatch(/tfjs\/webgpu does not survive its start.*SIGABRT/)
})

test('an adapter without a device is refused', async () => {
  const error = await startOn(
    `async () => ({ limits: {}, info: {}, requestDevice: async () => { throw new Error('no queue') } })`,
  )
  expect(error).toBeInstanceOf(EngineRefused)
  expect((error as Error).message).toContain('the graphics device does not start (no queue)')
})

test('tfjs takes the next backend where the best finds no device, and says why', async () => {
  installDawn('async () => null')
  const trainer = await spawnTrainer({ config: tinyConfig(), workers: 1, engine: 'tfjs' })
  await trainer.close()
  expect(trainer.identity.engine).toBe('tfjs/wasm')
  expect(trainer.choice).toBe(
    'Engine taken for tfjs: tfjs/wasm. Passed over, since not usable here: tfjs/tensorflow (neither @tensorflow/tfjs-node-gpu ' +
      'nor @tensorflow/tfjs-node is installed) and tfjs/webgpu (no graphics adapter was found; ' +
      'install the driver of one).',
  )
})

test('a damaged package counts as one without its native module', () => {
  const folder = engines('@tensorflow/tfjs-node', { 'package.json': '{}', lib: 'a file' })
  expect(missingTensorflow(folder)).toBe('tfjs-node is there without its native module')
})

test('what a graphics device reports in events is thrown once, its loss for good', async () => {
  class GPUOutOfMemoryError extends Error {}
  const lost = Promise.withResolvers<GPUDeviceLostInfo>()
  const device = Object.assign(new EventTarget(), { lost: lost.promise })
  const expectSound = faultsOf(device as unknown as GPUDevice)
  const report = (error: Error) => device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }))
  expectSound()
  report(new GPUOutOfMemoryError('4 GiB'))
  report(new Error('invalid due to a previous error'))
  expect(expectSound).toThrow('The graphics device ran out of memory: 4 GiB')
  expect(expectSound).not.toThrow()
  lost.resolve({ reason: 'unknown', message: 'hung' } as GPUDeviceLostInfo)
  await lost.promise
  expect(expectSound).toThrow('was lost: hung')
  expect(expectSound).toThrow('was lost: hung')
})
