import { describe, expect, it } from 'vitest'
import { ENGINES, type EngineName } from '../../../src/core/config/engines.ts'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { chooseEngine, type EngineTiming } from '../../../src/core/training/choose-engine.ts'

const timing = (engine: EngineName, width: number, rows: number, tasks: number, seconds: number): EngineTiming => ({
  ...{ engine, width, rows, tasks, seconds },
})
/** A device that is slower for small problems and faster for large ones. */
const MEASUREMENT = [
  timing('simd', 64, 4000, 1, 0.1),
  timing('tfjs/webgpu', 64, 4000, 1, 0.4),
  timing('simd', 64, 4000, 20, 1.1),
  timing('tfjs/webgpu', 64, 4000, 20, 1),
  timing('tfjs/wasm', 64, 4000, 20, 5),
  timing('simd', 512, 4000, 20, 60),
  timing('tfjs/webgpu', 512, 4000, 20, 6),
  timing('simd', 64, 100_000, 1, 3),
  timing('tfjs/webgpu', 64, 100_000, 1, 2),
]
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

  it('takes what was fastest at the problem that is most like its own', () => {
    expect(chosen(meta(1))).toBe('simd')
    expect(chosen(meta(20))).toBe('tfjs/webgpu')
    expect(chosen(meta(2, 512))).toBe('tfjs/webgpu')
    expect(chosen({ ...meta(2), inner: { episodes: 3 } })).toBe('simd')
  })

  it('knows that pre-training has one large batch', () => {
    const run = { ...meta(1), method: 'pre-train' }
    expect(chosen({ ...run, preTraining: { tasksPerIteration: 20, episodes: 5 } })).toBe('tfjs/webgpu')
    expect(chosen({ ...run, preTraining: { tasksPerIteration: 1, episodes: 5 } })).toBe('simd')
  })
})
