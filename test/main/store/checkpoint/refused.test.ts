import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/main/store/checkpoint/checkpoint.ts'
import { CheckpointError, encodeSafetensors } from '../../../../src/main/store/checkpoint/safetensors.ts'
import { f32, file, flipped, rehashed, replaced, rewritten } from './fixtures.ts'

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
      () => rewritten(({ metadata }) => (metadata['config'] = '{"schemaVersion":5}')),
      /schemaVersion is 5; allowed: 4/,
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
