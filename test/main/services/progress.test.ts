import { describe, expect, it } from 'vitest'
import { trackProgress } from '../../../src/main/services/progress.ts'

describe('trackProgress', () => {
  it('counts from where a resumed run stands and estimates from what it sees', () => {
    let time = 100
    const count = trackProgress(10, 20, () => time)
    time += 2
    expect(count()).toEqual({ done: 11, total: 20, rate: 0.5, remaining: 18 })
    time += 2
    expect(count()).toEqual({ done: 12, total: 20, rate: 0.5, remaining: 16 })
    time += 12
    // Seconds per unit go from 2 to 2 + .2 (12 - 2) = 4.
    expect(count()).toEqual({ done: 13, total: 20, rate: 0.25, remaining: 28 })
  })
})
