import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { measuredText } from '../../../src/main/cli/commands/bench-engines.ts'
import { failedChecks, type CheckedEngine } from '../../../src/main/cli/commands/engines.ts'
import { installNothing, installStandIn } from '../../support/stand-in-tensorflow.ts'
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

  it(
    'checks what they compute, each by itself: a crash of one is its failure alone',
    { timeout: 180_000 },
    async () => {
      installStandIn('abort')
      const both = ['--only', 'tfjs/tensorflow,tfjs/wasm']
      const { code, stdout, stderr } = await run(temporaryFolder(), 'engines', '--check', ...both, '--json')
      expect(code).toBe(1)
      expect(JSON.parse(stderr.trim().split('\n').at(-1)!)).toMatchObject({
        error: { message: 'Failed: tfjs/tensorflow.' },
      })
      const [crashed, wasm] = JSON.parse(stdout) as { failure: string | null; rows: Record<string, number>[] }[]
      expect(crashed).toMatchObject({ engine: 'tfjs/tensorflow', device: null, rows: [], isUnavailable: false })
      expect(crashed!.failure).toMatch(/^It failed: The trainer process ended unexpectedly \(SIGABRT\)/)
      if (!wasm) throw new Error('The other engine was not checked.')
      expect(wasm).toMatchObject({ engine: 'tfjs/wasm', failure: null })
      expect(wasm.rows).toHaveLength(8)
      for (const { toSimd, toFloat64, toAlone, limit } of wasm.rows)
        expect(Math.max(toSimd!, toFloat64!, toAlone!)).toBeLessThan(limit!)
    },
  )

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

describe('what an engine was asked for wrongly', () => {
  it.each([
    [['engines', '--only', 'simd'], 'add --check'],
    [['bench', 'engines', '--engines', 'tfjs'], '"tfjs" stands for the best of several engines'],
  ])('%s', async (args, why) => {
    const { code, stderr } = await run(temporaryFolder(), ...args)
    expect(code).toBe(2)
    expect(stderr).toContain(why)
  })

  it('an installation that fails tells as JSON, and nothing else', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { code, stdout, stderr } = await run(temporaryFolder(), 'engines', 'install', 'webgpu', '--json')
    expect(code).toBe(1)
    expect(stdout).toBe('')
    const { error } = JSON.parse(stderr) as { error: { message: string } }
    expect(error.message).toContain('The engine webgpu cannot be installed')
  })

  it.each([
    'train quickstart',
    'finetune --init random',
    'study figure-4 --scale smoke',
    'study figure-4 --scale smoke --plan',
  ])('one that is not installed: %s makes no database', async (command) => {
    const args = command.split(' ')
    installNothing()
    const folder = temporaryFolder()
    const { code, stderr } = await run(folder, ...args, '--engine', 'tfjs/webgpu', '--db', join(folder, 'new.sqlite'))
    expect(code).toBe(2)
    expect(stderr).toContain('engine is tfjs/webgpu, which cannot be used on this machine')
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['train quickstart', 'finetune --init random', 'study figure-4 --scale smoke'])(
    'one that turns out to compute wrongly: %s leaves no database',
    async (command) => {
      const args = command.split(' ')
      installStandIn('wrong')
      const folder = temporaryFolder()
      const places = [
        '--db',
        join(folder, 'new.sqlite'),
        ...(args[0] === 'study' ? ['--out', join(folder, 'out')] : []),
      ]
      const { code, stderr } = await run(folder, ...args, '--engine', 'tfjs/tensorflow', ...places)
      expect(code).toBe(2)
      expect(stderr).toContain('The engine tfjs/tensorflow computes wrongly on this machine')
      expect(readdirSync(folder)).toEqual([])
    },
  )
})

it('a check fails by what is wrong or crashes, and by what is not there only if it is named', () => {
  const row = { engine: 'x', operation: 'values', toSimd: 1e-7, toFloat64: 1e-7, toAlone: 0, limit: 1e-5 } as const
  const checked = (engine: CheckedEngine['engine'], part: Partial<CheckedEngine> = {}): CheckedEngine => ({
    ...{ engine, device: 'a CPU', rows: [row], failure: null, isUnavailable: false },
    ...part,
  })
  const none = { rows: [], device: null, failure: 'It says why.' }
  const all = [
    checked('simd'),
    checked('tfjs/wasm', { rows: [row, { ...row, toAlone: 1e-4 }] }),
    checked('tfjs/cpu', { rows: [{ ...row, toSimd: NaN }] }),
    checked('tfjs/tensorflow', none),
    checked('tfjs/webgpu', { ...none, isUnavailable: true }),
  ]
  expect(failedChecks(all, false)).toEqual(['tfjs/wasm', 'tfjs/cpu', 'tfjs/tensorflow'])
  expect(failedChecks(all, true)).toEqual(['tfjs/wasm', 'tfjs/cpu', 'tfjs/tensorflow', 'tfjs/webgpu'])
})

describe('cmaml bench engines', () => {
  it('times them, stores the times, and a list tells when', async () => {
    const home = temporaryFolder()
    const timed = await run(home, 'bench', 'engines', ...TINY, '--engines', 'simd,tfjs/wasm,simd,tfjs/cpu')
    expect(timed.stderr).toMatch(/Timing \d+\/6/)
    expect(timed.code).toBe(0)
    expect(timed.stdout).toMatch(/^ +8 +1 +40 +\d/m)
    expect(timed.stderr).toMatch(/Stored in .*engine-timings\.json/)
    const { stdout } = await run(home, 'engines', '--json')
    const { engines, measuredAt } = JSON.parse(stdout) as { engines: object[]; measuredAt: string }
    expect(new Date(measuredAt).getFullYear()).toBeGreaterThan(2025)
    expect(engines).toContainEqual(
      expect.objectContaining({ name: 'tfjs/wasm', device: 'WebAssembly SIMD, one thread' }),
    )
  })

  it('tells as JSON, even where the times cannot be stored', async () => {
    const home = temporaryFolder()
    mkdirSync(join(home, 'cmaml-studio', 'engine-timings.json'), { recursive: true })
    const { code, stdout, stderr } = await run(home, 'bench', 'engines', ...TINY, '--engines', 'simd', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ timings: [{ engine: 'simd', rows: 40 }, { rows: 80 }], breakEvens: [] })
    expect(stderr).toContain('engine-timings.json cannot be written')
    expect(code).toBe(1)
  })

  it('is refused while another program times or installs', async () => {
    const home = temporaryFolder()
    mkdirSync(join(home, 'cmaml-studio'))
    const holder = { pid: process.pid, what: 'installing the engine gpu' }
    writeFileSync(join(home, 'cmaml-studio', 'engines.lock'), JSON.stringify(holder))
    const { code, stderr } = await run(home, 'bench', 'engines', ...TINY)
    expect(code).toBe(2)
    expect(stderr).toContain(`Process ${process.pid} is installing the engine gpu`)
  })

  it('refuses sizes that are none', async () => {
    const { code, stderr } = await run(temporaryFolder(), 'bench', 'engines', '--rows', '10,many')
    expect(code).toBe(2)
    expect(stderr).toContain('integer from 1')
  })
})

it('times of nothing are no table', () => {
  const machine = { cpu: 'a CPU', cores: 2, node: '24.0.0' }
  const engines = [{ name: 'tfjs/webgpu', device: '', versions: {}, failure: 'there is no Dawn' }] as const
  const text = measuredText({ machine, measuredAt: 1, engines, timings: [], skipped: [] })
  expect(text).toBe('Nothing was timed.\ntfjs/webgpu: there is no Dawn')
})

it.each([
  ['engines --check --only simd,tfjs/cpu', 'simd ...'],
  ['bench engines --engines tfjs/cpu', 'loading'],
])('%s says that it was stopped', async (command, begun) => {
  const { child, saw, result } = startCmaml(temporaryFolder(), ...command.split(' '))
  await saw(begun)
  child.kill('SIGINT')
  const { code, stderr } = await result
  expect(code).toBe(130)
  expect(stderr).not.toContain('error:')
})
