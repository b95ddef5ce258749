import { describe, expect, test } from 'vitest'
import { complete, completed, vocabularyOf } from '../../../src/renderer/runs/completion.ts'
import { row } from './run-rows.ts'

const vocabulary = vocabularyOf(
  [row({ algorithm: 'cpo', tags: ['paper'] }), row({ algorithm: 'pcpo', tags: ['pilot', 'paper'], world: 'my world' })],
  ['inner.kl', 'meta.iterations'],
)
/** With the caret at the bar. */
function offered(text: string) {
  const caret = text.indexOf('|')
  return complete(text.replace('|', ''), caret, vocabulary)
}
const inserts = (text: string) => offered(text).options.map(({ insert }) => insert)

describe('offers', () => {
  test('fields that begin so, whatever comes before them', () => {
    expect(inserts('seed:1 -be|')).toEqual(['bestReturn', 'bestCost'])
    expect(inserts('al|')).toEqual(['algo:'])
    expect(inserts('is:p|')).toEqual(['is:pinned'])
  })

  test('the field of notes, without values', () => {
    expect(complete('not', 3, vocabulary).options.map(({ insert }) => insert)).toEqual(['note:'])
    expect(complete('note:', 5, vocabulary).options).toEqual([])
  })

  test('values that runs have, and words that a field knows', () => {
    expect(inserts('algo:|')).toEqual(['algo:cpo', 'algo:pcpo'])
    expect(inserts('-TAG=pi|')).toEqual(['TAG=pilot'])
    expect(inserts('status:run|')).toEqual(['status:running'])
    expect(inserts('kind:train|')).toEqual(['kind:training', 'kind:meta-training', 'kind:pre-training', 'kind:train'])
    const helps = offered('kind:|').options.map(({ help }) => help)
    expect(new Set(helps).size).toBe(helps.length)
    expect(inserts('env:|')).toEqual(['env:environment-2', 'env:"my world"'])
  })

  test('settings by their path', () => {
    expect(inserts('set.me|')).toEqual(['set.meta.iterations='])
    expect(inserts('set|')).toEqual(['set.'])
  })

  test('nothing for numbers and for free text', () => {
    expect(inserts('cost<|')).toEqual([])
    expect(inserts('"some thing|')).toEqual([])
  })
})

test('an option takes the place of its term; a finished one is followed by a blank', () => {
  const text = 'seed:1 -alg tag:x'
  const found = complete(text, 11, vocabulary)
  expect(completed(text, found, found.options[0]!)).toEqual({ text: 'seed:1 -algo: tag:x', caret: 13 })
  expect(completed('algo:c', complete('algo:c', 6, vocabulary), { insert: 'algo:cpo', help: '' })).toEqual({
    text: 'algo:cpo ',
    caret: 9,
  })
  expect(completed('cos', { from: 0, to: 3 }, { insert: 'cost', help: '' })).toEqual({ text: 'cost', caret: 4 })
})
