// From the text of a filter to a query. Never throws: what cannot be read is a problem with its place in the text.
import { dateRange } from './dates.ts'
import {
  FIELDS,
  FLAGS,
  fieldNamed,
  flagNamed,
  isNoteField,
  NOTE_FIELD,
  SETTING_PREFIX,
  type Field,
  type TextField,
} from './fields.ts'
import { nearest } from './nearest.ts'
import type { Condition, Operator, Query, QueryProblem, Range, Term } from './query.ts'
import { scan, type Token } from './scan.ts'

export interface ParsedQuery {
  /** Of the terms that can be read. */
  readonly query: Query
  readonly problems: readonly QueryProblem[]
}

/** @param settings paths of all that there are, as far as they are known: others are problems then */
export function parseQuery(text: string, settings?: readonly string[]): ParsedQuery {
  const terms: Term[] = []
  const problems: QueryProblem[] = []
  for (const token of scan(text)) {
    const condition = token.closed ? readCondition(token, settings) : 'a closing quote is missing'
    if (typeof condition === 'string') problems.push({ from: token.from, to: token.to, message: condition })
    else terms.push({ negated: token.negated, condition })
  }
  return { query: { terms }, problems }
}

/** A sentence where it cannot be read. */
function readCondition(
  { field, operator, value, negated }: Token,
  settings: readonly string[] | undefined,
): Condition | string {
  if (field === null || operator === null)
    return value === '' ? 'nothing follows the minus' : { kind: 'anywhere', text: value }
  if (operator === '!=') {
    const instead = field.toLowerCase() === 'is' ? ':' : '='
    return `there is no !=; write ${negated ? '' : '-'}${field}${instead}${value}`
  }
  if (value === '') return `a value is missing after ${field}${operator}`
  if (field.toLowerCase() === 'is') return readFlag(operator, value)
  if (isNoteField(field))
    return operator === ':' ? { kind: 'note', text: value } : `the field ${field} takes a colon: ${field}:${value}`
  if (field.startsWith(SETTING_PREFIX)) return readSetting(field, operator, value, settings)
  const known = fieldNamed(field)
  if (known) return readField(known, field, operator, value)
  const meant = nearest(field, [...FIELDS.map(({ name }) => name), NOTE_FIELD, 'is'])
  const fields =
    meant === undefined
      ? `there are ${[...FIELDS.map(({ name }) => name), NOTE_FIELD].join(', ')}`
      : `did you mean ${meant}?`
  return `there is no field ${field}; ${fields}`
}

function readFlag(operator: Operator, value: string): Condition | string {
  const names = FLAGS.map(({ name }) => name)
  if (operator !== ':') return `the field is takes a colon: is:${names[0]}`
  const known = flagNamed(value)
  if (known) return { kind: 'flag', flag: known.name }
  const meant = nearest(value, names)
  return `there is no is:${value}; allowed: ${names.join(', ')}${meant === undefined ? '' : `; did you mean is:${meant}?`}`
}

const PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/

function readSetting(
  field: string,
  operator: Operator,
  value: string,
  settings: readonly string[] | undefined,
): Condition | string {
  const path = field.slice(SETTING_PREFIX.length)
  if (!PATH.test(path)) return `the field ${field} names no setting; write e.g. set.inner.kl=0.2`
  if (settings?.includes(path) === false) {
    const meant = nearest(path, settings)
    return `there is no setting ${path}${meant === undefined ? '' : `; did you mean ${SETTING_PREFIX}${meant}?`}`
  }
  return { kind: 'setting', path, operator, text: value }
}

/** @param name as it was typed: messages name the field as people know it */
function readField(field: Field, name: string, operator: Operator, value: string): Condition | string {
  if (field.type === 'text') {
    if (operator !== '=' && operator !== ':')
      return `the field ${name} is a text: write ${name}:${value}, or ${name}=${value} for all of it`
    return readText(field, name, operator, value)
  }
  const range = field.type === 'date' ? readDates(value) : readNumbers(value)
  if (range === null) {
    const example = field.type === 'date' ? 'a day like 2026-11-22 or a month like 2026-11' : 'a number'
    return `the term ${name}${operator}${value} needs ${example}, or with a colon a range like ${EXAMPLE[field.type]}`
  }
  const isRange = value.includes(RANGE)
  if (isRange && operator !== ':' && operator !== '=') return `a range takes a colon: ${name}:${value}`
  return { kind: 'range', field: field.name, operator, range }
}

const EXAMPLE = { date: '2026-11-01..2026-11-22', number: '1..3' } as const

function readText(
  { name: field, values }: TextField,
  name: string,
  operator: '=' | ':',
  value: string,
): Condition | string {
  const allowed = values && Object.keys(values)
  if (allowed && !allowed.some((word) => word.startsWith(value.toLowerCase()))) {
    const meant = nearest(value, allowed)
    const hint = meant === undefined ? '' : `; did you mean ${name}:${meant}?`
    return `there is no ${name}:${value}; allowed: ${allowed.join(', ')}${hint}`
  }
  return { kind: 'text', field, operator, text: value }
}

const RANGE = '..'

function readNumbers(value: string): Range | null {
  return readRange(value, (text) => {
    const number = parseNumber(text)
    return number === null ? null : { from: number, to: number }
  })
}

const readDates = (value: string): Range | null => readRange(value, dateRange)

function readRange(value: string, read: (text: string) => Range | null): Range | null {
  const [first, last, ...more] = value.split(RANGE)
  const from = read(first!)
  const to = last === undefined ? from : read(last)
  if (more.length > 0 || from === null || to === null || from.from > to.to) return null
  return { from: from.from, to: to.to }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** null where the text is no finite decimal number. */
export function parseNumber(text: string): number | null {
  if (!NUMBER.test(text)) return null
  const number = Number(text)
  // Adding 0 makes 0 of -0.
  return Number.isFinite(number) ? number + 0 : null
}
