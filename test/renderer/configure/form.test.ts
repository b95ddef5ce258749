import { describe, expect, it } from 'vitest'
import { unusedReason } from '../../../src/core/config/form/dependencies.ts'
import { fieldAt, FIELDS } from '../../../src/core/config/form/fields.ts'
import { problemsByField, validate } from '../../../src/core/config/form/problems.ts'
import { nearestConfig, withSetting, type Settings } from '../../../src/core/config/form/values.ts'
import { keyFacts } from '../../../src/renderer/configure/facts.ts'
import { stepped, textOfValue, valueOfText } from '../../../src/renderer/configure/field-text.ts'
import { changedInVain, formParts, type Wanted } from '../../../src/renderer/configure/find.ts'
import { refusalOf } from '../../../src/renderer/configure/refusal.ts'
import { warningsOf } from '../../../src/renderer/configure/warnings.ts'

const ALL: Wanted = { search: '', onlyChanged: false, unused: false }
const partsOf = (settings: Settings, base: Settings = {}, wanted: Partial<Wanted> = {}) =>
  formParts(
    { settings, base, config: nearestConfig(settings), problems: problemsByField(validate(settings)) },
    { ...ALL, ...wanted },
  )
const pathsOf = (...asked: Parameters<typeof partsOf>) =>
  partsOf(...asked).flatMap(({ rows }) => rows.map(({ field }) => field.path))

describe('formParts', () => {
  it('shows what the run uses, and all of it where that is wanted', () => {
    const used = FIELDS.filter(({ path }) => path !== 'seed' && unusedReason(path, nearestConfig({})) === null)
    expect(pathsOf({})).toEqual(used.map(({ path }) => path))
    expect(pathsOf({}, {}, { unused: true })).toHaveLength(FIELDS.length - 1)
    expect(partsOf({}).find(({ section }) => section.path === 'preTraining')).toMatchObject({
      rows: [],
      reason: 'not used by meta-training',
    })
  })

  it('shows a problem although the run does not use the setting', () => {
    expect(pathsOf({ preTraining: { kl: -1 } })).toContain('preTraining.kl')
  })

  it('finds words in labels, paths and help, in any order', () => {
    expect(pathsOf({}, {}, { search: 'fisher every' })).toEqual(['inner.fisherStride', 'meta.fisherStride'])
    expect(pathsOf({}, {}, { search: 'META.ETA cap' })).toContain('meta.eta.cap')
    expect(pathsOf({}, {}, { search: 'no such word' })).toEqual([])
  })

  it('only changed: what differs from the defaults or from where the draft began', () => {
    const base = { meta: { iterations: 120 }, costLimit: 10 }
    expect(pathsOf({ meta: { iterations: 120 } }, base, { onlyChanged: true })).toEqual([
      'costLimit',
      'meta.iterations',
    ])
    const rows = partsOf({ meta: { iterations: 120 } }, base, { onlyChanged: true }).flatMap((part) => part.rows)
    expect(rows.map(({ edited, changed }) => [edited, changed])).toEqual([
      [true, false],
      [false, true],
    ])
  })

  it('counts changes and problems by section', () => {
    const base = { inner: { steps: 2 } }
    const inner = partsOf({ inner: { kl: 3, steps: 2 } }, base).find(({ section }) => section.path === 'inner')
    // From where the draft began, as the list beside the form counts them.
    expect(inner).toMatchObject({ edited: 1, problems: 1 })
  })

  it('tells of changes that do nothing, not of those that the draft began with', () => {
    const parts = partsOf({ inner: { algorithm: 'cpo', multiplier: { rate: 0.5 } } }, {}, { unused: true })
    expect(warningsOf(changedInVain(parts), undefined)).toEqual([
      'Rate (inner.multiplier.rate) is changed, but not used by cpo.',
    ])
    const settings = { inner: { algorithm: 'cpo', multiplier: { rate: 0.5 } } }
    expect(changedInVain(partsOf(settings, settings, { unused: true }))).toEqual([])
  })
})

describe('text of settings', () => {
  it.each([
    ['inner.kl', '1e-3', 0.001],
    ['inner.kl', ' 0,5 ', 0.5],
    ['inner.kl', 'abc', 'abc'],
    ['inner.kl', '', ''],
    ['inner.steps', '2', 2],
    ['policy.hidden', '64, 32', [64, 32]],
    ['policy.hidden', '[64 x]', [64, 'x']],
    ['policy.hidden', ' ', ''],
  ])('%s: "%s"', (path, text, value) => expect(valueOfText(fieldAt(path)!, text)).toEqual(value))

  it('every default is read back as it is written', () => {
    for (const field of FIELDS)
      expect(valueOfText(field, textOfValue(field.default)), field.path).toEqual(field.default)
  })

  it('steps by the size of the value, within what is allowed', () => {
    const kl = fieldAt('inner.kl')!
    expect([stepped(kl, 0.08, 1), stepped(kl, 0.1, 1), stepped(kl, 1, 1)]).toEqual([0.081, 0.11, 1])
    expect(stepped(fieldAt('inner.steps')!, 1, -1)).toBe(1)
    expect(stepped(fieldAt('inner.multiplier.smoothing')!, 0.99, 1)).toBe(0.99)
    expect(stepped(kl, 'abc', 1)).toBeUndefined()
    for (const field of FIELDS)
      for (const direction of [1, -1] as const) {
        const next = stepped(field, field.default, direction)
        if (next !== undefined)
          expect(
            validate(withSetting({}, field.path, next)).filter(({ message }) => message.includes('; allowed')),
            `${field.path} = ${next}`,
          ).toEqual([])
      }
  })
})

describe('refusalOf', () => {
  it('keeps problems of settings, else words', () => {
    const problems = [{ path: 'inner.kl', message: 'inner.kl is 3' }]
    expect(refusalOf(Object.assign(new Error('Bad request'), { data: { problems } }))).toEqual({ problems })
    expect(refusalOf(new Error('gone'))).toEqual({ message: 'gone' })
    expect(refusalOf('odd')).toEqual({ message: 'odd' })
  })
})

describe('warnings and facts', () => {
  const estimate = { envSteps: 1, seconds: null, measuredOn: null, bytes: 9e9, bytesFree: 1e10, tasks: 1 }

  it('warns before the disk is full', () => {
    expect(warningsOf([], estimate)).toHaveLength(1)
    expect(warningsOf([], { ...estimate, bytesFree: 1e11 })).toEqual([])
    expect(warningsOf([], { ...estimate, bytesFree: null })).toEqual([])
  })

  it('tells configurations apart', () => {
    expect(keyFacts({ method: 'pre-train', inner: { algorithm: 'cpo' } })).toEqual([
      'environment-2',
      'pre-training, CPO',
      '150 iterations',
      'd = 5',
    ])
  })
})
