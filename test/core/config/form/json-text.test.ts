import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonObject } from '../../../../src/core/config/form/json-text.ts'

describe('readJsonObject', () => {
  it('knows on which line a setting stands, else its section', () => {
    const read = readJsonObject('{\n  "seed": 1,\n  "inner": {\n    "kl": 0.1,\n    "hidden": [1,\n 2]\n  }\n}')
    if (!('value' in read)) throw new Error(read.problem)
    expect(read.value).toEqual({ seed: 1, inner: { kl: 0.1, hidden: [1, 2] } })
    expect([
      read.lineOf('seed'),
      read.lineOf('inner.kl'),
      read.lineOf('inner.hidden.1'),
      read.lineOf('inner.other'),
      read.lineOf('meta.kl'),
    ]).toEqual([2, 4, 6, 3, 1])
  })

  it.each([
    ['{\n "seed": 1\n "method": "meta"\n}', 3, 'followed by “,”'],
    ['{\n "seed": 1,\n}', 3, 'name in "quotes"'],
    ['{\n "seed" 1\n}', 2, 'followed by “:”'],
    ['{\n\n "seed": ,}', 3, 'seed has no value'],
    ['{\n "seed": 01\n}', 2, '01 is not a JSON value'],
    ['{\n "seed": 1,\n "seed": 2\n}', 3, 'a second time'],
    ['{\n "inner": {\n "kl": 1', 2, 'never closed'],
    ['{}\n}', 2, 'nothing should follow'],
    ['[1]', 1, 'not an object'],
    ['', 1, 'no value'],
  ])('%j is broken on line %i', (text, line, problem) => {
    const read = readJsonObject(text)
    if ('value' in read) throw new Error('it was read')
    expect(read.line).toBe(line)
    expect(read.problem).toContain(problem)
  })

  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const read = readJsonObject(text)
        expect('value' in read && read.value).toEqual(JSON.parse(text))
      }),
    )
  })

  it('accepts nothing that JSON.parse refuses, and never throws', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[{}[\]",:0-9a-z \n.-]*$/), (text) => {
        if ('value' in readJsonObject(text)) expect(JSON.parse(text)).toBeDefined()
      }),
      { numRuns: 2000 },
    )
  })
})
