import { describe, expect, it } from 'vitest'
import { nearMiss } from '../../../src/core/text/near-miss.ts'

describe('nearMiss', () => {
  it.each([
    ['quikstart', 'quickstart'],
    ['enviroment-1', 'environment-1'],
    ['meta.iterations', 'meta.iterations'],
    ['evnironment-2', 'environment-2'],
    ['banana', undefined],
  ])('%s', (word, expected) => {
    expect(nearMiss(word, ['quickstart', 'environment-1', 'environment-2', 'meta.iterations'])).toBe(expected)
  })
})
