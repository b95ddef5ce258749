// Whether a run meets a query. A query is compiled once, since it is asked of every run of a long list.
import { ALGORITHMS } from '../config/sections/inner.ts'
import { fieldNamed, flagNamed, type FilterableRun } from './fields.ts'
import { methodWords, settingsOfMethod } from './method-words.ts'
import { parseNumber } from './parse.ts'
import type { Condition, Operator, Query, Range } from './query.ts'

/** Values of settings by dotted path; undefined where the run has no such setting. */
export type SettingsOf = (run: FilterableRun, path: string) => unknown

/** Whether the notes of a run have the text in them; the text is in small letters, those of the notes do not matter. */
export type NotesHave = (run: FilterableRun, text: string) => boolean

export type Predicate = (run: FilterableRun) => boolean

/**
 * @param settings needed where `settingPaths` of the query are not none
 * @param notes needed where `noteTexts` of the query are not none
 */
export function compileQuery(
  { terms }: Query,
  settings: SettingsOf = () => undefined,
  notes: NotesHave = () => false,
): Predicate {
  const predicates = terms.map(({ negated, condition }): Predicate => {
    const meets = compile(condition, settings, notes)
    return negated ? (run) => !meets(run) : meets
  })
  return (run) => predicates.every((meets) => meets(run))
}

export const matches = (run: FilterableRun, query: Query, settings?: SettingsOf, notes?: NotesHave): boolean =>
  compileQuery(query, settings, notes)(run)

/** Settings whose values the query needs. */
export const settingPaths = ({ terms }: Query): string[] => [
  ...new Set(
    terms.flatMap(({ condition }) => {
      if (condition.kind === 'setting') return [condition.path]
      return condition.kind === 'text' && condition.field === 'method' ? settingsOfMethod(condition.text) : []
    }),
  ),
]

/** What the query looks for in notes, in small letters. */
export const noteTexts = ({ terms }: Query): string[] => [
  ...new Set(
    terms.flatMap(({ condition }) =>
      condition.kind === 'anywhere' || condition.kind === 'note' ? [condition.text.toLowerCase()] : [],
    ),
  ),
]

/** Whether only notes can tell: free text is found elsewhere too. */
export const asksForNotes = ({ terms }: Query): boolean => terms.some(({ condition }) => condition.kind === 'note')

/** Archived runs are out of sight unless a query asks for them. */
export const asksForArchived = ({ terms }: Query): boolean =>
  terms.some(({ condition }) => condition.kind === 'flag' && condition.flag === 'archived')

function compile(condition: Condition, settings: SettingsOf, notes: NotesHave): Predicate {
  switch (condition.kind) {
    case 'anywhere':
      return anywhere(condition.text, notes)
    case 'note': {
      const text = condition.text.toLowerCase()
      return (run) => run.hasNotes && notes(run, text)
    }
    case 'flag': {
      const flag = flagNamed(condition.flag)
      return flag ? (run) => flag.read(run) : never
    }
    case 'text':
      return textPredicate(condition, settings)
    case 'range':
      return rangePredicate(condition)
    case 'setting': {
      const { path, operator, text } = condition
      const meets = settingPredicate(operator, text)
      return (run) => meets(settings(run, path))
    }
  }
}

const never: Predicate = () => false

function anywhere(text: string, notes: NotesHave): Predicate {
  const wanted = text.toLowerCase()
  const has = (value: string) => value.toLowerCase().includes(wanted)
  return (run) =>
    has(run.name) ||
    run.tags.some(has) ||
    has(run.algorithm) ||
    has(run.world) ||
    run.id.endsWith(wanted) ||
    (run.hasNotes && notes(run, wanted))
}

const isAlgorithm = (text: string): boolean => ALGORITHMS.some((name) => name === text)

/**
 * `:` is met by a part of a name or source, by the ending of an id, by the beginning of any other text; an algorithm that is
 * written out is meant alone, although other names begin with it.
 */
function textPredicate(
  { field: name, operator, text }: Extract<Condition, { kind: 'text' }>,
  settings: SettingsOf,
): Predicate {
  const field = fieldNamed(name)
  if (field?.type !== 'text') return never
  const wanted = text.toLowerCase()
  const isExact = operator === '=' || (field.name === 'algo' && isAlgorithm(wanted))
  const meets = (value: string): boolean => {
    if (isExact) return value === wanted
    if (field.name === 'name' || field.name === 'source') return value.includes(wanted)
    return field.name === 'id' ? value.endsWith(wanted) : value.startsWith(wanted)
  }
  const words = (run: FilterableRun): readonly string[] =>
    field.name === 'method' ? methodWords(run, (path) => settings(run, path)) : field.read(run)
  return (run) => words(run).some((value) => meets(value.toLowerCase()))
}

function rangePredicate({ field: name, operator, range }: Extract<Condition, { kind: 'range' }>): Predicate {
  const field = fieldNamed(name)
  if (field === undefined || field.type === 'text') return never
  return (run) => {
    const value = field.read(run)
    return value !== null && compare(value, operator, range)
  }
}

/** What is after a day begins with the next day, so comparisons are with the far end of a range. */
function compare(value: number, operator: Operator, { from, to }: Range): boolean {
  switch (operator) {
    case '<':
      return value < from
    case '<=':
      return value <= to
    case '>':
      return value > to
    case '>=':
      return value >= from
    case '=':
    case ':':
      return value >= from && value <= to
  }
}

function settingPredicate(operator: Operator, text: string): (value: unknown) => boolean {
  const number = parseNumber(text)
  const wanted = text.toLowerCase()
  return (value) => {
    if (value === undefined) return false
    if (typeof value === 'number') return number !== null && compare(value, operator, { from: number, to: number })
    const shown = (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase()
    if (operator === ':') return shown.includes(wanted)
    return operator === '=' && shown === wanted
  }
}
