import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint } from '../../../../src/main/store/checkpoint/checkpoint.ts'
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from '../../../../src/main/store/checkpoint/safetensors.ts'
import { bits } from './fixtures.ts'

describe('a safetensors file is refused with the reason:', () => {
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
      expect(() => decodeCheckpoint(withHeader(JSON.stringify(content), data))).toThrow(CheckpointError)
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

function withHeader(text: string, data: Uint8Array): Uint8Array {
  const header = Buffer.from(text)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, data])
}
