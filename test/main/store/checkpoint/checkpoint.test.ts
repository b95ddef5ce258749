import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { migrateConfig } from '../../../../src/core/config/migrate.ts'
import { emptyMoments } from '../../../../src/core/nn/observation-scaling.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/main/store/checkpoint/checkpoint.ts'
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from '../../../../src/main/store/checkpoint/safetensors.ts'
import type { Checkpoint } from '../../../../src/main/store/store.ts'
import { sha256 } from '../../../../src/main/store/sha256.ts'
import { configOfVersion1 } from '../../../golden/version-1.ts'
import { config, stateAt } from '../samples.ts'

const checkpoint: Checkpoint = { config: config(), state: stateAt(3) }
const file = encodeCheckpoint(checkpoint)

/** The same bits, which `toEqual` alone does not say of zeros and denormals. */
const bits = (values: Float32Array | Float64Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

describe('a checkpoint file', () => {
  it.each([
    ['hidden goal', config()],
    ['visible goal', config({ environment: { goal: 'visible' } })],
    ['one wide layer', config({ policy: { hidden: [128] } })],
    ['four layers', config({ policy: { hidden: [8, 16, 8, 24] } })],
    ['outer optimiser with moments', config({ meta: { optimiser: 'adam' } })],
    ['pre-training', config({ method: 'pre-train' })],
  ])('holds a state bit for bit (%s)', (_, of: RunConfig) => {
    const state = stateAt(2, of)
    state.theta.set([-0, 1e-45, 3.4e38, -1e-40])
    const lambda = { ...state.lambda, value: 0.1 + 0.2, integral: -0 }
    const eta = { ...state.eta, value: Number.MIN_VALUE, smoothedCost: Number.MAX_VALUE }
    const given = { config: of, state: { ...state, lambda, eta, kappa: -0 } }
    const read = decodeCheckpoint(encodeCheckpoint(given))
    expect(read).toEqual(given)
    expect(bits(read.state.theta)).toEqual(bits(state.theta))
    expect(encodeCheckpoint(read)).toEqual(encodeCheckpoint(given))
  })

  it('may have no observation moments', () => {
    const given = { ...checkpoint, state: { ...checkpoint.state, moments: emptyMoments(0) } }
    expect(decodeCheckpoint(encodeCheckpoint(given))).toEqual(given)
  })

  it('may have a configuration of version 1, which is read in the newest form', () => {
    const old = { ...(configOfVersion1() as object), policy: { ...config().policy } }
    const bytes = rewritten(({ metadata }) => (metadata['config'] = JSON.stringify(old)))
    const read = decodeCheckpoint(bytes)
    expect(read).toEqual({ config: migrateConfig(old), state: checkpoint.state })
    expect(decodeCheckpoint(encodeCheckpoint(read))).toEqual(read)
  })

  it('is a safetensors file with one named, aligned tensor per layer', () => {
    const { tensors, metadata } = decodeSafetensors(file)
    expect(tensors.get('policy.hidden0.kernel')).toMatchObject({ dtype: 'F32', shape: [44, 8] })
    expect(tensors.get('policy.logStd')!.data).toEqual(checkpoint.state.theta.slice(-2))
    expect(tensors.get('costCritic.secondMoment.head.bias')).toMatchObject({ dtype: 'F32', shape: [1] })
    for (const field of ['value', 'firstMoment', 'secondMoment', 'integral', 'smoothedCost'] as const)
      expect(tensors.get(`eta.${field}`)).toEqual({
        ...{ dtype: 'F64', shape: [], data: Float64Array.of(checkpoint.state.eta[field]) },
      })
    expect(metadata).toMatchObject({ format: 'cmaml-checkpoint', formatVersion: '2', iteration: '3', envSteps: '3000' })
    expect(metadata).toMatchObject({ lambdaUpdates: '6', etaUpdates: '9', costCriticUpdates: '120' })
    const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
    expect(headerBytes % 8).toBe(0)
    const header = JSON.parse(Buffer.from(file).toString('utf8', 8, 8 + headerBytes)) as Record<
      string,
      { dtype: string; data_offsets: number[] }
    >
    for (const { dtype, data_offsets: offsets } of Object.values(header))
      if (offsets) expect(offsets[0]! % (dtype === 'F64' ? 8 : 4)).toBe(0)
  })

  it('cannot be written with numbers that are not finite, or of other networks', () => {
    const { state } = checkpoint
    const write = (changed: object) => () => encodeCheckpoint({ config: config(), state: { ...state, ...changed } })
    expect(write({ eta: { ...state.eta, value: Infinity } })).toThrow(
      'eta.value[0] is Infinity in the state of iteration 3',
    )
    expect(write({ theta: state.theta.map(() => NaN) })).toThrow('policy.hidden0.kernel[0] is NaN')
    expect(write({ theta: state.theta.subarray(1) })).toThrow(
      /policy has \d+ parameters, the configuration's networks have/,
    )
  })
})

/** The file with other tensors or metadata, and a hash that fits unless `metadata` brings its own. */
function rewritten(change: (content: { tensors: Map<string, Tensor>; metadata: Record<string, string> }) => void) {
  const { tensors, metadata } = decodeSafetensors(file)
  const content = { tensors: new Map(tensors), metadata: { ...metadata } }
  change(content)
  return rehashed(encodeSafetensors(content))
}

/** Puts the right hash into a file, as somebody would who edits one on purpose. */
function rehashed(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes)
  const at = buffer.indexOf('"sha256":"')
  if (at < 0) return bytes
  buffer.write('0'.repeat(64), at + 10)
  buffer.write(sha256(buffer), at + 10)
  return buffer
}

function flipped(at: number): Uint8Array {
  const bytes = new Uint8Array(file)
  bytes[at]! ^= 1
  return bytes
}

function replaced(text: string, by: string): Uint8Array {
  const bytes = Buffer.from(file)
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  bytes.write(by, at)
  return bytes
}

const f32 = (shape: readonly number[], ...values: number[]): Tensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
})

describe('a file that is no checkpoint is refused with the reason', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['nothing', () => new Uint8Array(0), /only 0 bytes/],
    ['text', () => Buffer.from('{"weights": [1, 2, 3]} and more'), /header claims \d+ bytes/],
    ['a truncated file', () => file.subarray(0, file.length - 1), /truncated/],
    ['a truncated header', () => file.subarray(0, 500), /truncated/],
    ['a longer file', () => Buffer.concat([file, Buffer.from('x')]), /1 bytes at the end belong to no tensor/],
    ['a changed weight', () => flipped(file.length - 3), /damaged or was edited/],
    ['a changed setting', () => replaced('\\"seed\\":1', '\\"seed\\":2'), /damaged or was edited/],
    [
      'another program',
      () => encodeSafetensors({ tensors: new Map([['w', f32([1], 1)]]), metadata: {} }),
      /another program/,
    ],
    [
      'another version',
      () => rewritten(({ metadata }) => (metadata['formatVersion'] = '3')),
      /format version is 3; .* reads 1 to 2/,
    ],
    ['no hash', () => rewritten(({ metadata }) => delete metadata['sha256']), /lack "sha256"/],
    ['no configuration', () => rewritten(({ metadata }) => delete metadata['config']), /configuration is not JSON/],
    [
      'an unknown setting',
      () => rewritten(({ metadata }) => (metadata['config'] = '{"speed": 9}')),
      /speed is not a setting/,
    ],
    [
      'a gap in the configuration',
      () => rewritten(({ metadata }) => (metadata['config'] = '{}')),
      /configuration is incomplete/,
    ],
    [
      'a gap in a configuration of version 1',
      () => rewritten(({ metadata }) => (metadata['config'] = '{"schemaVersion":1}')),
      /configuration is incomplete/,
    ],
    [
      'a newer configuration',
      () => rewritten(({ metadata }) => (metadata['config'] = '{"schemaVersion":3}')),
      /schemaVersion is 3; allowed: 2/,
    ],
    [
      'another format under the name of version 1',
      () => rewritten(({ metadata }) => (metadata['formatVersion'] = '1')),
      /"meta.lambda" is missing/,
    ],
    [
      'a reward critic that is not counted',
      () => rewritten(({ tensors }) => tensors.set('rewardCritic.head.bias', f32([1], 1))),
      /"rewardCritic.head.bias" is not part of a checkpoint/,
    ],
    [
      'a reward critic that is not there',
      () => rewritten(({ metadata }) => (metadata['rewardCriticUpdates'] = '1')),
      /"rewardCritic\..*" is missing/,
    ],
    [
      'a negative count',
      () => rewritten(({ metadata }) => (metadata['iteration'] = '-1')),
      /"iteration" are not a count/,
    ],
    [
      'a missing tensor',
      () => rewritten(({ tensors }) => tensors.delete('policy.logStd')),
      /"policy.logStd" is missing/,
    ],
    [
      'a strange tensor',
      () => rewritten(({ tensors }) => tensors.set('../../etc/passwd', f32([1], 1))),
      /not part of a checkpoint/,
    ],
    [
      'another shape',
      () => rewritten(({ tensors }) => tensors.set('policy.logStd', f32([1, 2], 0, 0))),
      /is F32 \[1, 2\], expected F32 \[2\]/,
    ],
    [
      'another dtype',
      () => rewritten(({ tensors }) => tensors.set('eta.value', f32([], 0))),
      /is F32 \[\], expected F64 \[\]/,
    ],
    [
      'NaN',
      () => rewritten(({ tensors }) => tensors.set('policy.logStd', f32([2], 0, NaN))),
      /policy.logStd\[1\] is NaN/,
    ],
  ])('%s', (_, make, reason) => {
    const bytes = make()
    expect(() => decodeCheckpoint(bytes)).toThrow(CheckpointError)
    expect(() => decodeCheckpoint(bytes)).toThrow(reason)
  })

  it.each<[string, unknown, RegExp]>([
    ['an array', [1], /not a JSON object/],
    ['metadata of numbers', { __metadata__: { a: 1 } }, /not a map from strings to strings/],
    ['a tensor that is none', { a: null }, /tensor "a": not an object/],
    ['a dtype without meaning', { a: { dtype: 'F8', shape: [8], data_offsets: [0, 8] } }, /dtype is "F8"/],
    ['negative sizes', { a: { dtype: 'F32', shape: [-1, -2], data_offsets: [0, 8] } }, /not a list of at most 8 sizes/],
    [
      'a huge shape',
      { a: { dtype: 'F32', shape: [2 ** 50, 2 ** 50], data_offsets: [0, 8] } },
      /needs .* bytes, it has 8/,
    ],
    ['offsets outside', { a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, /lie outside the 8 bytes/],
    ['offsets backwards', { a: { dtype: 'F32', shape: [2], data_offsets: [8, 0] } }, /lie outside/],
    ['fractional offsets', { a: { dtype: 'F32', shape: [2], data_offsets: [0.5, 8] } }, /not \[begin, end\]/],
    [
      'tensors that overlap',
      { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] }, b: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } },
      /overlap or leave gaps/,
    ],
    ['a hidden gap', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, /overlap or leave gaps/],
  ])('a header with %s', (_, header, reason) => {
    expect(() => decodeSafetensors(withHeader(JSON.stringify(header), new Uint8Array(8)))).toThrow(reason)
  })

  it('headers that claim gigabytes, or nest without end', () => {
    const huge = new Uint8Array(16)
    new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true)
    expect(() => decodeSafetensors(huge)).toThrow(/header claims 9223372036854775808 bytes, at most 1048576/)
    expect(() => decodeSafetensors(withHeader('['.repeat(1_000_000), new Uint8Array()))).toThrow(/not JSON/)
  })
})

describe('fuzzing', () => {
  it('finds no bytes that crash the parser or are accepted by mistake', () => {
    const edit = fc.record({ at: fc.nat(file.length - 1), value: fc.integer({ min: 0, max: 255 }) })
    const property = fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.boolean(), (edits, fix) => {
      const bytes = new Uint8Array(file)
      for (const { at, value } of edits) bytes[at] = value
      expectOnlyCheckpointErrors(fix ? rehashed(bytes) : bytes)
    })
    fc.assert(property, { numRuns: 400 })
  })

  it('finds no header that crashes the parser', () => {
    const size = fc.oneof(fc.nat(20), fc.double(), fc.constantFrom(-1, 2 ** 53, '4', null))
    const entry = fc.record(
      {
        dtype: fc.constantFrom('F32', 'F64', 'I64', 0),
        shape: fc.array(size),
        data_offsets: fc.array(size, { maxLength: 3 }),
      },
      { requiredKeys: [] },
    )
    const header = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__metadata__', '__proto__', 'policy.logStd')),
      fc.oneof(entry, fc.jsonValue()),
    )
    const property = fc.property(header, fc.uint8Array({ maxLength: 40 }), (content, data) => {
      expectOnlyCheckpointErrors(withHeader(JSON.stringify(content), data))
    })
    fc.assert(property, { numRuns: 1000 })
  })

  it('finds no tensors that do not come back', () => {
    const tensor = fc.oneof(
      fc.float32Array().map((data): Tensor => ({ dtype: 'F32', shape: [data.length], data })),
      fc.float64Array().map((data): Tensor => ({ dtype: 'F64', shape: [1, data.length], data })),
    )
    const names = fc.string().filter((name) => name !== '__metadata__' && name !== '__proto__')
    const property = fc.property(fc.dictionary(names, tensor), fc.dictionary(names, fc.string()), (named, metadata) => {
      const read = decodeSafetensors(encodeSafetensors({ tensors: new Map(Object.entries(named)), metadata }))
      expect(read.tensors.size).toBe(Object.keys(named).length)
      for (const [name, { dtype, shape, data }] of Object.entries(named)) {
        const back = read.tensors.get(name)!
        expect([back.dtype, back.shape, bits(back.data)]).toEqual([dtype, shape, bits(data)])
      }
      expect({ ...read.metadata }).toEqual({ ...metadata })
    })
    fc.assert(property, { numRuns: 300 })
  })
})

/** Accepted only if nothing changed but bits of numbers, which still have to be finite. */
function expectOnlyCheckpointErrors(bytes: Uint8Array): void {
  try {
    const read = decodeCheckpoint(bytes)
    expect(read.state.theta.every(Number.isFinite)).toBe(true)
    expect(encodeCheckpoint(read).length).toBe(file.length)
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
  }
}

function withHeader(text: string, data: Uint8Array): Uint8Array {
  const header = Buffer.from(text)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, data])
}
