import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../../../src/core/config/describe.ts'
import { fieldAt, FIELDS, SECTIONS } from '../../../../src/core/config/form/fields.ts'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'

describe('the form’s fields', () => {
  it('are every setting, in the order of the schema within each section', () => {
    const paths = describeSettings().map(({ path }) => path)
    expect(FIELDS.map(({ path }) => path).sort()).toEqual(paths.sort())
  })

  it.each(FIELDS.map((field) => [field.path, field] as const))(
    '%s says what it is and where it comes from',
    (_, field) => {
      expect(field.help).toMatch(/\.$/)
      expect(field.source.length).toBeGreaterThan(3)
      expect(field.label).toMatch(/^[A-Z]/)
      expect(field.default).toBeDefined()
      expect(field.allowed).not.toBe('')
    },
  )

  it('have labels that tell them apart within their section, and every section has a title', () => {
    for (const { path, title, fields } of SECTIONS) {
      expect(new Set(fields.map(({ label }) => label)).size, path).toBe(fields.length)
      expect(title).not.toBe('')
    }
    expect(new Set(SECTIONS.map(({ title }) => title)).size).toBe(SECTIONS.length)
  })

  it('know bounds, and whether the ends are allowed', () => {
    expect(fieldAt('inner.kl')?.type).toEqual({
      kind: 'number',
      bounds: { min: 0, max: 1, exclusiveMin: true, exclusiveMax: false },
    })
    expect(fieldAt('inner.multiplier.smoothing')?.type).toEqual({
      kind: 'number',
      bounds: { min: 0, max: 1, exclusiveMin: false, exclusiveMax: true },
    })
    expect(fieldAt('policy.hidden')?.type).toEqual({
      kind: 'list',
      bounds: { min: 8, max: 1024, exclusiveMin: false, exclusiveMax: false },
    })
    expect(fieldAt('environment.vasesConstrained')?.type).toEqual({ kind: 'flag' })
  })

  it('have bounds that the schema agrees with', () => {
    const accepts = (path: string, value: number): boolean => {
      try {
        parseRunConfig(path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value))
        return true
      } catch (error) {
        // Two settings that do not go together are no matter of bounds.
        return !(error as Error).message.includes(`${path} is ${value}; allowed`)
      }
    }
    for (const { path, type } of FIELDS) {
      if (type.kind !== 'integer' && type.kind !== 'number') continue
      const { min, max, exclusiveMin, exclusiveMax } = type.bounds
      expect(min, path).toBeDefined()
      expect(max, path).toBeDefined()
      expect(accepts(path, min!), `${path} = ${min}`).toBe(!exclusiveMin)
      expect(accepts(path, max!), `${path} = ${max}`).toBe(!exclusiveMax)
      expect(accepts(path, min! - 1)).toBe(false)
      expect(accepts(path, max! + 1)).toBe(false)
    }
  })

  it('list the choices', () => {
    expect(fieldAt('inner.algorithm')?.type).toEqual({
      kind: 'choice',
      options: ['trpo-lag', 'cpo', 'pcpo', 'trpo', 'gradient'],
    })
  })
})
