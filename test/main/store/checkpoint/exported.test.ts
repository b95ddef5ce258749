// Exported checkpoint files, as anybody may send them: what is refused, why, and how little memory that takes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CheckpointCard } from '../../../../src/main/store/checkpoint/card.ts'
import {
  cardFacts,
  decodeCheckpointFile,
  encodeCheckpoint,
  encodeWithCard,
} from '../../../../src/main/store/checkpoint/checkpoint.ts'
import {
  CheckpointError,
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
} from '../../../../src/main/store/checkpoint/safetensors.ts'
import { sha256 } from '../../../../src/main/store/sha256.ts'
import type { Checkpoint } from '../../../../src/main/store/store.ts'
import { config, stateAt } from '../samples.ts'

const checkpointWith = (input: object): Checkpoint => ({ config: config(input), state: stateAt(3, config(input)) })

const cardOf = (checkpoint: Checkpoint): CheckpointCard => ({
  format: 'cmaml-card',
  version: 1,
  run: { id: '1abc', name: 'a meta-training' },
  ...cardFacts(checkpoint),
  lineage: [{ run: '1aaa', name: 'pre-training', method: 'pre-train', iteration: 9 }],
  results: { return: 1.5, cost: 2 },
  observation: { size: 44, scaling: checkpoint.config.observationScaling, input: 'text' },
  action: { size: 2, use: 'text' },
  appVersion: '0.0.0-test',
  licence: 'none',
})

const checkpoint = checkpointWith({ observationScaling: 'running' })
const file = encodeWithCard(checkpoint, cardOf(checkpoint))

/** With the hash that fits: nobody can be trusted to leave it wrong. */
function rehashed(bytes: Uint8Array): Uint8Array {
  const zeros = '0'.repeat(64)
  const copy = Buffer.from(bytes)
  const at = copy.indexOf('"sha256":"') + '"sha256":"'.length
  copy.write(zeros, at)
  copy.write(sha256(copy), at)
  return new Uint8Array(copy)
}

function rewritten(change: (content: { tensors: Map<string, Tensor>; metadata: Record<string, string> }) => void) {
  const { tensors, metadata } = decodeSafetensors(file)
  const content = { tensors: new Map(tensors), metadata: { ...metadata } }
  change(content)
  return rehashed(encodeSafetensors(content))
}

const withCard = (change: object) =>
  rewritten(({ metadata }) => {
    metadata['card'] = JSON.stringify({ ...(JSON.parse(metadata['card']!) as object), ...change })
  })

const header = () => {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  return { text: Buffer.from(file).toString('utf8', 8, 8 + length), data: file.subarray(8 + length) }
}

function withHeader(text: string | Uint8Array, data: Uint8Array): Uint8Array {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([length, bytes, data])
}

it('of the program before this one keeps the hash that its card names', () => {
  const { recordEvery, recordTasks, ...before } = config()
  expect(recordEvery + recordTasks).toBeGreaterThan(0)
  const old = { config: { ...before, schemaVersion: 2 }, state: stateAt(3) } as unknown as Checkpoint
  const { checkpoint: read, written, card } = decodeCheckpointFile(encodeWithCard(old, cardOf(old)))
  expect(read).toEqual({ config: config(), state: stateAt(3) })
  expect(sha256(encodeCheckpoint(written))).toBe(card!.sha256)
})

describe('an exported checkpoint', () => {
  it.each(['affine', 'proximity', 'running'])('comes back with its card (%s scaling)', (observationScaling) => {
    const given = checkpointWith({ observationScaling })
    const card = cardOf(given)
    const read = decodeCheckpointFile(encodeWithCard(given, card))
    expect(read).toEqual({ checkpoint: given, written: given, card })
    expect(sha256(encodeCheckpoint(read.checkpoint))).toBe(card.sha256)
  })

  it('holds finite numbers only, and a name for each', () => {
    const { tensors } = decodeSafetensors(file)
    for (const name of ['offset', 'gain', 'limit'])
      expect(tensors.get(`scaling.${name}`)).toMatchObject({ dtype: 'F64', shape: [44] })
    for (const { data } of tensors.values()) expect(data.every(Number.isFinite)).toBe(true)
  })
})

describe('is refused with the reason:', () => {
  const f64 = (values: readonly number[]): Tensor => ({
    dtype: 'F64',
    shape: [values.length],
    data: Float64Array.from(values),
  })
  const twice = () => {
    const { text, data } = header()
    return withHeader(
      `{"policy.logStd":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},${text.trimEnd().slice(1)}`,
      data,
    )
  }
  it.each<[string, () => Uint8Array, RegExp]>([
    ['a card that is no JSON', () => rewritten(({ metadata }) => (metadata['card'] = '{')), /card is not JSON/],
    ['an empty card', () => rewritten(({ metadata }) => (metadata['card'] = '{}')), /card cannot be used: its format/],
    ['a newer card', () => withCard({ version: 2 }), /its version: /],
    ['a card with more', () => withCard({ path: '/etc/passwd' }), /card cannot be used: .*path/],
    ['a name that a terminal obeys', () => withCard({ run: { id: 'x', name: '\u001B[2J' } }), /cannot be shown/],
    ['a name without end', () => withCard({ run: { id: 'x', name: 'x'.repeat(501) } }), /its run\.name: /],
    ['results that are no numbers', () => withCard({ results: { return: null, cost: 1 } }), /its results\.return: /],
    ['the hash of another', () => withCard({ sha256: 'a'.repeat(64) }), /another checkpoint: it has another sha256/],
    ['another iteration', () => withCard({ iteration: 4 }), /another checkpoint: it has another iteration/],
    ['another world', () => withCard({ world: 'point-goal-1' }), /it has another world/],
    [
      'coefficients of another scaling',
      () => rewritten(({ tensors }) => tensors.set('scaling.gain', f64(Array<number>(44).fill(1)))),
      /"scaling\.gain" is not what the configuration and the statistics say/,
    ],
    [
      'NaN as a coefficient',
      () => rewritten(({ tensors }) => tensors.set('scaling.offset', f64(Array<number>(44).fill(NaN)))),
      /"scaling\.offset" is not what/,
    ],
    [
      'no coefficients',
      () => rewritten(({ tensors }) => tensors.delete('scaling.limit')),
      /"scaling\.limit" is not what/,
    ],
    [
      'one more coefficient',
      () => rewritten(({ tensors }) => tensors.set('scaling.x', f64([]))),
      /"scaling\.x" is not part/,
    ],
    [
      'an infinite weight',
      () =>
        rewritten(({ tensors }) =>
          tensors.set('policy.logStd', { dtype: 'F32', shape: [2], data: Float32Array.of(0, -Infinity) }),
        ),
      /policy\.logStd\[1\] is -Infinity/,
    ],
    [
      'no statistics under running scaling',
      () => rewritten(({ tensors }) => tensors.set('observations.mean', f64([]))),
      /"observations\.mean" is F64 \[0\], expected F64 \[44\]/,
    ],
    [
      'a path as a name',
      () => rewritten(({ tensors }) => tensors.set('../../.ssh/authorized_keys', f64([]))),
      /is not part of a checkpoint/,
    ],
    [
      'coefficients without a card',
      () => rewritten(({ metadata }) => delete metadata['card']),
      /not part of a checkpoint/,
    ],
    ['a key that comes twice', () => rehashed(twice()), /names a key twice/],
    [
      'a header that is not UTF-8',
      () =>
        withHeader(Buffer.concat([Buffer.from('{"'), Buffer.of(0xff, 0xfe), Buffer.from('":1}')]), new Uint8Array()),
      /header is not JSON/,
    ],
    [
      'a header with a byte order mark',
      () => withHeader(`\uFEFF${header().text}`, header().data),
      /header is not JSON/,
    ],
    [
      'a header over the limit',
      () => withHeader(' '.repeat(2 ** 20 + 1), new Uint8Array()),
      /at most 1048576 are allowed/,
    ],
  ])('%s', (_, make, reason) => {
    const bytes = make()
    expect(() => decodeCheckpointFile(bytes)).toThrow(CheckpointError)
    expect(() => decodeCheckpointFile(bytes)).toThrow(reason)
  })
})

describe('memory', () => {
  /** Bytes of buffers that are alive or not yet collected: what a parse has asked for since. */
  const buffers = () => process.memoryUsage().arrayBuffers

  it('is not taken for what a header claims: thousands of tensors over the same bytes', () => {
    const data = new Uint8Array(8 * 2 ** 20)
    const entry = { dtype: 'F64', shape: [data.length / 8], data_offsets: [0, data.length] }
    const claims = Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [`t${i}`, entry]))
    const bytes = withHeader(JSON.stringify(claims), data)
    const before = buffers()
    expect(() => decodeSafetensors(bytes)).toThrow(/tensors overlap or leave gaps/)
    expect(buffers() - before).toBeLessThan(4 * 2 ** 20)
  })

  it('is not taken for what a configuration claims: networks of millions of weights', () => {
    const hidden = [1024, 1024, 1024, 1024]
    const bytes = rewritten(({ metadata }) => {
      const whole = JSON.parse(metadata['config']!) as { policy: object }
      metadata['config'] = JSON.stringify({ ...whole, policy: { ...whole.policy, hidden } })
    })
    const before = buffers()
    expect(() => decodeCheckpointFile(bytes)).toThrow(/"policy.hidden0.kernel" is F32 \[44, 8\]/)
    expect(buffers() - before).toBeLessThan(4 * 2 ** 20)
  })
})

describe('fuzzing', () => {
  /** Bytes overwritten, cut out, repeated, swapped and added. */
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: fc.nat(), value: fc.nat(255) }),
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(4000), value: fc.nat(7) }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.nat(64) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), value: fc.nat(64) }),
    fc.record({ kind: fc.constant('truncate' as const), at: fc.nat(), value: fc.constant(0) }),
    fc.record({ kind: fc.constant('length' as const), at: fc.nat(7), value: fc.nat(255) }),
  )

  it('finds no change of a valid file that crashes, or is accepted as something else', () => {
    const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), fc.boolean(), (mutations, fix) => {
      let bytes = Buffer.from(file)
      for (const { kind, at, value } of mutations) {
        const position = bytes.length === 0 ? 0 : at % bytes.length
        if (kind === 'set' || kind === 'length') bytes[position] = value
        if (kind === 'flip') bytes[position]! ^= 1 << value
        if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, position), bytes.subarray(position + value)])
        if (kind === 'repeat') bytes = Buffer.concat([bytes.subarray(0, position + value), bytes.subarray(position)])
        if (kind === 'truncate') bytes = bytes.subarray(0, position)
      }
      const given = fix && bytes.includes('"sha256":"') ? rehashed(bytes) : new Uint8Array(bytes)
      try {
        const { checkpoint: read, card } = decodeCheckpointFile(given)
        // With a hash that fits, what is left is a whole checkpoint whose card, if it has one, is its own.
        expect(read.state.theta.every(Number.isFinite)).toBe(true)
        if (card !== null) expect(card.sha256).toBe(sha256(encodeCheckpoint(read)))
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError)
      }
    })
    fc.assert(property, { numRuns: 1000 })
  })

  it('finds no card that crashes the parser', () => {
    const keys = ['format', 'version', 'run', 'iteration', 'lineage', 'results', 'sha256', '__proto__', 'licence']
    const property = fc.property(fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()), (change) => {
      try {
        expect(decodeCheckpointFile(withCard(change)).card).not.toBeNull()
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError)
      }
    })
    fc.assert(property, { numRuns: 200 })
  })
})
