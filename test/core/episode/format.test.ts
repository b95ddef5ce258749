import fc from 'fast-check'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readColumn, writeColumn } from '../../../src/core/episode/columns.ts'
import type { Episode } from '../../../src/core/episode/episode.ts'
import { decodeEpisode, encodeEpisode, EpisodeFormatError } from '../../../src/core/episode/format.ts'
import { bitsOf, driveIntoVases } from './episodes.ts'

const { episode } = driveIntoVases({ options: { horizon: 120 } })
const bytes = encodeEpisode(episode)
const headerLength = () => new DataView(bytes.buffer).getUint32(0, true)

/** The same bytes with another header. */
function withHeader(change: (header: Record<string, unknown>) => void): Uint8Array {
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + headerLength()))) as Record<string, unknown>
  change(header)
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, bytes.subarray(4 + headerLength())])
}

describe('an encoded episode', () => {
  it.each([
    ['fast physics', {}],
    ['MuJoCo for every substep, where all vases creep', { physics: 'reference' }],
    ['a goal that ends the episode', { goalRule: 'end' }],
  ] as const)('comes back bit for bit: %s', (_, options) => {
    const driven = driveIntoVases({ options: { horizon: 150, ...options } }).episode
    expect(bitsOf(decodeEpisode(encodeEpisode(driven)))).toEqual(bitsOf(driven))
  })

  it('comes back bit for bit whatever its numbers are', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
    const single = fc.float({ noNaN: true, noDefaultInfinity: true })
    const list = (of: fc.Arbitrary<number>, length: number) => fc.array(of, { minLength: length, maxLength: length })
    const numbers = fc.integer({ min: 1, max: 6 }).chain((length) =>
      fc.record({
        robot: list(finite, 3 * (length + 1)),
        velocity: list(finite, 3 * (length + 1)),
        vases: list(finite, 70 * (length + 1)),
        sensors: list(finite, 12 * (length + 1)),
        goal: list(finite, 2 * (length + 1)),
        actions: list(single, 2 * length),
        rewards: list(finite, length),
        flags: list(fc.nat(31), length),
      }),
    )
    fc.assert(
      fc.property(numbers, ({ flags, actions, robot, velocity, vases, sensors, goal, rewards }) => {
        const any: Episode = {
          ...episode,
          length: flags.length,
          robot: Float64Array.from(robot),
          velocity: Float64Array.from(velocity),
          vases: Float64Array.from(vases),
          sensors: Float64Array.from(sensors),
          goal: Float64Array.from(goal),
          rewards: Float64Array.from(rewards),
          actions: Float32Array.from(actions),
          costs: Float64Array.from(flags, (flag) => flag >> 4),
          costParts: Uint8Array.from(flags, (flag) => flag & 7),
          goalReached: Uint8Array.from(flags, (flag) => (flag >> 3) & 1),
        }
        expect(bitsOf(decodeEpisode(encodeEpisode(any)))).toEqual(bitsOf(any))
      }),
      { numRuns: 100 },
    )
  })

  it('takes nothing for vases that stay where they are', () => {
    const still = { ...episode, vases: episode.vases.slice() }
    for (let row = 1; row <= episode.length; row++) still.vases.copyWithin(70 * row, 0, 70)
    const moved = { ...still, vases: still.vases.slice() }
    moved.vases[70 * episode.length] = moved.vases[0]! + 0.01
    expect(encodeEpisode(moved).length - encodeEpisode(still).length).toBeGreaterThanOrEqual(
      7 * 8 * (episode.length + 1),
    )
    expect(decodeEpisode(encodeEpisode(still)).vases).toEqual(still.vases)
  })

  it.each(['fast', 'reference'] as const)(
    'takes at most 100 kB for 1,000 steps of a robot that pushes vases about: %s physics',
    (physics) => {
      const long = driveIntoVases({ options: { horizon: 1000, physics } }).episode
      expect(long.costParts.filter((parts) => parts !== 0).length).toBeGreaterThan(100)
      expect(deflateRawSync(encodeEpisode(long)).length).toBeLessThan(100_000)
    },
  )

  it('is refused before it is written where it could not be read again', () => {
    const nan = { ...episode, rewards: episode.rewards.with(3, NaN) }
    expect(() => encodeEpisode(nan)).toThrow(/rewards has a number that is not finite/)
    expect(() => encodeEpisode({ ...episode, goal: episode.goal.slice(1) })).toThrow(
      /120 steps need 242 numbers of goal/,
    )
    expect(() => encodeEpisode({ ...episode, costs: episode.costs.with(0, 0.5) })).toThrow(/step 1 has unknown flags/)
  })
})

describe('bytes from anybody', () => {
  it.each<[what: string, content: () => Uint8Array, reason: RegExp]>([
    ['nothing', () => new Uint8Array(0), /ends before its header/],
    ['a header without end', () => Buffer.from('ffffff7f', 'hex'), /its header claims 2147483647 bytes/],
    ['a header that is cut off', () => bytes.subarray(0, 40), /ends within its header/],
    ['a header of other bytes', () => Buffer.from([2, 0, 0, 0, 0xff, 0xfe]), /its header is no JSON/],
    ['a header of another kind', () => Buffer.from([1, 0, 0, 0, 55]), /its header is wrong/],
    ['one byte less', () => bytes.subarray(0, -1), /120 steps take \d+ bytes, it has \d+/],
    ['one byte more', () => Buffer.concat([bytes, Buffer.alloc(1)]), /120 steps take \d+ bytes/],
    ['more steps than it has', () => withHeader((header) => (header['length'] = 10_000)), /10000 steps take \d+ bytes/],
    ['more steps than any horizon', () => withHeader((header) => (header['length'] = 1e9)), /its header is wrong/],
    ['no steps', () => withHeader((header) => (header['length'] = 0)), /its header is wrong/],
    [
      'a moved vase that is not there',
      () => withHeader((header) => (header['moved'] = [10])),
      /no ascending list of vases/,
    ],
    ['a vase that moves twice', () => withHeader((header) => (header['moved'] = [1, 1])), /no ascending list of vases/],
    [
      'fewer objects than the world has',
      () => withHeader((header) => ((header['layout'] as { hazards: unknown[] }).hazards = [])),
      /the layout has 0 of 10 objects \(hazard\)/,
    ],
    ['a field that nobody knows', () => withHeader((header) => (header['__proto_'] = 1)), /[Uu]nrecognized key/],
  ])('are refused with the reason: %s', (_, content, reason) => {
    expect(() => decodeEpisode(content())).toThrow(reason)
    expect(() => decodeEpisode(content())).toThrow(EpisodeFormatError)
  })

  it('give an episode of finite numbers or are refused, whatever is changed in them', () => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = Uint8Array.from(bytes)
        for (const { at, to } of changes) changed[at] = to
        try {
          const { robot, rewards, length } = decodeEpisode(changed)
          expect(robot).toHaveLength(3 * (length + 1))
          expect(robot.every(Number.isFinite) && rewards.every(Number.isFinite)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(EpisodeFormatError)
        }
      }),
      { numRuns: 300 },
    )
  })
})

it('a column comes back whatever was predicted', () => {
  const any = fc.double()
  fc.assert(
    fc.property(fc.array(fc.tuple(any, any), { minLength: 1, maxLength: 30 }), (rows) => {
      // One bit pattern of NaN is as good as another.
      const values = Float64Array.from(rows, ([value]) => value)
      const column = { values, offset: 0, stride: 1 }
      const written = new Uint8Array(8 * rows.length)
      writeColumn(column, rows.length, (row) => rows[row]![1], { bytes: written, at: 0 })
      const read = new Float64Array(rows.length)
      readColumn({ ...column, values: read }, rows.length, (row) => rows[row]![1], { bytes: written, at: 0 })
      expect([...read]).toEqual([...values])
    }),
  )
})
