import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../../src/core/config/describe.ts'
import { applyAssignments, ConfigError, parseRunConfig } from '../../../src/core/config/parse.ts'

const problemsOf = (...assignments: string[]): string => {
  try {
    parseRunConfig(applyAssignments({}, assignments))
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

/** Paths of the problems. */
function refused(parse: () => unknown): (string | null)[] {
  try {
    parse()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path)
    throw error
  }
  return []
}

describe('parseRunConfig', () => {
  it('fills every default', () => {
    const config = parseRunConfig({})
    expect(config.inner.algorithm).toBe('trpo-lag')
    expect(config.policy.hidden).toEqual([64, 64])
    expect(config.meta.eta.mode).toBe('adaptive')
  })

  it('is idempotent: a resolved configuration parses to itself', () => {
    const config = parseRunConfig(applyAssignments({}, ['meta.eta.cap=1', 'policy.hidden=[32,32]']))
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config)
  })

  it.each([
    ['inner.kll=1', 'inner.kll is not a setting', 'kl,'],
    ['inner.kl=-3', 'inner.kl is -3; allowed:', 'a number > 0, <= 1'],
    ['inner.kl=1e999', 'inner.kl is Infinity', 'a number > 0, <= 1'],
    ['inner.kl=abc', 'inner.kl is "abc"', 'a number > 0, <= 1'],
    ['schemaVersion=5', 'schemaVersion is 5', 'allowed: 4'],
    ['method=meta-train', 'method is "meta-train"', 'one of meta, pre-train'],
    ['inner.algorithm=ppo', 'inner.algorithm is "ppo"', 'trpo-lag, cpo, pcpo, trpo, gradient'],
    ['inner.multiplierRate=1', 'inner.multiplierRate is not a setting', 'multiplier'],
    ['inner.multiplier.update=newton', 'inner.multiplier.update is "newton"', 'one of gradient, adam, pid'],
    ['meta.limitShare=0', 'meta.limitShare is 0', 'a number > 0, <= 1'],
    ['environment.world=mars', 'environment.world is "mars"', 'environment-1'],
    ['policy.hidden=[65]', 'policy.hidden.0 is 65', 'multiples of 8'],
    ['policy.hidden=[4]', 'policy.hidden.0 is 4', 'an integer >= 8'],
    ['seed=1.5', 'seed is 1.5', 'an integer >= 0'],
    ['costLimit=nan', 'costLimit is "nan"', 'number'],
    ['inner=3', 'inner is 3', 'settings: algorithm'],
    ['tasks.heldOutFrom=200', 'overlaps the training seeds', '0..300'],
    ['tasks.trainingFrom=301', 'tasks.trainingFrom is 301', 'at most'],
    ['meta.eta.initial=3', 'meta.eta.initial is 3', 'meta.eta.cap (2)'],
    ['policy.minLogStd=0.5', 'policy.minLogStd is 0.5', 'policy.maxLogStd'],
  ])('refuses %s and names field, value and what is allowed', (assignment, what, allowed) => {
    const message = problemsOf(assignment)
    expect(message).toContain(what)
    expect(message).toContain(allowed)
  })

  it('names every problem at once', () => {
    expect(problemsOf('inner.kl=-3', 'seed=-1').split('\n')).toHaveLength(2)
  })

  it.each([
    [
      ['inner.kll=1', 'inner.klll=1'],
      ['inner.kll', 'inner.klll'],
    ],
    [['policy.hidden=[8,65]'], ['policy.hidden.1']],
    [['tasks.heldOutFrom=200'], ['tasks.heldOutFrom']],
    [
      ['meta.eta.initial=3', 'policy.minLogStd=0.5'],
      ['policy.minLogStd', 'meta.eta.initial'],
    ],
    [
      ['meta.outerRule=maml', 'inner.headRate=0.5'],
      ['meta.outerRule', 'inner.headRate'],
    ],
  ])('tells of the problems of %j which settings they are about', (assignments, paths) => {
    expect(refused(() => parseRunConfig(applyAssignments({}, assignments)))).toEqual(paths)
  })

  it('names no setting where the whole is no configuration', () => {
    expect(refused(() => parseRunConfig(7))).toEqual([null])
    expect(refused(() => applyAssignments({}, ['inner.kl']))).toEqual([null])
  })

  it('refuses an assignment without a value, and cannot reach a prototype', () => {
    expect(() => applyAssignments({}, ['inner.kl'])).toThrow(ConfigError)
    expect(problemsOf('__proto__.polluted=1')).toContain('__proto__')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('describeSettings', () => {
  it('has help, source and bounds for every leaf of the schema', () => {
    const leaves = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key))
        : [path]
    const settings = describeSettings()
    const config = leaves(parseRunConfig({}), '').filter((path) => path !== 'schemaVersion')
    expect(settings.map((setting) => setting.path).sort()).toEqual(config.sort())
    for (const setting of settings) {
      expect(setting.help.length, setting.path).toBeGreaterThan(10)
      expect(setting.source.length, setting.path).toBeGreaterThan(3)
      expect(setting.allowed, setting.path).toMatch(/one of|true or false|an? (number|integer)|a list/)
    }
  })
})
