/**
 * Splittable random streams. A stream is a pure function of its path, e.g. `stream(seed, 'rollout', iteration, task)`,
 * so nothing has to be saved to resume a run and no two purposes ever share numbers.
 *
 * Generator: xoshiro128** 1.1 (Blackman & Vigna, 2018, https://prng.di.unimi.it/xoshiro128starstar.c), seeded by
 * SplitMix32-style mixing of the path.
 */
export interface Stream {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** Uniform integer in [0, n). */
  integer(n: number): number
  /** Fisher-Yates, in place. */
  shuffle<T extends Int32Array | unknown[]>(items: T): T
}

export type StreamPath = readonly (number | string)[]

export function stream(...path: StreamPath): Stream {
  return new Xoshiro128(hashPath(path))
}

/** Finaliser of MurmurHash3 (Appleby): every input bit affects every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Four independent 32-bit words from a path; the kind and length of each element are part of the hash. */
function hashPath(path: StreamPath): Uint32Array {
  const words = Uint32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667)
  const absorb = (value: number) => {
    for (let i = 0; i < 4; i++) words[i] = mix((words[i]! ^ value) + Math.imul(i + 1, 0x9e3779b9)) ^ words[(i + 3) & 3]!
  }
  for (const part of path) {
    if (typeof part === 'number') {
      if (!Number.isSafeInteger(part)) throw new RangeError(`A stream's path holds integers and names; got ${part}`)
      absorb(1)
      absorb(part | 0)
      absorb(Math.floor(part / 2 ** 32) | 0)
    } else {
      absorb(2)
      absorb(part.length)
      for (let i = 0; i < part.length; i++) absorb(part.charCodeAt(i))
    }
  }
  absorb(path.length)
  return words
}

class Xoshiro128 implements Stream {
  private a: number
  private b: number
  private c: number
  private d: number
  private spare = NaN

  constructor(words: Uint32Array) {
    this.a = words[0]!
    this.b = words[1]!
    this.c = words[2]!
    // The all-zero state is the only fixed point.
    this.d = words[0]! | words[1]! | words[2]! | words[3]! ? words[3]! : 1
  }

  private word(): number {
    const r = Math.imul(this.b, 5)
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0
    const t = this.b << 9
    this.c ^= this.a
    this.d ^= this.b
    this.b ^= this.c
    this.a ^= this.d
    this.c ^= t
    this.d = (this.d << 11) | (this.d >>> 21)
    return result
  }

  uniform(): number {
    return ((this.word() >>> 5) * 67108864 + (this.word() >>> 6)) / 9007199254740992
  }

  /** Marsaglia's polar method: two normals from about 1.27 pairs of uniforms, with no trigonometry. */
  normal(): number {
    if (this.spare === this.spare) {
      const value = this.spare
      this.spare = NaN
      return value
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const s = u * u + v * v
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      this.spare = v * scale
      return u * scale
    }
  }

  integer(n: number): number {
    return Math.floor(this.uniform() * n)
  }

  shuffle<T extends Int32Array | unknown[]>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const held = items[i]
      items[i] = items[j] as never
      items[j] = held as never
    }
    return items
  }
}
