import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { migrateConfig } from '../../../src/core/config/migrate.ts'
import { ConfigError, parseRunConfig } from '../../../src/core/config/parse.ts'
import { configOfVersion1 } from '../../golden/version-1.ts'

type Path = readonly string[]

/** The leaves of a configuration; lists are leaves. */
function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...path, key]))
}

const at = (config: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], config)

function withValue(config: unknown, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(config)
  ;(at(copy, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1)!] = value
  return copy
}

const MOVED: Readonly<Record<string, Path>> = {
  'inner.multiplierRate': ['inner', 'multiplier', 'rate'],
  'inner.multiplierCap': ['inner', 'multiplier', 'cap'],
  'inner.multiplierViolationCap': ['inner', 'multiplier', 'violationCap'],
}
const placeToday = (path: Path): Path => MOVED[path.join('.')] ?? path

const version1 = configOfVersion1()
const settings = leavesOf(version1).filter((path) => path.join('.') !== 'schemaVersion')

describe('a configuration of version 1', () => {
  it('becomes a complete one of today', () => {
    const migrated = migrateConfig(version1)
    expect(parseRunConfig(migrated)).toEqual(migrated)
  })

  it('does what it did: what version 1 had no setting for is as it was', () => {
    const config = parseRunConfig(migrateConfig(version1))
    expect(config).toMatchObject({
      method: 'meta',
      inner: { algorithm: 'trpo-lag', trunkRate: 1, headRate: 1, multiplier: { update: 'gradient' } },
      meta: {
        ...{ outerRule: 'fomaml', optimiser: 'natural', limitShare: 1, critic: 'regression' },
        lambda: { mode: 'adaptive', update: 'gradient', signal: 'rollout' },
        eta: { mode: 'adaptive', update: 'gradient', signal: 'rollout' },
      },
      fineTune: { algorithm: 'inner', carryMultiplier: false },
    })
  })

  it('keeps the value of every setting', () => {
    expect(settings).toHaveLength(71)
    const value = fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.boolean(), fc.array(fc.integer()))
    const values = fc.array(value, { minLength: settings.length, maxLength: settings.length })
    const property = fc.property(values, (drawn) => {
      const config = settings.reduce((changed, path, i) => withValue(changed, path, drawn[i]), version1)
      const before = structuredClone(config)
      const migrated = migrateConfig(config)
      settings.forEach((path, i) => expect(at(migrated, placeToday(path)), path.join('.')).toEqual(drawn[i]))
      expect(config).toEqual(before)
    })
    fc.assert(property, { numRuns: 50 })
  })

  it('leaves no setting where it was, if it moved', () => {
    const places = new Set(leavesOf(migrateConfig(version1)).map((path) => path.join('.')))
    for (const name of Object.keys(MOVED)) expect(places).not.toContain(name)
  })

  it('with a gap has it still: no default of today fills it', () => {
    for (const path of settings) {
      const copy = structuredClone(version1)
      delete (at(copy, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1)!]
      const migrated = migrateConfig(copy)
      const place = placeToday(path)
      expect(at(migrated, place.slice(0, -1)), path.join('.')).not.toHaveProperty(place.at(-1)!)
      expect(parseRunConfig(migrated), path.join('.')).not.toEqual(migrated)
    }
  })

  it('with an unknown setting is refused by name', () => {
    const parse = () => parseRunConfig(migrateConfig(withValue(version1, ['inner', 'speed'], 9)))
    expect(parse).toThrow(ConfigError)
    expect(parse).toThrow(/inner\.speed is not a setting/)
  })
})

it('a configuration of version 2 is complete, and records nothing', () => {
  const { recordEvery, recordTasks, engine, ...rest } = parseRunConfig({ seed: 7, inner: { kl: 0.02 } })
  expect([recordEvery, recordTasks, engine]).toEqual([0, 2, 'auto'])
  const migrated = migrateConfig({ ...rest, schemaVersion: 2 })
  expect(migrated).toEqual(parseRunConfig({ seed: 7, inner: { kl: 0.02 }, engine: 'simd' }))
})

it('a configuration of version 3 was computed by the one engine that there was, whatever is the default today', () => {
  const { engine, ...rest } = parseRunConfig({ seed: 7, recordEvery: 5 })
  expect(engine).toBe('auto')
  const migrated = migrateConfig({ ...rest, schemaVersion: 3 })
  expect(migrated).toEqual(parseRunConfig({ seed: 7, recordEvery: 5, engine: 'simd' }))
})

describe('migrateConfig', () => {
  it('returns a configuration of today as it is', () => {
    const config = parseRunConfig({ seed: 7, method: 'pre-train' })
    expect(migrateConfig(config)).toBe(config)
  })

  it('leaves everything else to the schema', () => {
    for (const input of [null, 3, 'text', [1], {}, { schemaVersion: 5 }]) expect(migrateConfig(input)).toBe(input)
    for (const schemaVersion of ['1', 'constructor', '__proto__', [1], null, 1.5]) {
      const input = { schemaVersion }
      expect(migrateConfig(input)).toBe(input)
      expect(() => parseRunConfig(input)).toThrow(/schemaVersion is .*; allowed: 4/)
    }
  })

  it('gives anything that claims to be of version 1 a shape that can be judged', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('inner', 'meta', 'fineTune', 'seed'), fc.jsonValue()), (sections) => {
        const migrated = migrateConfig({ ...sections, schemaVersion: 1 }) as Record<string, unknown>
        expect(migrated['schemaVersion']).toBe(4)
        try {
          expect(parseRunConfig(migrated)).not.toEqual(migrated)
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
        }
      }),
      { numRuns: 200 },
    )
  })
})
