import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../src/core/config/parse.ts'
import { dateRange } from '../../../src/core/runs/dates.ts'
import { FIELDS, FLAGS, type FilterableRun } from '../../../src/core/runs/fields.ts'
import { asksForArchived, asksForNotes, matches, noteTexts, settingPaths } from '../../../src/core/runs/match.ts'
import { parseQuery } from '../../../src/core/runs/parse.ts'
import { completions, type Condition, type Term } from '../../../src/core/runs/query.ts'
import { askingForMethod } from '../../../src/core/runs/method-words.ts'
import { printQuery } from './print-query.ts'
import { runRow } from './run-row.ts'

const meets = (text: string, run: FilterableRun = runRow(), settings: Record<string, unknown> = {}): boolean => {
  const { query, problems } = parseQuery(text)
  expect(problems, text).toEqual([])
  return matches(run, query, (_, path) => settings[path])
}

describe('a filter', () => {
  it.each([
    ['', true],
    ['cost<5', true],
    ['cost<4.5', false],
    ['cost<=4.5', true],
    ['return>=1', true],
    ['return>12', false],
    ['bestReturn>0', false],
    ['-bestReturn>0', true],
    ['algo:cpo', true],
    ['algo:cp', true],
    ['algo=cp', false],
    ['ALGO:CPO', true],
    ['tag:paper', true],
    ['-tag:paper', false],
    ['tag:other', false],
    ['"first run"', true],
    ['first', true],
    ['-first', false],
    ['quick "no such"', false],
    ['-status:failed', true],
    ['status:failed', false],
    ['env:environment-2', true],
    ['seed:1..3', true],
    ['seed:3..4', false],
    ['seed=2', true],
    ['created>2026-10-31', true],
    ['created>2026-11-01', false],
    ['created:2026-11', true],
    ['created>2026-11', false],
    ['created:2026-10..2026-11', true],
    ['created<2026-11-01', false],
    ['finished<2027-01-01', false],
    ['is:pinned', true],
    ['-is:archived', true],
    ['is:feasible', true],
    ['name:QUICK', true],
    ['id:fghi', true],
    ['hours:1..3', true],
    ['kind:training', true],
    ['kind=meta-training', true],
    ['kind:train', true],
    ['kind:pre-training', false],
    ['kind:fine-tuning', false],
  ])('%s', (text, expected) => {
    expect(meets(text)).toBe(expected)
  })

  it('means an algorithm that is written out alone, although others begin with its name', () => {
    const [trpo, lagrangian] = [runRow({ algorithm: 'trpo' }), runRow({ algorithm: 'trpo-lag' })]
    const found = (text: string) => [trpo, lagrangian].map((run) => meets(text, run))
    expect(found('algo:trpo')).toEqual([true, false])
    expect(found('algo:trp')).toEqual([true, true])
    expect(found('algo:TRPO-lag')).toEqual([false, true])
  })

  it('compares settings as what they are', () => {
    const settings = { 'inner.kl': 0.2, 'meta.optimiser': 'adam', 'policy.hidden': [64, 64], 'meta.on': true }
    for (const text of ['set.inner.kl=0.20', 'set.inner.kl<1', 'set.meta.optimiser:ad', 'set.meta.on=true'])
      expect(meets(text, runRow(), settings), text).toBe(true)
    for (const text of ['set.inner.kl>0.2', 'set.inner.kl:many', 'set.meta.optimiser=ad', 'set.none=1'])
      expect(meets(text, runRow(), settings), text).toBe(false)
    expect(meets('set.policy.hidden=[64,64]', runRow(), settings)).toBe(true)
    expect(settingPaths(parseQuery('set.inner.kl=1 set.inner.kl>0 cost<1').query)).toEqual(['inner.kl'])
  })

  it('looks into notes with free text too, and with the field alone', () => {
    const notes = 'Diverged after a Restart'.toLowerCase()
    const found = (text: string, run = runRow({ hasNotes: true })) =>
      matches(run, parseQuery(text).query, undefined, (_, asked) => notes.includes(asked))
    for (const text of ['DIVERGED', 'quickstart restart', 'note:restart', 'NOTES:"a restart"', '-note:seed'])
      expect(found(text), text).toBe(true)
    for (const text of ['-diverged', 'note:quickstart', '-note:after', 'name:diverged'])
      expect(found(text), text).toBe(false)
    // Without notes nobody is asked.
    expect(found('note:restart', runRow())).toBe(false)
    expect(found('diverged', runRow())).toBe(false)
    const { query } = parseQuery('Word word note:Other name:third')
    expect(noteTexts(query)).toEqual(['word', 'other'])
    expect([asksForNotes(query), asksForNotes(parseQuery('word').query)]).toEqual([true, false])
  })

  it('knows whether it asks for archived runs', () => {
    expect(asksForArchived(parseQuery('is:archived').query)).toBe(true)
    expect(asksForArchived(parseQuery('is:pinned').query)).toBe(false)
  })
})

describe('a filter that cannot be read', () => {
  it.each([
    ['cots<5', 0, 6, /no field cots; did you mean cost\?/],
    ['zzzzzz:1', 0, 8, /there are id, name/],
    ['a cost<five', 2, 11, /needs a number/],
    ['created>yesterday', 0, 17, /a day like 2026-11-22/],
    ['created:2026-02-30', 0, 18, /a day like/],
    ['is:pined', 0, 8, /allowed: pinned, .*did you mean is:pinned\?/],
    ['is=pinned', 0, 9, /takes a colon/],
    ['status:finished', 0, 15, /allowed: running, completed/],
    ['algo<cpo', 0, 8, /is a text: write algo:cpo/],
    ['note=word', 0, 9, /takes a colon: note:word/],
    ['noet:word', 0, 9, /did you mean note\?/],
    ['seed<1..3', 0, 9, /takes a colon: seed:1\.\.3/],
    ['seed:3..1', 0, 9, /needs a number/],
    ['cost<', 0, 5, /a value is missing/],
    ['"open', 0, 5, /closing quote/],
    ['-', 0, 1, /nothing follows/],
    ['set.=1', 0, 6, /names no setting/],
    ['a cost!=5', 2, 9, /there is no !=; write -cost=5/],
    ['-cost!=5', 0, 8, /write cost=5/],
    ['is!=pinned', 0, 10, /write -is:pinned/],
    ['cost!=', 0, 6, /there is no !=/],
  ])('%s is refused at its place', (text, from, to, message) => {
    expect(parseQuery(text).problems).toEqual([{ from, to, message: expect.stringMatching(message) }])
  })

  it('names no setting that there is, where those are known, and is told the nearest', () => {
    const settings = ['inner.kl', 'meta.iterations']
    expect(parseQuery('a set.inner.kll=0.2', settings).problems).toEqual([
      { from: 2, to: 19, message: 'there is no setting inner.kll; did you mean set.inner.kl?' },
    ])
    expect(parseQuery('set.zzzzzzzz=1', settings).problems).toMatchObject([{ message: 'there is no setting zzzzzzzz' }])
    expect(parseQuery('set.inner.kl=0.2', settings).problems).toEqual([])
    expect(parseQuery('set.inner.kll=0.2').problems, 'not known yet').toEqual([])
  })

  it('keeps the terms that can', () => {
    const { query, problems } = parseQuery('cost<5 cots<5 seed:1')
    expect(problems).toHaveLength(1)
    expect(printQuery(query)).toBe('cost<5 seed:1')
  })
})

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const word = fc.stringMatching(/^[A-Za-z]\w{0,8}$/)
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const numbers = fc.oneof(
  finite.map((value) => ({ from: value, to: value, single: true })),
  fc.tuple(finite, finite).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b), single: a === b })),
)
const days = fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 100 })).map(([first, length]) => {
  const day = (at: number) => dateRange(new Date(at * 86_400_000).toISOString().slice(0, 10))!
  return { from: day(first).from, to: day(first + length).to, single: length === 0 }
})
const ranged = (type: 'number' | 'date', ranges: typeof numbers): fc.Arbitrary<Condition> =>
  fc
    .tuple(
      fc.constantFrom(...FIELDS.filter((field) => field.type === type).map(({ name }) => name)),
      ranges,
      fc.constantFrom('<=', '>=', '<', '>', '=', ':'),
    )
    .map(([field, { from, to, single }, operator]) => ({
      ...{ kind: 'range', field, range: { from, to }, operator: single ? operator : ':' },
    })) as fc.Arbitrary<Condition>
const free = FIELDS.flatMap((field) => (field.type === 'text' && !field.values ? [field.name] : []))
const condition = fc.oneof<fc.Arbitrary<Condition>[]>(
  text.map((value) => ({ kind: 'anywhere', text: value })),
  fc
    .tuple(fc.constantFrom(...free), fc.constantFrom('=' as const, ':' as const), text)
    .map(([field, operator, value]) => ({ kind: 'text', field, operator, text: value })),
  fc.constantFrom(...FLAGS).map(({ name }) => ({ kind: 'flag', flag: name })),
  text.map((value) => ({ kind: 'note', text: value })),
  fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('<', '=', ':', '>=' as const), text)
    .map(([path, operator, value]) => ({ kind: 'setting', path: path.join('.'), operator, text: value }) as Condition),
  ranged('number', numbers),
  ranged('date', days),
)
const term: fc.Arbitrary<Term> = fc.record({ negated: fc.boolean(), condition })

describe('any filter', () => {
  it('is read again as it was, from what it is printed as', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        expect(parseQuery(printQuery({ terms }))).toEqual({ query: { terms }, problems: [] })
      }),
    )
  })

  it('is read or refused, never a crash, with problems inside the text', () => {
    const pieces = fc.array(fc.constantFrom('cost', '<', ':', '"', '\\', '-', ' ', '..', 'set.', 'is', '1', 'x', '😀'))
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map((parts) => parts.join('')),
        ),
        (input) => {
          const { query, problems } = parseQuery(input)
          for (const { from, to } of problems) {
            expect(from).toBeLessThan(to)
            expect(to).toBeLessThanOrEqual(input.length)
          }
          matches(runRow(), query)
          expect(parseQuery(printQuery(query)).query).toEqual(query)
        },
      ),
    )
  })
})

it('offers completions that can be read', () => {
  const whole = completions().filter(({ insert }) => /^[a-z]+:[a-z-]+$/.test(insert))
  expect(whole.length).toBeGreaterThan(FLAGS.length)
  for (const { insert } of whole) expect(parseQuery(insert).problems, insert).toEqual([])
})

it('state is status by another name, and messages have the name that was typed', () => {
  const { query, problems } = parseQuery('state:running')
  expect(problems).toEqual([])
  expect(query).toEqual(parseQuery('status:running').query)
  expect(parseQuery('State:foo').problems[0]!.message).toContain('there is no State:foo; allowed: running')
})

describe('the method of a training', () => {
  const constrained = { inner: parseRunConfig({}).inner, meta: parseRunConfig({}).meta }
  const off = { mode: 'off' }
  const free = parseRunConfig({ inner: { algorithm: 'trpo' }, meta: { lambda: off, eta: off } })
  const unconstrained = { inner: free.inner, meta: free.meta }

  it.each<[string, object, string | null, boolean]>([
    ['method:c-maml', constrained, 'meta', true],
    ['method:C-MAML', constrained, 'meta', true],
    ['method=c-maml', constrained, 'meta', true],
    ['-method:c-maml', constrained, 'meta', false],
    ['method:maml', constrained, 'meta', false],
    ['method:maml', unconstrained, 'meta', true],
    ['method:c-maml', unconstrained, 'meta', false],
    ['method:meta', unconstrained, 'meta', true],
    ['method:pre-trained', constrained, 'pre-train', true],
    ['method:pre-train', {}, 'pre-train', true],
    ['method:c-maml', constrained, 'pre-train', false],
    ['method:c-maml', constrained, null, false],
  ])('%s', (text, settings, method, expected) => {
    expect(meets(text, runRow({ method }), settings as Record<string, unknown>)).toBe(expected)
  })

  it('needs settings where the row does not tell', () => {
    expect(settingPaths(parseQuery('method:c-maml').query)).toEqual(['inner', 'meta'])
    expect(settingPaths(parseQuery('method:meta').query)).toEqual([])
  })

  it.each([
    ['c-maml', 'method:c-maml'],
    ['algo:C-MAML cost<5', 'method:c-maml cost<5'],
    ['cost<5 -maml', 'cost<5 -method:maml'],
    ['algo:cpo', null],
    ['method:c-maml', null],
    ['', null],
  ])('is meant by %s', (filter, meant) => {
    expect(askingForMethod(filter)).toBe(meant)
  })
})
