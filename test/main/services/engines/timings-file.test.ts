import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  forgetEngine,
  readMeasurement,
  thisMachine,
  writeMeasurement,
  type EngineMeasurement,
} from '../../../../src/main/services/engines/timings-file.ts'
import { temporaryFolder } from '../../store/fixtures.ts'

const VERSION = (
  JSON.parse(readFileSync('node_modules/@tensorflow/tfjs-backend-wasm/package.json', 'utf8')) as { version: string }
).version

const wasm = {
  name: 'tfjs/wasm',
  device: 'a CPU',
  versions: { '@tensorflow/tfjs-backend-wasm': VERSION },
  failure: null,
} as const
const simd = { name: 'simd', device: 'a CPU', versions: {}, failure: null } as const
const at = (engine: 'simd' | 'tfjs/wasm', rows: number, seconds: number) => ({
  engine,
  width: 64,
  rows,
  tasks: 1,
  seconds,
})
const measured = (part: Partial<EngineMeasurement> = {}): EngineMeasurement => ({
  machine: thisMachine(),
  measuredAt: 1,
  engines: [simd, wasm],
  timings: [at('simd', 100, 1), at('tfjs/wasm', 100, 2)],
  skipped: [],
  ...part,
})
const file = () => join(temporaryFolder(), 'data', 'engine-timings.json')

describe('the stored measurement', () => {
  it('comes back as it was', () => {
    const place = file()
    expect(readMeasurement(place)).toEqual({ measurement: null, problem: null })
    writeMeasurement(measured(), place)
    expect(readMeasurement(place)).toEqual({ measurement: measured(), problem: null })
  })

  it.each([
    ['{', 'JSON'],
    [
      '{"version":1,"timings":"many"}',
      'is not used: it is damaged (machine: Invalid input: expected object, received undefined).',
    ],
    ['{"version":99,"anything":"else"}', 'newer version'],
  ])('is not used where it is %s', (text, why) => {
    const place = file()
    writeMeasurement(measured(), place)
    writeFileSync(place, text)
    const { measurement, problem } = readMeasurement(place)
    expect(measurement).toBeNull()
    expect(problem).toContain(why)
  })

  it('of another machine or another Node is not used', () => {
    const place = file()
    for (const other of [{ cpu: 'Z80' }, { cores: 999 }, { node: '1.0.0' }]) {
      writeMeasurement(measured({ machine: { ...thisMachine(), ...other } }), place)
      const { measurement, problem } = readMeasurement(place)
      expect(measurement).toBeNull()
      expect(problem).toContain(String(Object.values(other)[0]))
    }
  })

  it('loses the engines that are another version now', () => {
    const place = file()
    const older = { ...wasm, versions: { '@tensorflow/tfjs-backend-wasm': '1.2.3' } }
    writeMeasurement(measured({ engines: [simd, older] }), place)
    const { measurement, problem } = readMeasurement(place)
    expect(measurement?.timings).toEqual([at('simd', 100, 1)])
    expect(problem).toContain(`tfjs/wasm (@tensorflow/tfjs-backend-wasm was 1.2.3 and is ${VERSION})`)
  })

  it('is replaced problem by problem', () => {
    const place = file()
    writeMeasurement(measured(), place)
    const next = [at('simd', 200, 3), at('tfjs/wasm', 200, 4)]
    writeMeasurement(measured({ timings: next }), place)
    expect(readMeasurement(place).measurement?.timings).toEqual([...measured().timings, ...next])
    writeMeasurement(measured({ timings: [at('simd', 100, 5)] }), place)
    // The other engine's time beside the older one says nothing any more.
    expect(readMeasurement(place).measurement?.timings).toEqual([...next, at('simd', 100, 5)])
  })

  it('forgets what was known of an engine that was installed anew', () => {
    const place = file()
    writeMeasurement(measured({ engines: [simd, { ...wasm, failure: 'It crashed' }] }), place)
    forgetEngine('tfjs/wasm', place)
    expect(readMeasurement(place).measurement).toEqual(measured({ engines: [simd], timings: [at('simd', 100, 1)] }))
    forgetEngine('tfjs/webgpu', join(place, '../none.json'))
    expect(existsSync(join(place, '../none.json'))).toBe(false)
  })

  it('forgets an engine that computes on another device now, or failed', () => {
    const place = file()
    for (const other of [{ device: 'a GPU' }, { failure: 'crashed' }]) {
      writeMeasurement(measured(), place)
      writeMeasurement(measured({ engines: [simd, { ...wasm, ...other }], timings: [at('simd', 300, 1)] }), place)
      expect(readMeasurement(place).measurement?.timings).toEqual([at('simd', 100, 1), at('simd', 300, 1)])
    }
  })
})
