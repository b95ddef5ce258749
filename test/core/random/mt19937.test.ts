import { describe, expect, it } from 'vitest'
import { RandomState } from '../../../src/core/random/mt19937.ts'
import { readRandomStates } from '../../golden/read.ts'

describe('RandomState', () => {
  it("gives the words of the authors' reference implementation", () => {
    // The C++ standard fixes the 10000th word of mt19937 with its default seed 5489.
    const random = new RandomState(5489)
    expect(random.uint32()).toBe(3499211612)
    for (let i = 2; i < 10000; i++) random.uint32()
    expect(random.uint32()).toBe(4123659995)
  })

  it.each(readRandomStates())("gives numpy's numbers for seed $seed", (golden) => {
    const words = new RandomState(golden.seed)
    expect(golden.uint32.map(() => words.uint32())).toEqual(golden.uint32)
    for (let i = golden.uint32.length; i < 2000; i++) words.uint32()
    expect(golden.uint32After2000.map(() => words.uint32())).toEqual(golden.uint32After2000)
    const doubles = new RandomState(golden.seed)
    expect(golden.randomSample.map(() => doubles.double())).toEqual(golden.randomSample)
    const uniform = new RandomState(golden.seed)
    expect(golden.uniform.map(() => uniform.uniform(-1.5, 2.25))).toEqual(golden.uniform)
  })

  it('continues from the position of another stream', () => {
    const one = new RandomState(7)
    for (let i = 0; i < 1000; i++) one.uint32()
    const other = new RandomState(8)
    other.copyFrom(one)
    const ahead = Array.from({ length: 1000 }, () => one.uint32())
    expect(Array.from({ length: 1000 }, () => other.uint32())).toEqual(ahead)
  })

  it.each([-1, 0.5, 2 ** 32, NaN])('refuses seed %d', (seed) => {
    expect(() => new RandomState(seed)).toThrow(RangeError)
  })
})
