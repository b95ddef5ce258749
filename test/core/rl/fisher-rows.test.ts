import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strideAcrossEpisodes } from '../../../src/core/rl/fisher-rows.ts'

describe('strideAcrossEpisodes', () => {
  it('keeps a stride that fits and takes the next one otherwise', () => {
    expect(strideAcrossEpisodes(4, 5)).toBe(4)
    expect(strideAcrossEpisodes(4, 10)).toBe(7)
    expect(strideAcrossEpisodes(1, 10)).toBe(1)
    expect(strideAcrossEpisodes(3, 1)).toBe(3)
  })

  it('meets every episode of rows that come in turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 60 }), (stride, episodes) => {
        const chosen = strideAcrossEpisodes(stride, episodes)
        const met = new Set(Array.from({ length: episodes }, (_, i) => (i * chosen) % episodes))
        expect(met.size).toBe(episodes)
      }),
    )
  })
})
