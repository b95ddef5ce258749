import { describe, expect, it } from 'vitest'
import { captionOf, timingPanels, timingTable } from '../../../src/renderer/settings/engine-timings.ts'

type Name = 'simd' | 'tfjs/wasm'
const at = (engine: Name, rows: number, seconds: number, tasks = 1) => ({ engine, width: 64, rows, tasks, seconds })
const format = (value: number) => String(value)
const table = (timings: ReturnType<typeof at>[], skipped: (ReturnType<typeof at> | { seconds: null })[] = []) =>
  timingTable({ timings, skipped: skipped as never }, format, (seconds) => `${seconds} s`)

describe('the table of times', () => {
  it('has a line per size that was timed, and counts the others', () => {
    const skipped = [at('tfjs/wasm', 2000, 9), at('simd', 4000, 20), at('tfjs/wasm', 4000, 40), at('simd', 8000, 80)]
    const { engines, lines, unmeasured } = table(
      [at('simd', 2000, 2), at('simd', 1000, 1), at('tfjs/wasm', 1000, 3)],
      [...skipped, { ...at('tfjs/wasm', 3000, 1), seconds: null }],
    )
    expect(engines).toEqual(['simd', 'tfjs/wasm'])
    expect(lines.map(({ rows }) => rows)).toEqual([1000, 2000])
    expect(lines[0]!.cells).toMatchObject([
      { text: '1', best: true },
      { text: '3', best: false },
    ])
    // Alone it is no fastest.
    expect(lines[1]!.cells).toMatchObject([{ text: '2', best: false }, { text: 'not measured, ~9 s' }])
    expect(unmeasured).toBe(3)
  })
})

describe('what a panel shows', () => {
  const caption = (timings: ReturnType<typeof at>[]) => captionOf(timingPanels({ timings }).panels[0]!, format)

  it('does not say that nothing overtakes where nothing else was timed', () => {
    expect(caption([at('simd', 1000, 1)])).toBe('No other engine was timed beside simd at these sizes.')
    expect(caption([at('simd', 1000, 1), at('tfjs/wasm', 1000, 3)])).toBe('Nothing overtakes simd.')
  })

  it('says from where an engine overtakes', () => {
    const timings = [at('simd', 1000, 1), at('tfjs/wasm', 1000, 2), at('simd', 4000, 4), at('tfjs/wasm', 4000, 2)]
    expect(caption(timings)).toBe(
      'tfjs/wasm overtakes simd at about 2000 rows (2 times its speed at the largest batch).',
    )
  })
})
