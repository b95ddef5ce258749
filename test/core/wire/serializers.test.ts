import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { fromBase64, toBase64 } from '../../../src/core/wire/base64.ts'
import { wireSerializers } from '../../../src/core/wire/serializers.ts'

/** As oRPC uses them: the first that feels responsible; JSON in between. */
function overTheWire(value: unknown): unknown {
  const serializer = wireSerializers.find(({ condition }) => condition(value))
  if (serializer === undefined) return JSON.parse(JSON.stringify(value))
  return serializer.deserialize(JSON.parse(JSON.stringify(serializer.serialize(value))))
}

test('base64 is that of RFC 4648', () => {
  const vectors = {
    '': '',
    f: 'Zg==',
    fo: 'Zm8=',
    foo: 'Zm9v',
    foob: 'Zm9vYg==',
    fooba: 'Zm9vYmE=',
    foobar: 'Zm9vYmFy',
  }
  for (const [text, encoded] of Object.entries(vectors)) {
    expect(toBase64(new TextEncoder().encode(text))).toBe(encoded)
    expect(new TextDecoder().decode(fromBase64(encoded))).toBe(text)
  }
})

test('base64 of more bytes than a call takes arguments', () => {
  const bytes = Uint8Array.from({ length: 200_001 }, (_, i) => i * 7)
  expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
  expect(Buffer.compare(fromBase64(toBase64(bytes)), bytes)).toBe(0)
})

test('typed arrays keep type, length and every bit', () => {
  const arrays = fc.oneof(fc.float32Array(), fc.float64Array(), fc.uint8Array(), fc.int32Array())
  fc.assert(
    fc.property(arrays, (array) => {
      const arrived = overTheWire(array) as typeof array
      expect(arrived.constructor).toBe(array.constructor)
      expect(arrived).toEqual(array)
    }),
  )
})

test('a view into a larger buffer travels alone, and not aligned', () => {
  const bytes = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4)
  expect(overTheWire(bytes)).toEqual(Uint8Array.of(1, 2, 3))
  expect(overTheWire(Buffer.from('abc'))).toEqual(Uint8Array.of(97, 98, 99))
})

test('numbers that JSON would change arrive as they were', () => {
  for (const value of [Infinity, -Infinity, -0, 0, 1.5]) expect(Object.is(overTheWire(value), value)).toBe(true)
})

test('an array type that no page expects is refused where it is sent', () => {
  expect(() => overTheWire(new Uint16Array(2))).toThrow('Uint16Array does not travel')
})

test('what is no array or number on the wire is refused', () => {
  const [arrays, numbers] = wireSerializers
  for (const wrong of [
    null,
    'AAAA',
    ['Float64Array', 3],
    ['constructor', ''],
    ['Float64Array', 'AAAA'],
    ['Uint8Array', '*'],
  ])
    expect(() => arrays?.deserialize(wrong), JSON.stringify(wrong)).toThrow()
  for (const wrong of [null, 1, 'toString']) expect(() => numbers?.deserialize(wrong)).toThrow(TypeError)
})

test('base64 without Node and without an engine that knows it is the same', async () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => i * 13)
  const encoded = toBase64(bytes)
  vi.stubGlobal('Buffer', undefined)
  vi.resetModules()
  const plain = await import('../../../src/core/wire/base64.ts')
  vi.unstubAllGlobals()
  expect(plain.toBase64(bytes)).toBe(encoded)
  expect(plain.fromBase64(encoded)).toEqual(bytes)
  expect(() => plain.fromBase64('*')).toThrow()
})
