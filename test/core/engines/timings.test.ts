import { describe, expect, it } from 'vitest'
import type { EngineName } from '../../../src/core/config/engines.ts'
import { breakEvens, predictSeconds, type EngineTiming } from '../../../src/core/engines/timings.ts'

const timing = (engine: EngineName, rows: number, seconds: number, tasks = 1, width = 64): EngineTiming => ({
  ...{ engine, width, rows, tasks, seconds },
})

describe('predictSeconds', () => {
  it('knows nothing without a timing', () => {
    expect(predictSeconds([], { width: 64, rows: 100, tasks: 1 })).toBeNull()
  })

  it('grows with the work, and takes the nearest bound', () => {
    const measured = [timing('simd', 1000, 1), timing('simd', 10_000, 4)]
    expect(predictSeconds(measured, { width: 64, rows: 20_000, tasks: 1 })).toBe(8)
    expect(predictSeconds(measured, { width: 64, rows: 20_000, tasks: 10 })).toBe(80)
  })

  it('bounds a problem within a measured one by that one', () => {
    expect(predictSeconds([timing('simd', 10_000, 4)], { width: 64, rows: 10, tasks: 1 })).toBe(4)
  })
})

describe('breakEvens', () => {
  it('lies where the power laws of both cross', () => {
    // The device takes 1 s whatever the rows; the SIMD engine 1 ms a row.
    const timings = [100, 10_000].flatMap((rows) => [timing('simd', rows, rows / 1000), timing('tfjs/webgpu', rows, 1)])
    const [even] = breakEvens(timings)
    expect(even).toMatchObject({ engine: 'tfjs/webgpu', width: 64, tasks: 1, fromStart: false, speedUp: 10 })
    expect(even!.rows).toBeCloseTo(1000, 6)
  })

  it('is none where the engine never overtakes, or falls behind again', () => {
    const slow = [timing('simd', 100, 1), timing('tfjs/wasm', 100, 2)]
    expect(breakEvens(slow)).toMatchObject([{ rows: null, speedUp: 0.5 }])
    const lucky = [
      timing('simd', 100, 1),
      timing('tfjs/wasm', 100, 0.5),
      timing('simd', 200, 1),
      timing('tfjs/wasm', 200, 2),
    ]
    expect(breakEvens(lucky)).toMatchObject([{ rows: null }])
  })

  it('says that an engine is ahead from the smallest batch on', () => {
    const ahead = [timing('simd', 100, 3), timing('tfjs/webgpu', 100, 1)]
    expect(breakEvens(ahead)).toMatchObject([{ rows: 100, fromStart: true, speedUp: 3 }])
  })

  it('compares only what both engines were measured on', () => {
    expect(breakEvens([timing('tfjs/webgpu', 100, 1), timing('simd', 200, 1)])).toEqual([])
    expect(breakEvens([timing('tfjs/webgpu', 100, 1, 1), timing('simd', 100, 1, 10)])).toEqual([])
  })
})
