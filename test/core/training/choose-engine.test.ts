import { describe, expect, it } from 'vitest'
import { ENGINES, type EngineName } from '../../../src/core/config/engines.ts'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { chooseEngine, explainEngine, type EngineTiming } from '../../../src/core/training/choose-engine.ts'

const timing = (engine: EngineName, width: number, rows: number, tasks: number, seconds: number): EngineTiming => ({
  ...{ engine, width, rows, tasks, seconds },
})
const SIZES = [64, 512].flatMap((width) =>
  [2000, 4000, 100_000].flatMap((rows) => [1, 20].map((tasks) => [width, rows, tasks] as const)),
)
/** A device that starts slowly and is ten times as fast then; the JavaScript of a third engine is slow always. */
const MEASUREMENT = SIZES.flatMap(([width, rows, tasks]) => {
  const simd = (width * rows * tasks) / 2e6
  return [
    timing('simd', width, rows, tasks, simd),
    timing('tfjs/webgpu', width, rows, tasks, 1 + simd / 10),
    timing('tfjs/wasm', width, rows, tasks, 5 * simd),
  ]
})
const chosen = (settings: object) => chooseEngine(parseRunConfig({ engine: 'auto', ...settings }), MEASUREMENT)
const meta = (tasksPerIteration: number, width = 64) => ({
  policy: { hidden: [width, 64] },
  inner: { episodes: 4 },
  environment: { horizon: 1000 },
  meta: { tasksPerIteration },
})

describe('chooseEngine', () => {
  it('takes what a run asks for, whatever was measured', () => {
    for (const engine of ENGINES)
      if (engine !== 'auto') expect(chooseEngine(parseRunConfig({ engine }), MEASUREMENT)).toBe(engine)
  })

  it('takes the SIMD engine where nothing was measured', () => {
    expect(chooseEngine(parseRunConfig({}), null)).toBe('simd')
    expect(chooseEngine(parseRunConfig({}), [])).toBe('simd')
  })

  it('takes what was fastest at the sizes on both sides of its own', () => {
    expect(chosen(meta(1))).toBe('simd')
    expect(chosen(meta(20))).toBe('tfjs/webgpu')
    expect(chosen(meta(20, 512))).toBe('tfjs/webgpu')
    // Between 1 task, where it is slower, and 20, where it is faster.
    expect(chosen(meta(10))).toBe('simd')
  })

  it('does not conclude from larger problems to smaller ones', () => {
    expect(chosen({ ...meta(20), policy: { hidden: [16, 16] } })).toBe('simd')
    expect(chosen({ ...meta(20), inner: { episodes: 1 } })).toBe('simd')
  })

  it('concludes from the largest that were measured to larger ones', () => {
    expect(chosen(meta(60, 1024))).toBe('tfjs/webgpu')
  })

  it('does not change the engine for what timings scatter by', () => {
    const close = [timing('simd', 64, 4000, 20, 1), timing('tfjs/webgpu', 64, 4000, 20, 0.95)]
    expect(explainEngine(parseRunConfig({ engine: 'auto', ...meta(20) }), close)).toMatchObject({ engine: 'simd' })
  })

  it('needs the SIMD engine beside it', () => {
    const alone = [timing('tfjs/webgpu', 64, 4000, 20, 0.01)]
    const { engine, why } = explainEngine(parseRunConfig({ engine: 'auto', ...meta(20) }), alone)
    expect(engine).toBe('simd')
    expect(why).toContain('Nothing was timed that is comparable to 20 tasks of 4,000 rows, 64 wide')
  })

  it('says how much faster it is at least', () => {
    const { why } = explainEngine(parseRunConfig({ engine: 'auto', ...meta(20) }), MEASUREMENT)
    expect(why).toBe('At 20 tasks of 4,000 rows, 64 wide, it was timed at least 2 times as fast as the SIMD engine.')
  })

  it('knows that pre-training has one large batch', () => {
    const run = { ...meta(1), method: 'pre-train' }
    expect(chosen({ ...run, preTraining: { tasksPerIteration: 20, episodes: 5 } })).toBe('tfjs/webgpu')
    expect(chosen({ ...run, preTraining: { tasksPerIteration: 1, episodes: 5 } })).toBe('simd')
  })
})
