// Engines in processes of their own, the real ones.
import { describe, expect, it } from 'vitest'
import { measureEngines, type MeasureProgress } from '../../../../src/main/services/engines/measure.ts'
import { installStandIn } from '../../../support/stand-in-tensorflow.ts'

const TINY = { widths: [8], rows: [40, 80], tasks: [1, 2] }

describe('timing engines', () => {
  it('times every engine at every combination, and says how far it is', async () => {
    const progress: MeasureProgress[] = []
    const { timings, skipped, engines } = await measureEngines({
      ...{ engines: ['simd', 'tfjs/wasm'], sizes: TINY, budget: 600, workers: 2 },
      onProgress: (state) => progress.push(state),
    })
    expect(skipped).toEqual([])
    expect(timings.map(({ engine, rows, tasks }) => `${engine} ${rows} ${tasks}`).sort()).toEqual(
      ['simd', 'tfjs/wasm'].flatMap((engine) => ['40 1', '40 2', '80 1', '80 2'].map((sizes) => `${engine} ${sizes}`)),
    )
    for (const { seconds } of timings) expect(seconds).toBeGreaterThan(0)
    expect(engines).toMatchObject([
      { name: 'simd', failure: null },
      { name: 'tfjs/wasm', failure: null, device: 'WebAssembly SIMD, one thread' },
    ])
    expect(progress.at(-1)).toMatchObject({ total: 8, done: 6 })
  })

  it('survives an engine that crashes', async () => {
    installStandIn('abort')
    const sizes = { widths: [8], rows: [40, 80], tasks: [1] }
    const { timings, engines } = await measureEngines({ engines: ['tfjs/tensorflow', 'simd'], sizes, budget: 600 })
    expect(timings.filter(({ engine }) => engine === 'simd')).toHaveLength(2)
    expect(engines[0]).toMatchObject({ name: 'tfjs/tensorflow' })
    expect(engines[0]!.failure).toMatch(/ended unexpectedly \(SIGABRT\)/)
    expect(engines[1]!.failure).toBeNull()
  })

  it('leaves out what would take longer than there is time', async () => {
    const sizes = { widths: [8], rows: [40, 400_000], tasks: [40] }
    const { timings, skipped } = await measureEngines({ engines: ['tfjs/cpu'], sizes, budget: 60 })
    expect(timings).toMatchObject([{ rows: 40 }])
    expect(skipped).toMatchObject([{ engine: 'tfjs/cpu', rows: 400_000 }])
    expect(skipped[0]!.seconds).toBeGreaterThan(60)
  })

  it('keeps what is done when it is cancelled', async () => {
    const cancelled = new AbortController()
    const { timings } = await measureEngines({
      ...{ engines: ['simd'], sizes: TINY, budget: 600, signal: cancelled.signal },
      onProgress: ({ done }) => {
        if (done >= 1) cancelled.abort(new Error('Cancelled.'))
      },
    })
    expect(timings).toHaveLength(1)
  })
})
