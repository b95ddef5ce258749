import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../../../src/core/config/form/fields.ts'
import { fieldOfProblem, problemsByField, validate } from '../../../../src/core/config/form/problems.ts'
import { readSeeds } from '../../../../src/core/config/form/seeds.ts'
import {
  changedSettings,
  nearestConfig,
  settingValue,
  withoutDefaults,
  withSetting,
} from '../../../../src/core/config/form/values.ts'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'

describe('settings', () => {
  it('only what differs from the defaults is written, and emptied sections go', () => {
    const changed = withSetting(withSetting({}, 'meta.eta.cap', 1), 'inner.kl', 0.04)
    expect(changed).toEqual({ meta: { eta: { cap: 1 } }, inner: { kl: 0.04 } })
    expect(withSetting(changed, 'meta.eta.cap', 2)).toEqual({ inner: { kl: 0.04 } })
    expect(withSetting({ policy: { hidden: [8] } }, 'policy.hidden', [64, 64])).toEqual({})
    expect(settingValue(changed, 'meta.eta.cap')).toBe(1)
    expect(settingValue({}, 'meta.eta.cap')).toBe(2)
  })

  it('the same setting keeps its place, and nothing given is changed', () => {
    const before = { inner: { kl: 0.04, steps: 2 }, seed: 3 }
    expect(JSON.stringify(withSetting(before, 'inner.kl', 0.05))).toBe('{"inner":{"kl":0.05,"steps":2},"seed":3}')
    expect(before).toEqual({ inner: { kl: 0.04, steps: 2 }, seed: 3 })
  })

  it('what is written says the same as the whole configuration', () => {
    const config = parseRunConfig({ inner: { algorithm: 'cpo' }, policy: { hidden: [8] }, costLimit: 0 })
    const written = withoutDefaults(config)
    expect(written).toEqual({ costLimit: 0, policy: { hidden: [8] }, inner: { algorithm: 'cpo' } })
    expect(parseRunConfig(written)).toEqual(config)
    expect(withoutDefaults(parseRunConfig({}))).toEqual({})
  })

  it('changes are named with both values, in the order of the form', () => {
    const against = { inner: { kl: 0.04 } }
    expect(changedSettings({ fineTune: { tasks: 0 }, costLimit: 10, inner: { kl: 0.04 } }, against)).toEqual([
      { path: 'costLimit', from: 5, to: 10 },
      { path: 'fineTune.tasks', from: 20, to: 0 },
    ])
    expect(changedSettings({}, against)).toEqual([{ path: 'inner.kl', from: 0.04, to: 0.08 }])
    expect(changedSettings(against, against)).toEqual([])
  })

  it('wrong settings count as their defaults where something else is to be judged', () => {
    const config = nearestConfig({ inner: { algorithm: 'cpo', kl: 'abc' }, policy: 3 })
    expect(config.inner.algorithm).toBe('cpo')
    expect(config).toEqual(parseRunConfig({ inner: { algorithm: 'cpo' } }))
  })
})

describe('validate', () => {
  it.each([
    [{ inner: { kl: -3 } }, 'inner.kl', 'inner.kl'],
    [{ inner: { kl: '' } }, 'inner.kl', 'inner.kl'],
    [{ policy: { hidden: [65] } }, 'policy.hidden.0', 'policy.hidden'],
    [{ policy: { hidden: [] } }, 'policy.hidden', 'policy.hidden'],
    [{ inner: { kll: 1 } }, 'inner.kll', undefined],
    [{ inner: 3 }, 'inner', undefined],
    [{ tasks: { heldOutFrom: 200 } }, 'tasks.heldOutFrom', 'tasks.heldOutFrom'],
    [{ meta: { eta: { initial: 3 } } }, 'meta.eta.initial', 'meta.eta.initial'],
    [{ meta: { outerRule: 'maml' } }, 'meta.outerRule', 'meta.outerRule'],
    [
      { meta: { outerRule: 'maml' }, inner: { algorithm: 'gradient', trunkRate: 0 } },
      'inner.trunkRate',
      'inner.trunkRate',
    ],
    [{ nonsense: 1 }, 'nonsense', undefined],
  ])('%j is a problem of %s', (settings, path, field) => {
    const [problem, ...others] = validate(settings)
    expect(others).toEqual([])
    expect(problem?.path).toBe(path)
    expect(problem?.message).toContain(path)
    expect(fieldOfProblem(path)).toBe(field)
  })

  it('finds nothing wrong with the defaults, and every problem at once', () => {
    expect(validate({})).toEqual([])
    const byField = problemsByField(validate({ seed: -1, inner: { kl: 2, kll: 1 } }))
    expect([...byField.keys()].sort()).toEqual(['', 'inner.kl', 'seed'])
  })

  it('a path that a field cannot take always has a problem there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), (field) => {
        const settings = withSetting({}, field.path, { not: 'a value' })
        const [problem] = validate(settings)
        expect(fieldOfProblem(problem?.path ?? null)).toBe(field.path)
      }),
    )
  })
})

describe('readSeeds', () => {
  it.each([
    ['1', [1]],
    ['1..3', [1, 2, 3]],
    ['7, 1 .. 2,7', [7, 1, 2]],
  ])('%s', (text, seeds) => expect(readSeeds(text)).toEqual({ seeds }))

  it.each(['', 'a', '3..1', '1..1000000000', '0..99,200', '-1', '1.5', '4294967296'])('refuses "%s"', (text) => {
    expect(readSeeds(text)).toHaveProperty('problem')
  })
})
