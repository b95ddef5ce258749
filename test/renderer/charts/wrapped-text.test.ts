import { expect, it } from 'vitest'
import { ruler, wrap } from '../../../src/renderer/charts/wrapped-text.ts'

it('parts lines at words, which stay whole, and begins none with a space', () => {
  const text = '95 % percentile of 10,000 bootstrap resamples of whole runs\nN = 3\u00a0seeds'
  const lines = wrap(text, 20, (words) => words.length)
  expect(lines).toEqual(['95 % percentile of', '10,000 bootstrap', 'resamples of whole', 'runs', 'N = 3\u00a0seeds'])
  expect(wrap('unbreakable', 3, (words) => words.length)).toEqual(['unbreakable'])
})

it('measures with the font', () => {
  expect(ruler('22px sans-serif')('words')).toBeCloseTo(2 * ruler('11px sans-serif')('words'))
})
