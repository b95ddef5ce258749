import { expect, test, vi } from 'vitest'
import { installNothing } from '../../../support/stand-in-tensorflow.ts'
import { temporaryFolder } from '../../store/fixtures.ts'
import { next, nextWhere, startProgram } from './program.ts'

const TINY = { sizes: { widths: [8], rows: [40], tasks: [1] }, budget: 120 }

/** Where measurements and engines lie is the user's data folder. */
function ownData(): void {
  const home = temporaryFolder()
  vi.stubEnv('XDG_DATA_HOME', home)
  vi.stubEnv('APPDATA', home)
  installNothing()
}

test('engines are listed, timed on demand, and the times are kept', async () => {
  ownData()
  const { client } = await startProgram({ engines: { measured: TINY } })
  const stream = await client.engines.watch()
  const first = await next(stream)
  expect(first).toMatchObject({ measurement: null, measuring: null, installing: null })
  expect(first.engines.find(({ name }) => name === 'simd')).toMatchObject({ available: true })
  expect(first.engines.find(({ name }) => name === 'tfjs/webgpu')).toMatchObject({
    available: false,
    installs: [{ kind: 'webgpu' }],
  })
  await client.engines.measure()
  expect(await nextWhere(stream, ({ measuring }) => measuring !== null)).toMatchObject({
    measuring: { background: false },
  })
  const { measurement } = await nextWhere(stream, ({ measuring }) => measuring === null)
  expect(measurement?.timings.map(({ engine }) => engine)).toEqual(['simd', 'tfjs/wasm'])
  await stream.return(undefined)
})

test('a measurement can be cancelled', async () => {
  ownData()
  const sizes = { widths: [64], rows: [2000, 100_000], tasks: [1, 40] }
  const { client } = await startProgram({ engines: { measured: { sizes, budget: 600 } } })
  const stream = await client.engines.watch()
  await client.engines.measure()
  await nextWhere(stream, ({ measuring }) => measuring !== null)
  await client.engines.cancelMeasurement()
  expect(await nextWhere(stream, ({ measuring }) => measuring === null)).toMatchObject({ measurement: null })
  await stream.return(undefined)
})

test('updates are timed in the background once the program is idle', async () => {
  ownData()
  // Other tests keep this machine's processors busy.
  const { client } = await startProgram({ engines: { measured: TINY, idleAfter: 50, busyAbove: Infinity } })
  const stream = await client.engines.watch()
  const during = await nextWhere(stream, ({ measuring }) => measuring !== null)
  expect(during.measuring).toMatchObject({ background: true })
  const { measurement } = await nextWhere(stream, ({ measuring }) => measuring === null)
  expect(measurement?.timings).toHaveLength(2)
  await stream.return(undefined)
})

test('an engine that this machine has not got what it needs for is not installed, and it says why', async () => {
  ownData()
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/')
  const { client } = await startProgram()
  const stream = await client.engines.watch()
  await client.engines.install({ kind: 'webgpu' })
  const { installProblem, engines } = await nextWhere(
    stream,
    ({ installProblem: problem, installing }) => problem !== null && installing === null,
  )
  expect(installProblem).toMatchObject({ kind: 'webgpu' })
  expect(installProblem!.problems.join(' ')).not.toBe('')
  expect(engines.find(({ name }) => name === 'tfjs/webgpu')).toMatchObject({ available: false })
  await stream.return(undefined)
})
