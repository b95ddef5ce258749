import { describe, expect, it } from 'vitest'
import { resolveConfiguration } from '../../../src/main/services/configuration.ts'

const resolve = (...assignments: string[]) => resolveConfiguration({ settings: {} }, assignments)

describe('advice about a setting', () => {
  it.each([
    ['meta.itrations=3', 'Did you mean "meta.iterations"?'],
    ['mta.kl=0.1', 'Did you mean "meta"?'],
    ['costlimit=3', 'Did you mean "costLimit"?'],
    ['costLimit=Infinity', 'is "Infinity"; allowed: a number >= 0, <= 10000; for no limit use inner.algorithm=trpo or'],
    ['costLimit=1e999', '; for no limit use inner.algorithm=trpo or the preset maml'],
    ['policy.hidden=8,8', '; e.g. policy.hidden=[64,64]'],
  ])('%s: %s', (assignment, advice) => {
    expect(() => resolve(assignment)).toThrow(advice)
  })

  it.each([
    ['preTraining.lambda.signal=critic', /signal is not a setting; allowed here: mode, initial, [^?]*$/],
    ['costLimit=-1', /^costLimit is -1; allowed: a number >= 0, <= 10000$/],
    ['policy.hidden=[9]', /^policy\.hidden\.0 is 9; allowed: widths are multiples of 8$/],
  ])('%s gets none that would mislead', (assignment, message) => {
    expect(() => resolve(assignment)).toThrow(message)
  })
})
