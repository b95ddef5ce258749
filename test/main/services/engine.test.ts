// Runs on engines of TensorFlow.js, through the real trainer process.
import { describe, expect, it } from 'vitest'
import type { EngineSetting } from '../../../src/core/config/engines.ts'
import type { RunConfig } from '../../../src/core/config/settings.ts'
import type { IterationRecord } from '../../../src/core/training/records.ts'
import { DEFAULT_MAXIMUM_FLOATS } from '../../../src/core/nn/tfjs/memory.ts'
import { initialTrainingState } from '../../../src/core/training/state.ts'
import { appVersion } from '../../../src/main/services/database.ts'
import { fineTune, resumeFineTuning } from '../../../src/main/services/fine-tuning.ts'
import { InvalidRequest } from '../../../src/main/services/invalid-request.ts'
import { runDetail } from '../../../src/main/services/run-detail.ts'
import { stopSignals } from '../../../src/main/services/stop-signals.ts'
import { resumeTraining, train } from '../../../src/main/services/training.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { installNothing, installStandIn } from '../../support/stand-in-tensorflow.ts'
import { tinyConfig } from '../../support/worker.ts'
import { temporaryFile, testStore } from '../store/fixtures.ts'

/** Its runs are made by the version of the program that goes on with them. */
const openedStore = (): Promise<Store> => testStore(temporaryFile(), { appVersion })

const configOn = (engine: EngineSetting, ...assignments: string[]): RunConfig =>
  tinyConfig(`engine=${engine}`, 'fineTune.tasks=0', 'environment.horizon=60', ...assignments)

/** Trains; after `stopAt` iterations it is told to stop, which it does after the one that it has begun by then. */
async function trained(store: Store, config: RunConfig, stopAt = Infinity) {
  const records: IterationRecord[] = []
  const warnings: string[] = []
  const signals = stopSignals()
  const run = await train(store, { name: config.engine, config, workers: 2 }, signals, {
    started() {},
    iteration(record) {
      records.push(record)
      if (records.length >= stopAt) signals.request('iteration')
    },
    warning: (text) => warnings.push(text),
  })
  return { run, records, warnings }
}
const resumed = async (store: Store, run: string, engine?: 'simd') => {
  const warnings: string[] = []
  const listener = { started() {}, iteration() {}, warning: (text: string) => void warnings.push(text) }
  return { run: await resumeTraining(store, run, 1, stopSignals(), listener, engine), warnings }
}
const thetaOf = (store: Store, run: string) => store.readCheckpoint(store.checkpoint(run).id).state.theta
/** Cosine of the angle between what two runs have moved from their common start. */
function cosine(start: Float32Array, a: Float32Array, b: Float32Array): number {
  const moved = (theta: Float32Array) => theta.map((value, i) => value - start[i]!)
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  const [u, v] = [moved(a), moved(b)]
  return dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v))
}
const metaRollouts = ({ tasks }: IterationRecord) =>
  tasks.map(({ task, steps }) => {
    const { return: sum, cost, length, hazardSteps, transitions } = steps[0]!
    return { task, sum, cost, length, hazardSteps, transitions }
  })

describe('a training on TensorFlow.js', () => {
  it.each(['tfjs/wasm', 'tfjs/cpu'] as const)('on %s sees the same data and learns the same', async (engine) => {
    const store = await openedStore()
    const simd = await trained(store, configOn('simd', 'meta.iterations=1'))
    const { run, records, warnings } = await trained(store, configOn(engine, 'meta.iterations=1'))
    expect(run.status).toBe('completed')
    expect(warnings).toEqual([])
    // The meta-policy's rollouts have the same bits, and so the policy steps on them agree; where a policy that differs
    // in the seventh digit then drives is another matter.
    expect(metaRollouts(records[0]!)).toEqual(metaRollouts(simd.records[0]!))
    records[0]!.tasks.forEach(({ steps: [own] }, i) => {
      const [expected] = simd.records[0]!.tasks[i]!.steps
      expect(own!.candidates).toBe(expected!.candidates)
      expect(own!.kl / expected!.kl).toBeCloseTo(1, 2)
      expect(own!.improvement / expected!.improvement).toBeCloseTo(1, 2)
    })
    const start = initialTrainingState(run.config).theta
    expect(cosine(start, thetaOf(store, run.id), thetaOf(store, simd.run.id))).toBeGreaterThan(0.95)
    expect(records[0]!.metrics.outerKl).toBeCloseTo(simd.records[0]!.metrics.outerKl!, 2)

    const backend = engine.slice('tfjs/'.length)
    expect(run.trainer).toMatchObject({ engine, backend, kernel: simd.run.trainer.kernel })
    expect(runDetail(store, run.id, () => null).machine).toEqual(
      expect.arrayContaining([
        { name: 'Engine', value: engine },
        { name: 'Device of the engine', value: run.trainer.device },
        { name: '@tensorflow/tfjs-core', value: '4.22.0' },
        { name: `@tensorflow/tfjs-backend-${backend}`, value: '4.22.0' },
      ]),
    )
  })

  it('goes on after a stop with the bits of one that was never stopped, and fine-tunes', async () => {
    const store = await openedStore()
    const config = configOn('tfjs/wasm', 'meta.iterations=3')
    const whole = await trained(store, config)
    const stopped = await trained(store, config, 1)
    expect(stopped.run).toMatchObject({ status: 'stopped' })
    const { run, warnings } = await resumed(store, stopped.run.id)
    expect(run).toMatchObject({ status: 'completed', done: 3 })
    expect(warnings).toEqual([])
    expect(thetaOf(store, run.id)).toEqual(thetaOf(store, whole.run.id))

    const request = {
      name: 'fine-tuning',
      config,
      tasks: [301, 302, 303],
      initialisations: [{ label: 'trained', checkpoint: store.checkpoint(run.id).id }],
      workers: 2,
    }
    const fineTuned = await fineTune(store, request, stopSignals(), { started() {}, result() {}, warning() {} })
    expect(fineTuned).toMatchObject({ status: 'completed', done: 3, trainer: { engine: 'tfjs/wasm' } })
  })

  it('pre-trains', async () => {
    const store = await openedStore()
    const settings = ['method=pre-train', 'preTraining.iterations=1', 'preTraining.tasksPerIteration=2']
    const simd = await trained(store, configOn('simd', ...settings))
    const { run, records } = await trained(store, configOn('tfjs', ...settings))
    expect(run.status).toBe('completed')
    expect(run.trainer.engine).toMatch(/^tfjs\//)
    expect(records[0]!.tasks).toEqual(simd.records[0]!.tasks)
    const start = initialTrainingState(run.config).theta
    expect(cosine(start, thetaOf(store, run.id), thetaOf(store, simd.run.id))).toBeGreaterThan(0.99)
  })
})

describe('an engine that cannot be used', () => {
  it('is passed over by one that stands for all, and the log says so', async () => {
    installNothing()
    const store = await openedStore()
    const { run } = await trained(store, configOn('tfjs', 'meta.iterations=1'))
    const log = store.logAfter(run.id, null).map(({ text }) => text)
    const missing = String.raw`tfjs/tensorflow \(.*\) and tfjs/webgpu \(.*\)\.$`
    expect(log).toContainEqual(expect.stringMatching(new RegExp(`^Engine taken for tfjs: tfjs/wasm\\. .*: ${missing}`)))
  })

  it('is refused with what installs it, before there is a run', async () => {
    installNothing()
    const store = await openedStore()
    const attempt = trained(store, configOn('tfjs/tensorflow'))
    await expect(attempt).rejects.toThrow(InvalidRequest)
    await expect(attempt).rejects.toThrow(
      /tfjs-node is installed\. Install it in .* \(CPU\)\. The engine simd needs no installation\.$/,
    )
    expect(store.runs()).toEqual([])
  })

  it('because it computes wrongly is refused with what differed', async () => {
    installStandIn('wrong')
    const store = await openedStore()
    const attempt = trained(store, configOn('tfjs/tensorflow'))
    await expect(attempt).rejects.toThrow(/tfjs\/tensorflow computes wrongly on this machine .* its gradient differs/)
    expect(store.runs()).toEqual([])
  })

  it('any more when its run is resumed is refused with how to go on, and then the record says so', async () => {
    installStandIn('none')
    const store = await openedStore()
    const { run: stopped } = await trained(store, configOn('tfjs/tensorflow', 'meta.iterations=4'), 1)
    expect(stopped.trainer).toMatchObject({ engine: 'tfjs/tensorflow', versions: { libtensorflow: 'stand-in' } })
    installNothing()
    const attempt = resumed(store, stopped.id)
    await expect(attempt).rejects.toThrow(InvalidRequest)
    await expect(attempt).rejects.toThrow(`was computed by tfjs/tensorflow and cannot go on by tfjs/tensorflow here`)
    await expect(attempt).rejects.toThrow(`"cmaml train --resume ${stopped.id} --engine simd"`)
    expect(store.run(stopped.id)).toMatchObject({ status: 'stopped', done: stopped.done })

    const { run, warnings } = await resumed(store, stopped.id, 'simd')
    expect(run).toMatchObject({ status: 'completed', done: 4 })
    const change = expect.stringMatching(/^engine was tfjs\/tensorflow and is simd\//) as string
    expect(run.trainer.changes).toEqual([change])
    expect(run.trainer).not.toHaveProperty('backend')
    expect(warnings).toHaveLength(1)
  })
})

describe('a run whose engine nobody here knows', () => {
  it('shows its name, is refused when it is to go on, and goes on by another one that is named', async () => {
    const store = await openedStore()
    const { run: stopped } = await trained(store, configOn('simd', 'meta.iterations=4'), 1)
    const { trainer } = stopped
    store.finishRun(store.resumeRun(stopped.id, { ...trainer, engine: 'tfjs/abacus' }).id, { status: 'stopped' })
    const { engine, machine } = runDetail(store, stopped.id, () => null)
    expect(engine).toEqual({ name: 'tfjs/abacus', obstacle: 'this version of the program does not know it' })
    expect(machine).toContainEqual({ name: 'Engine', value: 'tfjs/abacus' })
    const attempt = resumed(store, stopped.id)
    await expect(attempt).rejects.toThrow(InvalidRequest)
    await expect(attempt).rejects.toThrow(
      `was computed by tfjs/abacus, an engine that this version of the program does not know. It goes on with the SIMD ` +
        `engine by "cmaml train --resume ${stopped.id} --engine simd"`,
    )
    const { run } = await resumed(store, stopped.id, 'simd')
    expect(run).toMatchObject({ status: 'completed', done: 4 })
    expect(run.trainer.changes).toContainEqual(expect.stringMatching(/^engine was tfjs\/abacus and is simd\//))
  })
})

describe('a fine-tuning that goes on', () => {
  /** More than are worked on, and begun, until it hears that it is to stop. */
  const TASKS = Array.from({ length: 24 }, (_, i) => i + 1)
  const SHORT = ['fineTune.steps=1', 'fineTune.episodes=1']

  it.each([
    ['tfjs/tensorflow', 1],
    ['simd', 0],
  ] as const)('by %s says whether its last bits may differ', async (engine, notes) => {
    installStandIn('none')
    const store = await openedStore()
    const request = {
      name: 'interrupted',
      config: configOn(engine, ...SHORT),
      tasks: TASKS,
      initialisations: [{ label: 'random', checkpoint: null }],
      workers: 1,
    }
    const signals = stopSignals()
    const listener = { started() {}, result: () => signals.request('iteration'), warning() {} }
    const { id, done } = await fineTune(store, request, signals, listener)
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(TASKS.length)
    const silent = { started() {}, result() {}, warning() {} }
    expect(await resumeFineTuning(store, id, 1, stopSignals(), silent)).toMatchObject({ done: TASKS.length })
    const said = store.logAfter(id, null).filter(({ text }) => text.includes('computes tasks together'))
    expect(said).toHaveLength(notes)
  })

  it('on an engine whose tasks do not touch each other has the bits of one that was never stopped', async () => {
    const store = await openedStore()
    const config = configOn('tfjs/wasm', ...SHORT)
    const request = {
      name: 'fine-tuning',
      config,
      tasks: TASKS,
      initialisations: [{ label: 'random', checkpoint: null }],
      workers: 1,
    }
    const silent = { started() {}, result() {}, warning() {} }
    const whole = await fineTune(store, request, stopSignals(), silent)
    const signals = stopSignals()
    const stopped = await fineTune(store, request, signals, { ...silent, result: () => signals.request('iteration') })
    expect(stopped.done).toBeLessThan(TASKS.length)
    await resumeFineTuning(store, stopped.id, 1, stopSignals(), silent)
    expect(store.fineTuneRows(stopped.id)).toEqual(store.fineTuneRows(whole.id))
  })
})

describe('a backend that breaks in the midst of a run', () => {
  it('by a native crash fails the run with its reason, and leaves store and program whole', async () => {
    installStandIn('abort')
    const store = await openedStore()
    await expect(trained(store, configOn('tfjs/tensorflow'))).rejects.toThrow(/ended unexpectedly \(SIGABRT\)/)
    const [failed] = store.runs()
    expect(failed).toMatchObject({ status: 'failed', done: 0, reason: expect.stringContaining('SIGABRT') as string })
    expect(store.logAfter(failed!.id, null).at(-1)).toMatchObject({ level: 'error' })
    const { run } = await resumed(store, failed!.id, 'simd')
    expect(run).toMatchObject({ status: 'completed', done: 2 })
  })

  it('by want of memory for its blocks goes on in smaller ones, which are recorded, and which a resumption keeps', async () => {
    installStandIn('little memory')
    const store = await openedStore()
    const config = configOn('tfjs/tensorflow', 'meta.iterations=3')
    const whole = await trained(store, config)
    const { run: stopped, warnings } = await trained(store, config, 1)
    expect(stopped.done).toBeLessThan(3)
    const told =
      'tfjs/tensorflow (libtensorflow stand-in on the CPU) was short of memory: since then it computes in smaller'
    expect(warnings).toEqual([expect.stringContaining(told)])
    expect(stopped.trainer.changes).toEqual([expect.stringContaining(told)])
    const { blockFloats } = stopped.trainer
    expect(blockFloats).toBeLessThan(DEFAULT_MAXIMUM_FLOATS)
    const { machine } = runDetail(store, stopped.id, () => null)
    expect(machine).toContainEqual({ name: 'Changed on the way', value: expect.stringContaining(told) as string })
    const blocks = `tensors of at most ${blockFloats} floats, fewer than usual`
    expect(machine).toContainEqual({ name: 'Blocks of the engine', value: blocks })
    const { run, warnings: later } = await resumed(store, stopped.id)
    expect(later).toEqual([])
    expect(run.trainer).toEqual({ ...stopped.trainer, workers: 1 })
    expect(thetaOf(store, run.id)).toEqual(thetaOf(store, whole.run.id))
    const { run: copy } = await trained(store, config, 1)
    const other = await resumed(store, copy.id, 'simd')
    expect(other.run.trainer.blockFloats).toBeUndefined()
  })

  it('by want of memory has the run computed by the SIMD engine, which its record keeps saying', async () => {
    installStandIn('out of memory')
    const store = await openedStore()
    const simd = await trained(store, configOn('simd'))
    const { run, warnings } = await trained(store, configOn('tfjs/tensorflow'))
    expect(run).toMatchObject({ status: 'completed', done: 2 })
    const told = 'tfjs/tensorflow (libtensorflow stand-in on the CPU) ran out of memory'
    expect(run.trainer.changes).toEqual([expect.stringContaining(told)])
    expect(warnings).toEqual([expect.stringContaining(told)])
    expect(store.logAfter(run.id, null)).toContainEqual(
      expect.objectContaining({ level: 'warning', text: expect.stringContaining(told) as string }),
    )
    const { machine } = runDetail(store, run.id, () => null)
    expect(machine).toContainEqual({ name: 'Changed on the way', value: expect.stringContaining(told) as string })
    expect(thetaOf(store, run.id)).toEqual(thetaOf(store, simd.run.id))
  })
})
