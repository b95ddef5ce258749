import { expect, it } from 'vitest'
import { sentence } from '../../../src/core/text/sentence.ts'

it.each([
  ['a value is missing', 'A value is missing.'],
  ['there is no field cots; did you mean cost?', 'There is no field cots; did you mean cost?'],
])('of "%s" is "%s"', (words, said) => {
  expect(sentence(words)).toBe(said)
})
