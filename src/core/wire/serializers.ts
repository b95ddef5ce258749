// What JSON cannot say, for both ends of the router: typed arrays, and the numbers that JSON would change. oRPC itself
// carries NaN, undefined, Date, Map, Set and bigint. Its own way for bytes (a Blob beside the JSON) does not exist within
// streams and cannot be read synchronously, so arrays travel as base64, bit for bit.
import { fromBase64, toBase64 } from './base64.ts'

/** One entry of oRPC's `customJsonSerializers`. */
export interface WireSerializer {
  /** Written into messages: unique, and above oRPC's own (0 to 7). */
  readonly type: number
  condition(value: unknown): boolean
  serialize(value: unknown): unknown
  /** `serialized` comes from outside: throws where it is not what `serialize` makes. */
  deserialize(serialized: unknown): unknown
}

const ARRAY_TYPES = { Float32Array, Float64Array, Uint8Array, Int32Array } as const
type ArrayType = keyof typeof ARRAY_TYPES

/** Arrays in the byte order of the machine: every platform that Electron runs on is little-endian. */
const typedArrays: WireSerializer = {
  type: 20,
  condition: (value) => ArrayBuffer.isView(value),
  serialize(value) {
    const array = value as ArrayBufferView
    const name = arrayType(array)
    if (name === undefined) throw new TypeError(`${array.constructor.name} does not travel between page and machine.`)
    return [name, toBase64(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))]
  },
  deserialize(serialized) {
    const [name, text] = Array.isArray(serialized) ? (serialized as unknown[]) : []
    if (typeof name !== 'string' || !Object.hasOwn(ARRAY_TYPES, name) || typeof text !== 'string') {
      throw new TypeError('A typed array on the wire is its type and its base64.')
    }
    const { buffer } = fromBase64(text)
    return new ARRAY_TYPES[name as ArrayType](buffer)
  },
}

/** By name and not by `instanceof`, so that a Buffer is the Uint8Array that it is. */
function arrayType(array: ArrayBufferView): ArrayType | undefined {
  const tag = (array as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? ''
  return Object.hasOwn(ARRAY_TYPES, tag) ? (tag as ArrayType) : undefined
}

const NUMBERS: Readonly<Record<string, number>> = { '+': Infinity, '-': -Infinity, '-0': -0 }

const numbers: WireSerializer = {
  type: 21,
  condition: (value) => value === Infinity || value === -Infinity || Object.is(value, -0),
  serialize: (value) => (value === 0 ? '-0' : (value as number) > 0 ? '+' : '-'),
  deserialize(serialized) {
    const value = typeof serialized === 'string' && Object.hasOwn(NUMBERS, serialized) ? NUMBERS[serialized] : undefined
    if (value === undefined) throw new TypeError('A number on the wire that JSON lacks is one of +, -, -0.')
    return value
  },
}

/** To be given to oRPC at both ends. */
export const wireSerializers: readonly WireSerializer[] = [typedArrays, numbers]
