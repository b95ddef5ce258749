/**
 * numpy's legacy `RandomState(seed)`: MT19937 seeded with `init_genrand` (Matsumoto & Nishimura,
 * http://www.math.sci.hiroshima-u.ac.jp/m-mat/MT/MT2002/CODES/mt19937ar.c). Safety-Gymnasium draws its layouts from
 * it, so a task's seed means the same layout here as there, bit for bit. Everything else uses `stream.ts`.
 */
const STATE_WORDS = 624
const SHIFT = 397

export class RandomState {
  private readonly words = new Uint32Array(STATE_WORDS)
  private used = STATE_WORDS

  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`A seed is an integer from 0 to 4294967295; got ${seed}`)
    }
    const words = this.words
    words[0] = seed
    for (let i = 1; i < STATE_WORDS; i++) {
      const previous = words[i - 1]!
      words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** Takes over the position of another stream. */
  copyFrom(other: RandomState): void {
    this.words.set(other.words)
    this.used = other.used
  }

  /** The next word of the stream, uniform in [0, 2^32). */
  uint32(): number {
    if (this.used === STATE_WORDS) this.refill()
    let y = this.words[this.used++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  /** Uniform in [0, 1) with 53 random bits (`random_sample`). */
  double(): number {
    const high = this.uint32() >>> 5
    const low = this.uint32() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /** `RandomState.uniform(low, high)`, with numpy's order of rounding. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.double()
  }

  private refill(): void {
    const words = this.words
    for (let i = 0; i < STATE_WORDS; i++) {
      const y = (words[i]! & 0x80000000) | (words[i + 1 === STATE_WORDS ? 0 : i + 1]! & 0x7fffffff)
      const far = i + SHIFT
      words[i] = words[far < STATE_WORDS ? far : far - STATE_WORDS]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.used = 0
  }
}
