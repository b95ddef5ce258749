import { describe, expect, it } from 'vitest'
import { FIELDS } from '../../../src/core/config/form/fields.ts'
import { withSetting } from '../../../src/core/config/form/values.ts'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import {
  fromDefaults,
  fromPreset,
  fromRun,
  isUnstarted,
  NEW_DRAFT,
  problemsOf,
  readDraft,
  requestsOf,
  type Draft,
} from '../../../src/renderer/configure/draft.ts'
import { NAME, runNames, SEEDS } from '../../../src/renderer/configure/naming.ts'
import { LONGEST, suggestedName } from '../../../src/renderer/configure/suggested-name.ts'
import { changed, redone, startHistory, undone } from '../../../src/renderer/configure/history.ts'
import { jobRequest } from '../../../src/main/api/contract/jobs.ts'

const preset = { name: 'quickstart', description: '', settings: { seed: 3, meta: { iterations: 120 } } }
const draft: Draft = fromPreset(NEW_DRAFT, preset)

describe('a draft', () => {
  it('of a preset has its settings, its name and its seed', () => {
    expect(draft).toMatchObject({ name: 'quickstart', seeds: '3', settings: { meta: { iterations: 120 } } })
    expect(draft.base).toMatchObject({ kind: 'preset', id: 'quickstart', settings: draft.settings })
    expect(fromDefaults(draft)).toMatchObject({ settings: {}, base: { kind: 'defaults' } })
  })

  it('of a preset leaves out what is the default, but not its seed', () => {
    const { costLimit, seed } = parseRunConfig({})
    const settings = { seed, costLimit, meta: { iterations: 120 } }
    expect(fromPreset(draft, { ...preset, settings })).toMatchObject({ seeds: String(seed) })
    expect(fromPreset(draft, { ...preset, settings }).settings).toEqual({ meta: { iterations: 120 } })
  })

  it('of a run has what differs from the defaults, and gives the same configuration again', () => {
    const config = parseRunConfig({ seed: 7, inner: { algorithm: 'cpo' } })
    const row = { id: 'abc', name: 'A run' } as Parameters<typeof fromRun>[1]['row']
    const copy = fromRun(NEW_DRAFT, { row, config })
    const changed = { ...copy, settings: withSetting(copy.settings, 'meta.iterations', 77) }
    // Nothing that is started, or was never changed, is lost with what begins after it.
    expect([copy, changed].map((draft) => isUnstarted(draft, undefined))).toEqual([false, true])
    expect(isUnstarted(changed, withSetting(copy.settings, 'meta.iterations', 77))).toBe(false)
    expect(isUnstarted(changed, withSetting(copy.settings, 'meta.iterations', 78))).toBe(true)
    expect(copy).toMatchObject({
      seeds: '7',
      settings: { inner: { algorithm: 'cpo' } },
      base: { kind: 'run', id: 'abc' },
    })
    expect(requestsOf(copy).map((request) => request.kind === 'train' && parseRunConfig(request.settings))).toEqual([
      config,
    ])
  })

  it('of a run of an older version is in today’s form', () => {
    const row = { id: 'abc', name: 'A run' } as Parameters<typeof fromRun>[1]['row']
    const old = fromRun(NEW_DRAFT, { row, config: { schemaVersion: 1, inner: { multiplierRate: 0.05 } } })
    expect(problemsOf(old)).toEqual([])
    expect(old.settings).toMatchObject({ inner: { multiplier: { rate: 0.05 } } })
  })

  it('makes one run per seed, and requests that the contract takes', () => {
    const requests = requestsOf({ ...draft, seeds: '1..3' })
    expect(requests.map((request) => request.kind === 'train' && [request.name, request.settings['seed']])).toEqual([
      ['quickstart, seed 1', 1],
      ['quickstart, seed 2', 2],
      ['quickstart, seed 3', 3],
    ])
    for (const request of requests) expect(jobRequest.parse(request)).toEqual(request)
    expect(requestsOf(draft)).toMatchObject([{ name: 'quickstart' }])
  })

  it('of a study asks for its scale and only what is said beside', () => {
    const study = { study: 'figure-4', scale: 'smoke', seeds: '', settings: {} } as const
    expect(requestsOf({ ...draft, tab: 'study', study })).toEqual([
      { kind: 'study', study: 'figure-4', scale: 'smoke' },
    ])
    const changes = { ...study, seeds: '1..2', settings: { meta: { iterations: 500 } } }
    const [request] = requestsOf({ ...draft, tab: 'study', study: changes })
    expect(jobRequest.parse(request)).toMatchObject({ seeds: [1, 2], settings: { meta: { iterations: 500 } } })
  })

  it('says what is wrong with name, seeds, settings and study', () => {
    const paths = (of: Draft) => problemsOf(of).map(({ path }) => path)
    expect(paths(draft)).toEqual([])
    expect(paths({ ...draft, name: ' ', seeds: 'x', settings: { inner: { kl: 'abc' } } })).toEqual([
      NAME,
      SEEDS,
      'inner.kl',
    ])
    expect(paths({ ...draft, tab: 'study' })).toEqual([null])
    expect(paths({ ...draft, tab: 'study', study: { ...draft.study, study: 'figure-4', seeds: '2..1' } })).toEqual([
      SEEDS,
    ])
  })

  it('is read again as it was kept, and nothing else is', () => {
    expect(readDraft(JSON.stringify(draft))).toEqual(draft)
    for (const text of [null, '', '{', '{}', 'null', '[]', JSON.stringify({ ...draft, settings: 3 })])
      expect(readDraft(text)).toBeUndefined()
    expect(readDraft(JSON.stringify({ ...draft, study: { study: 'x' } }))).toBeUndefined()
  })
})

describe('a suggested name', () => {
  const none = new Set<string>()
  it('says what is changed, as far as there is room', () => {
    expect(suggestedName(draft, none)).toBe('quickstart, seed 3')
    const one = { ...draft, seeds: '1', settings: { ...draft.settings, inner: { kl: 0.04 } } }
    expect(suggestedName(one, none)).toBe('quickstart, inner.kl 0.04')
    const many = { ...one, settings: { inner: { kl: 0.04, algorithm: 'cpo', damping: 0.1 }, costLimit: 20 } }
    expect(suggestedName(many, none)).toBe('quickstart, costLimit 20 + 4 more')
    const two = { ...one, settings: { ...draft.settings, meta: { iterations: 120, outerRule: 'reptile', kl: 0.1 } } }
    expect(suggestedName(two, none)).toBe('quickstart, outerRule reptile + 1 more')
  })
  it('is told from that of any other change, and never longer than the table shows', () => {
    const names = FIELDS.filter(({ path }) => path !== 'seed').flatMap(({ path }) =>
      [7, 7.5, 'c'.repeat(30)].map((value) => {
        const settings = withSetting(draft.settings, path, value)
        return suggestedName({ ...draft, settings }, none)
      }),
    )
    expect(new Set(names).size).toBe(names.length)
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(LONGEST)
    const settings = Object.fromEntries(FIELDS.map(({ path }) => [path, 0]))
    const long = { base: { ...draft.base, name: 'A'.repeat(80) }, settings, seeds: '2..100' }
    const name = suggestedName(long, none)
    expect(runNames(name, [100])).toEqual([expect.stringMatching(/^A+….* more$/)])
    expect(`${name}, seed 100`.length).toBeLessThanOrEqual(LONGEST)
  })
  it('is one that no run has, whichever seeds', () => {
    const taken = new Set(['quickstart', 'quickstart (2)', 'quickstart, seed 2'])
    expect(suggestedName({ ...draft, seeds: '1' }, taken)).toBe('quickstart (3)')
    expect(suggestedName({ ...draft, seeds: '2..3' }, taken)).toBe('quickstart (2)')
    expect(suggestedName({ ...draft, seeds: '2' }, taken)).toBe('quickstart, seed 2 (2)')
    expect(suggestedName({ ...draft, seeds: 'x' }, none)).toBe('quickstart')
  })
  it('of a run once more says so', () => {
    const base = { kind: 'run', id: 'a', name: 'A, seed 3', settings: draft.settings } as const
    expect(suggestedName({ ...draft, base }, none)).toBe('A, seed 3 (copy)')
    const long = suggestedName({ ...draft, base: { ...base, name: 'B'.repeat(80) } }, none)
    expect(long).toMatch(/^B+… \(copy\), seed 3$/)
    expect(long.length).toBeLessThanOrEqual(LONGEST)
  })
})

describe('history', () => {
  it('goes back and forth, and changes of one topic are one step', () => {
    let history = startHistory('')
    for (const text of ['a', 'ab', 'abc']) history = changed(history, text, 'name')
    history = changed(history, 'preset', null)
    history = changed(history, 'preset 2', null)
    const back = undone(undone(history))
    expect(back.present).toBe('abc')
    expect(undone(back).present).toBe('')
    expect(undone(undone(back)).present).toBe('')
    expect(redone(back).present).toBe('preset')
    expect(redone(changed(back, 'other', null)).present).toBe('other')
  })

  it('after going back, the same topic is a new step', () => {
    const history = undone(changed(changed(startHistory('0'), '1', 'a'), '2', 'b'))
    expect(undone(changed(history, '3', 'a')).present).toBe('1')
  })
})
