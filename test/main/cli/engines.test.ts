import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../store/fixtures.ts'
import { startCmaml } from './cmaml.ts'

const run = (home: string, ...args: string[]) => startCmaml(home, ...args).result
const TINY = ['--widths', '8', '--rows', '40,80', '--tasks', '1', '--budget', '300']

describe('cmaml engines', () => {
  it('lists them, with what is missing and how to get it', async () => {
    const { code, stdout } = await run(temporaryFolder(), 'engines')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^simd +available/m)
    expect(stdout).toMatch(/^tfjs\/wasm +available/m)
    expect(stdout).toContain('cmaml bench engines')
  })

  it('checks what they compute', { timeout: 180_000 }, async () => {
    const { code, stdout } = await run(temporaryFolder(), 'engines', '--check', '--only', 'tfjs/wasm', '--json')
    expect(code).toBe(0)
    const [wasm] = JSON.parse(stdout) as [{ engine: string; failure: null; rows: Record<string, number>[] }]
    expect(wasm).toMatchObject({ engine: 'tfjs/wasm', failure: null })
    expect(wasm.rows).toHaveLength(8)
    for (const { toSimd, toFloat64, toAlone, limit } of wasm.rows)
      expect(Math.max(toSimd!, toFloat64!, toAlone!)).toBeLessThan(limit!)
  })

  it('refuses engines and kinds that there are not', async () => {
    const unknown = await run(temporaryFolder(), 'engines', '--check', '--only', 'tfjs/wasp')
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('There is no engine "tfjs/wasp"')
    expect(unknown.stderr).toContain('tfjs/wasm')
    const kind = await run(temporaryFolder(), 'engines', 'install', 'quantum')
    expect(kind.code).toBe(2)
    expect(kind.stderr).toContain('gpu, tensorflow, webgpu')
  })
})

describe('cmaml bench engines', () => {
  it('times them, stores the times, and a list tells when', async () => {
    const home = temporaryFolder()
    const timed = await run(home, 'bench', 'engines', ...TINY, '--engines', 'simd,tfjs/wasm,tfjs/cpu')
    expect(timed.stderr).toMatch(/Timing \d+\/6/)
    expect(timed.code).toBe(0)
    expect(timed.stdout).toMatch(/^ +8 +1 +40 +\d/m)
    expect(timed.stdout).toMatch(/Stored in .*engine-timings\.json/)
    const { stdout } = await run(home, 'engines', '--json')
    const { engines, measuredAt } = JSON.parse(stdout) as { engines: object[]; measuredAt: string }
    expect(new Date(measuredAt).getFullYear()).toBeGreaterThan(2025)
    expect(engines).toContainEqual(
      expect.objectContaining({ name: 'tfjs/wasm', device: 'WebAssembly SIMD, one thread' }),
    )
  })

  it('tells as JSON', async () => {
    const { code, stdout } = await run(temporaryFolder(), 'bench', 'engines', ...TINY, '--engines', 'simd', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ timings: [{ engine: 'simd', rows: 40 }, { rows: 80 }], breakEvens: [] })
  })

  it('refuses sizes that are none', async () => {
    const { code, stderr } = await run(temporaryFolder(), 'bench', 'engines', '--rows', '10,many')
    expect(code).toBe(2)
    expect(stderr).toContain('integer from 1')
  })
})
