// How the time is shared out, on engines whose updates take as long as is said here: their processes alone are not real.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { workOf, type EngineProblem } from '../../../../src/core/engines/timings.ts'
import { incompleteEngines } from '../../../../src/main/services/engines/complete.ts'
import type { SpawnTrial } from '../../../../src/main/services/engines/contender.ts'
import { measureEngines, type MeasureOptions } from '../../../../src/main/services/engines/measure.ts'
import type { TriableEngine } from '../../../../src/main/trainer/client.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, 1000 * seconds))
type Speeds = Partial<Record<TriableEngine, (problem: EngineProblem, isFirst: boolean) => number>>

/** Engines by the seconds of an update; a negative number is a failure. */
const engines =
  (speeds: Speeds, asked: string[] = []): SpawnTrial =>
  (name) => {
    let isFirst = true
    return Promise.resolve({
      engine: { name, device: 'imaginary', versions: {} },
      pid: process.pid,
      async time(problem) {
        const seconds = speeds[name]!(problem, isFirst)
        isFirst = false
        asked.push(`${name} ${problem.width} ${problem.rows}`)
        if (seconds < 0) throw new Error('out of order')
        await pause(seconds)
        return seconds
      },
      agreement: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    })
  }

async function measured(options: Omit<MeasureOptions, 'sizes'> & Partial<Pick<MeasureOptions, 'sizes'>>) {
  const start = performance.now()
  let seconds: number | undefined
  const result = measureEngines({ sizes: SIZES, ...options }).finally(() => {
    seconds = (performance.now() - start) / 1000
  })
  while (seconds === undefined) await vi.advanceTimersByTimeAsync(100)
  return { ...(await result), seconds }
}

const SIZES = { widths: [64], rows: [1000, 2000, 4000, 8000, 16_000, 32_000], tasks: [1] }
/** Seconds in proportion to the work, `seconds` for the smallest problem. */
const proportional = (seconds: number) => (problem: EngineProblem) =>
  (seconds * workOf(problem)) / workOf({ width: 64, rows: 1000, tasks: 1 })
const rowsOf = (of: readonly { engine: string; rows: number }[], name: string) =>
  of.filter(({ engine }) => engine === name).map(({ rows }) => rows)

describe('the budget of a measurement', () => {
  it('leaves each engine its share: one that never ends takes none of the others', async () => {
    const spawn = engines({ simd: proportional(0.1), 'tfjs/webgpu': () => 1e6 })
    const { timings, skipped, seconds } = await measured({ engines: ['tfjs/webgpu', 'simd'], budget: 60, spawn })
    expect(rowsOf(timings, 'simd')).toEqual(SIZES.rows)
    expect(skipped).toHaveLength(6)
    expect(skipped[0]).toEqual({ engine: 'tfjs/webgpu', width: 64, rows: 1000, tasks: 1, seconds: null })
    expect(seconds).toBeLessThan(60)
  })

  it('hands on what an engine that fails does not use', async () => {
    const spawn = engines({ simd: proportional(0.5), 'tfjs/wasm': () => -1, 'tfjs/webgpu': () => -1 })
    const names = ['simd', 'tfjs/wasm', 'tfjs/webgpu'] as const
    const { timings, engines: told } = await measured({ engines: names, budget: 60, spawn })
    // 0.5 to 16 s, of which the largest is within the whole of the time, not within a third of it.
    expect(rowsOf(timings, 'simd')).toEqual(SIZES.rows)
    expect(told.map(({ failure }) => failure)).toEqual([null, 'out of order', 'out of order'])
  })

  it('is kept to', async () => {
    const spawn = engines({ simd: proportional(5), 'tfjs/wasm': proportional(9) })
    const { seconds, skipped } = await measured({ engines: ['simd', 'tfjs/wasm'], budget: 60, spawn })
    expect(seconds).toBeLessThanOrEqual(61)
    expect(rowsOf(skipped, 'simd')).toContain(32_000)
  })
})

it('does not count the first update of a width, which translates kernels', async () => {
  const asked: string[] = []
  const spawn = engines({ 'tfjs/webgpu': (_, isFirst) => (isFirst ? 10 : 0.01) }, asked)
  const sizes = { ...SIZES, rows: [1000, 2000] }
  const { timings } = await measured({ engines: ['tfjs/webgpu'], sizes, budget: 60, spawn })
  expect(timings.map(({ seconds }) => seconds)).toEqual([0.01, 0.01])
  expect(asked.filter((one) => one.endsWith(' 1000'))).toHaveLength(4)
  expect(asked.filter((one) => one.endsWith(' 2000'))).toHaveLength(3)
})

describe('a measurement is complete', () => {
  const names = ['simd', 'tfjs/wasm'] as const
  const incomplete = (measurement: Awaited<ReturnType<typeof measured>>) =>
    incompleteEngines(names, { sizes: SIZES, measurement })

  it('where all sizes are timed or left out', async () => {
    expect(incompleteEngines(names, { sizes: SIZES, measurement: null })).toEqual(names)
    const spawn = engines({ simd: proportional(0.1), 'tfjs/wasm': proportional(4) })
    const whole = await measured({ engines: names, budget: 60, spawn })
    expect(whole.skipped.length).toBeGreaterThan(0)
    expect(incomplete(whole)).toEqual([])
  })

  it('but not where it was interrupted; where an engine failed it is not tried again', async () => {
    const stop = new AbortController()
    const spawn = engines({ simd: proportional(0.1), 'tfjs/wasm': () => -1 })
    const failed = await measured({ engines: names, budget: 60, spawn })
    expect(rowsOf(failed.timings, 'tfjs/wasm')).toEqual([])
    expect(incomplete(failed)).toEqual([])
    const part = await measured({
      ...{ engines: names, budget: 60, signal: stop.signal },
      spawn: engines({ simd: proportional(0.1), 'tfjs/wasm': proportional(0.2) }),
      onProgress: ({ done }) => done >= 4 && stop.abort(new Error('Stopped.')),
    })
    expect(part.timings).toHaveLength(4)
    expect(incomplete(part)).toEqual(names)
    expect(part.engines.map(({ failure }) => failure)).toEqual([null, null])

    const asked: string[] = []
    const progress: number[] = []
    const rest = await measured({
      ...{ engines: names, budget: 60, known: part },
      spawn: engines({ simd: proportional(0.1), 'tfjs/wasm': proportional(0.2) }, asked),
      onProgress: ({ done, total }) => progress.push(done, total),
    })
    expect([...rest.timings, ...rest.skipped]).toHaveLength(2 * SIZES.rows.length - 4)
    for (const { engine, rows } of part.timings) expect(asked).not.toContain(`${engine} 64 ${rows}`)
    expect(progress.slice(0, 2)).toEqual([0, 8])
  })
})
