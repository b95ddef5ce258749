import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circumstancesOf, type Circumstances } from '../../../../src/main/services/engines/circumstances.ts'
import {
  forgetEngine,
  readMeasurement,
  thisMachine,
  writeMeasurement,
  type EngineMeasurement,
} from '../../../../src/main/services/engines/timings-file.ts'
import { measuredFrom } from '../../../../src/core/engines/timings.ts'
import { listEngines } from '../../../../src/main/services/engines/list-engines.ts'
import { installNothing, installStandIn } from '../../../support/stand-in-tensorflow.ts'
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
    writeMeasurement(measured(), { file: place })
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
    writeMeasurement(measured(), { file: place })
    writeFileSync(place, text)
    const { measurement, problem } = readMeasurement(place)
    expect(measurement).toBeNull()
    expect(problem).toContain(why)
  })

  it('of another machine or another Node is not used', () => {
    const place = file()
    for (const other of [{ cpu: 'Z80' }, { cores: 999 }, { node: '1.0.0' }]) {
      writeMeasurement(measured({ machine: { ...thisMachine(), ...other } }), { file: place })
      const { measurement, problem } = readMeasurement(place)
      expect(measurement).toBeNull()
      expect(problem).toContain(String(Object.values(other)[0]))
    }
  })

  it('keeps the date of what was not measured anew', () => {
    const place = file()
    writeMeasurement(measured(), { file: place })
    const later = measured({ measuredAt: 5, timings: [at('simd', 400, 1)] })
    const { timings } = writeMeasurement(later, { file: place })
    expect(timings).toEqual([
      { ...at('simd', 100, 1), measuredAt: 1 },
      { ...at('tfjs/wasm', 100, 2), measuredAt: 1 },
      at('simd', 400, 1),
    ])
    writeMeasurement(measured({ measuredAt: 9, timings: [at('simd', 800, 1)] }), { file: place })
    const { measurement } = readMeasurement(place)
    expect(measurement?.timings.map((one) => one.measuredAt)).toEqual([1, 1, 5, undefined])
    expect(measuredFrom(measurement!)).toBe(1)
  })

  it('never holds what is only missing', () => {
    installNothing()
    const place = file()
    const webgpu = {
      name: 'tfjs/webgpu',
      device: '',
      versions: {},
      failure: 'there is no Dawn',
      failedUnder: {},
    } as const
    const stored = writeMeasurement(measured({ engines: [simd, wasm, webgpu] }), { file: place })
    expect(stored.engines).toEqual([simd, wasm])
    expect(readMeasurement(place)).toEqual({ measurement: measured(), problem: null })
  })

  it('forgets that an engine was missing, or failed with a package that is there now', () => {
    installNothing()
    const place = file()
    const failed = { name: 'tfjs/tensorflow', device: '', versions: {}, failure: 'it is not installed' } as const
    const failedUnder = circumstancesOf('tfjs/tensorflow')
    installStandIn('none')
    writeMeasurement(measured({ engines: [simd, wasm, { ...failed, failedUnder }] }), { file: place })
    const { measurement, problem } = readMeasurement(place)
    expect(measurement?.engines).toEqual([simd, wasm])
    expect(problem).toContain('@tensorflow/tfjs-node was not there and is 0.0.0')
    const rows = listEngines(measurement)
    expect(rows.find(({ name }) => name === failed.name)).toMatchObject({ available: true, problem: null })
  })

  it('loses the engines that are another version now', () => {
    const place = file()
    const older = { ...wasm, versions: { '@tensorflow/tfjs-backend-wasm': '1.2.3' } }
    writeMeasurement(measured({ engines: [simd, older] }), { file: place })
    const { measurement, problem } = readMeasurement(place)
    expect(measurement?.timings).toEqual([at('simd', 100, 1)])
    expect(problem).toContain(`tfjs/wasm (@tensorflow/tfjs-backend-wasm was 1.2.3 and is ${VERSION})`)
  })

  it('is replaced problem by problem', () => {
    const place = file()
    writeMeasurement(measured(), { file: place })
    const next = [at('simd', 200, 3), at('tfjs/wasm', 200, 4)]
    writeMeasurement(measured({ timings: next }), { file: place })
    expect(readMeasurement(place).measurement?.timings).toEqual([...measured().timings, ...next])
    writeMeasurement(measured({ timings: [at('simd', 100, 5)] }), { file: place })
    // The other engine's time beside the older one says nothing any more.
    expect(readMeasurement(place).measurement?.timings).toEqual([...next, at('simd', 100, 5)])
  })

  it('keeps everything that is there where only the missing was timed', () => {
    const place = file()
    writeMeasurement(measured({ timings: [at('simd', 100, 1), at('simd', 200, 3)] }), { file: place })
    const filled = measured({ engines: [wasm], timings: [at('tfjs/wasm', 100, 2)] })
    writeMeasurement(filled, { file: place, fills: true })
    const { measurement } = readMeasurement(place)
    expect(measurement?.timings).toEqual([at('simd', 100, 1), at('simd', 200, 3), at('tfjs/wasm', 100, 2)])
    expect(measurement?.engines).toEqual([wasm, simd])
  })

  it('remembers a failure until what may be its reason is another', () => {
    const place = file()
    const now = circumstancesOf('tfjs/wasm')
    const failed = (failedUnder: Circumstances | undefined) =>
      measured({ engines: [simd, { ...wasm, failure: 'It crashed', failedUnder }] })
    writeMeasurement(failed(now), { file: place })
    expect(readMeasurement(place)).toEqual({ measurement: failed(now), problem: null })
    const others = [
      [{ ...now, 'C-MAML Studio': '0.0.1' }, 'it failed, and C-MAML Studio was 0.0.1 and is'],
      [{ ...now, "NVIDIA's driver": '450' }, "it failed, and NVIDIA's driver was 450 and is gone"],
      [undefined, 'it failed in an earlier version'],
    ] as const
    for (const [other, why] of others) {
      writeMeasurement(failed(other), { file: place })
      const { measurement, problem } = readMeasurement(place)
      expect(measurement?.engines).toEqual([simd])
      expect(problem).toContain(why)
    }
  })

  it('forgets what was known of an engine that was installed anew', () => {
    const place = file()
    const failed = { ...wasm, failure: 'It crashed', failedUnder: circumstancesOf('tfjs/wasm') }
    writeMeasurement(measured({ engines: [simd, failed] }), { file: place })
    expect(readMeasurement(place).measurement?.engines).toContainEqual(failed)
    forgetEngine('tfjs/wasm', place)
    expect(readMeasurement(place).measurement).toEqual(measured({ engines: [simd], timings: [at('simd', 100, 1)] }))
    forgetEngine('tfjs/webgpu', join(place, '../none.json'))
    expect(existsSync(join(place, '../none.json'))).toBe(false)
  })

  it('forgets an engine that computes on another device now, or failed', () => {
    const place = file()
    for (const other of [{ device: 'a GPU' }, { failure: 'crashed' }]) {
      writeMeasurement(measured(), { file: place })
      writeMeasurement(measured({ engines: [simd, { ...wasm, ...other }], timings: [at('simd', 300, 1)] }), {
        file: place,
      })
      expect(readMeasurement(place).measurement?.timings).toEqual([at('simd', 100, 1), at('simd', 300, 1)])
    }
  })
})
