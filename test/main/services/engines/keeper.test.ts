// The engines of a program that runs: what it times by itself, and what it refuses meanwhile.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { workOf } from '../../../../src/core/engines/timings.ts'
import { explainEngine } from '../../../../src/core/training/choose-engine.ts'
import {
  listPresets,
  loadConfigurationSource,
  resolveConfiguration,
} from '../../../../src/main/services/configuration.ts'
import { claimEngines } from '../../../../src/main/services/engines/claim.ts'
import {
  createEngineKeeper,
  MEASURED,
  type EngineKeeper,
  type EnginesState,
} from '../../../../src/main/services/engines/keeper.ts'
import { problemsOf } from '../../../../src/main/services/engines/measure.ts'
import {
  defaultTimingsFile,
  readMeasurement,
  type EngineMeasurement,
} from '../../../../src/main/services/engines/timings-file.ts'
import { installNothing, installStandIn } from '../../../support/stand-in-tensorflow.ts'
import { temporaryFolder } from '../../store/fixtures.ts'

const TINY = { sizes: { widths: [8], rows: [40], tasks: [1, 2] }, budget: 120 }
const MANY = { sizes: { widths: [8], rows: Array.from({ length: 200 }, (_, i) => 40 + i), tasks: [1] }, budget: 120 }

let home: string
beforeEach(() => {
  home = temporaryFolder()
  vi.stubEnv('XDG_DATA_HOME', home)
  installNothing()
  onTestFinished(() => void vi.unstubAllEnvs())
})

/** A queue in which a run begins and ends when a test says so. */
function queue() {
  const listeners = new Set<() => void>()
  let running = false
  return {
    jobs: {
      activity: () => ({ jobs: running ? [{ state: 'running' }] : [] }),
      onChange(listener: () => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    } as never,
    run(state: boolean) {
      running = state
      for (const listener of listeners) listener()
    },
    /** What every run does to the queue many times. */
    nudge: () => listeners.forEach((listener) => listener()),
  }
}
const log = { write: () => {}, error: () => {} }

function keeperOn(work: ReturnType<typeof queue>, options: object): EngineKeeper {
  const keeper = createEngineKeeper({ jobs: work.jobs, log, busyAbove: Infinity, ...options })
  onTestFinished(() => keeper.stop())
  return keeper
}

/** The first state, from now on, that is as wanted. */
async function until(keeper: EngineKeeper, isWanted: (state: EnginesState) => boolean): Promise<EnginesState> {
  for await (const state of keeper.watch()) if (isWanted(state)) return state
  throw new Error('It ended.')
}
const isMeasuring = ({ measuring }: EnginesState) => measuring !== null && measuring.problem !== null
const isDone = ({ measuring }: EnginesState) => measuring === null

describe('a program that has nothing to do', () => {
  it('times what is not timed yet, and then no more', async () => {
    const keeper = keeperOn(queue(), { measured: TINY, idleAfter: 20 })
    await keeper.start()
    await until(keeper, ({ measuring }) => measuring?.background === true)
    const { measurement } = await until(keeper, isDone)
    expect(measurement!.timings).toHaveLength(4)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(readMeasurement().measurement!.measuredAt).toBe(measurement!.measuredAt)
  })

  it('goes on with what a run has interrupted, by one clock alone', async () => {
    const work = queue()
    const keeper = keeperOn(work, { measured: MANY, idleAfter: 500 })
    const timers = vi.spyOn(globalThis, 'setTimeout')
    await keeper.start()
    await until(keeper, ({ measuring }) => (measuring?.done ?? 0) > 4)
    const clocks = () => timers.mock.calls.filter(([, after]) => after === 500).length
    const before = clocks()
    work.run(true)
    for (let i = 0; i < 20; i++) work.nudge()
    const { measurement, measurementProblem } = await until(keeper, isDone)
    expect(clocks()).toBe(before + 1)
    expect(measurement!.timings.length).toBeLessThan(400)
    expect(measurementProblem).toBeNull()
    work.run(false)
    await until(keeper, ({ measuring }) => (measuring?.done ?? 0) > 4)
  })
})

describe('a measurement on demand', () => {
  it('that a run ends says so', async () => {
    const work = queue()
    const keeper = keeperOn(work, { measured: MANY, idleAfter: 1e6 })
    await keeper.start()
    keeper.measure()
    await until(keeper, isMeasuring)
    work.run(true)
    const { measurementProblem } = await until(keeper, isDone)
    expect(measurementProblem).toBe('Stopped because a run began; what had been timed until then is kept.')
    // Also to who looks later.
    expect((await until(keeper, () => true)).measurementProblem).toBe(measurementProblem)
    expect(() => keeper.measure()).toThrow('A run is in progress')
  })

  it('and an installation refuse each other, and another program', async () => {
    const keeper = keeperOn(queue(), { measured: MANY, idleAfter: 1e6 })
    await keeper.start()
    const giveBack = claimEngines('installing the engine gpu')
    expect(() => keeper.measure()).toThrow(`Process ${process.pid} is installing the engine gpu at the moment.`)
    giveBack()
    keeper.measure()
    expect(() => keeper.install('webgpu')).toThrow('The engines are being timed')
    expect(() => claimEngines('timing the engines')).toThrow('is timing the engines at the moment')
    keeper.cancelMeasurement()
    await until(keeper, isDone)
    expect(existsSync(join(defaultTimingsFile(), '../engines.lock'))).toBe(false)
  })

  it('beside others says that its times are too long', async () => {
    const keeper = keeperOn(queue(), { measured: TINY, idleAfter: 1e6, busyAbove: -1 })
    await keeper.start()
    keeper.measure()
    const { measurementProblem } = await until(keeper, isDone)
    expect(measurementProblem).toMatch(/^Other programs computed when the measurement began \(load/)
  })
})

it('an engine that failed is listed with its failure, and tried again on demand or once it is another', async () => {
  installStandIn('abort')
  const failing = { ...TINY, sizes: { ...TINY.sizes, rows: [80] } }
  const first = keeperOn(queue(), { measured: failing, idleAfter: 1e6 })
  await first.start()
  first.measure()
  const { engines } = await until(first, isDone)
  expect(engines[0]).toMatchObject({ name: 'simd', available: true })
  expect(engines.find(({ name }) => name === 'tfjs/tensorflow')!.problem).toContain('SIGABRT')
  await first.stop()
  const stored = readMeasurement().measurement!
  const failureOf = ({ measurement }: EnginesState) =>
    measurement!.engines.find(({ name }) => name === 'tfjs/tensorflow')!.failure

  const next = keeperOn(queue(), { measured: failing, idleAfter: 20 })
  await next.start()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(readMeasurement().measurement!.measuredAt).toBe(stored.measuredAt)
  next.measure()
  await until(next, isMeasuring)
  expect(failureOf(await until(next, isDone))).toContain('SIGABRT')
  await next.stop()
  const before = readMeasurement().measurement!

  installStandIn('none', '0.0.1')
  const newer = keeperOn(queue(), { measured: failing, idleAfter: 20 })
  await newer.start()
  await until(newer, isMeasuring)
  const after = await until(newer, isDone)
  expect(failureOf(after)).toBeNull()
  // The others were not timed again.
  const ofSimd = ({ timings }: EngineMeasurement) => timings.filter(({ engine }) => engine === 'simd')
  expect(ofSimd(after.measurement!)).toMatchObject(ofSimd(before))
})

it('the sizes that are timed let every preset of meta-training take a graphics card that is fast there', () => {
  const timings = problemsOf(MEASURED.sizes).flatMap((problem) => {
    const simd = 5e-9 * workOf(problem)
    return [
      { engine: 'simd' as const, ...problem, seconds: simd },
      { engine: 'tfjs/webgpu' as const, ...problem, seconds: 0.2 + simd / 10 },
    ]
  })
  const configs = listPresets()
    .map(({ name }) => resolveConfiguration(loadConfigurationSource(name), []))
    .filter(({ method }) => method === 'meta')
  expect(configs.length).toBeGreaterThan(3)
  for (const config of configs) expect(explainEngine(config, timings)).toMatchObject({ engine: 'tfjs/webgpu' })
  const one = { ...configs[0]!, meta: { ...configs[0]!.meta, tasksPerIteration: 1 } }
  expect(explainEngine(one, timings)).toMatchObject({ engine: 'simd' })
})
