// From the text of a filter to a query. Never throws: what cannot be read is a problem with its place in the text.
import { dateRange } from './dates.ts'
import { FIELDS, FLAGS, fieldNamed, flagNamed, SETTING_PREFIX, type Field } from './fields.ts'
import { nearest } from './nearest.ts'
import type { Condition, Operator, Query, QueryProblem, Range, Term } from './query.ts'
import { scan, type Token } from './scan.ts'

export interface ParsedQuery {
  /** Of the terms that can be read. */
  readonly query: Query
  readonly problems: readonly QueryProblem[]
}

export function parseQuery(text: string): ParsedQuery {
  const terms: Term[] = []
  const problems: QueryProblem[] = []
  for (const token of scan(text)) {
    const condition = token.closed ? readCondition(token) : 'a closing quote is missing'
    if (typeof condition === 'string') problems.push({ from: token.from, to: token.to, message: condition })
    else terms.push({ negated: token.negated, condition })
  }
  return { query: { terms }, problems }
}

/** A sentence where it cannot be read. */
function readCondition({ field, operator, value }: Token): Condition | string {
  if (field === null || operator === null)
    return value === '' ? 'nothing follows the minus' : { kind: 'anywhere', text: value }
  if (value === '') return `a value is missing after ${field}${operator}`
  if (field.toLowerCase() === 'is') return readFlag(operator, value)
  if (field.startsWith(SETTING_PREFIX)) return readSetting(field, operator, value)
  const known = fieldNamed(field)
  if (known) return readField(known, operator, value)
  const meant = nearest(field, [...FIELDS.map(({ name }) => name), 'is'])
  const fields =
    meant === undefined ? `there are ${FIELDS.map(({ name }) => name).join(', ')}` : `did you mean ${meant}?`
  return `there is no field ${field}; ${fields}`
}

function readFlag(operator: Operator, value: string): Condition | string {
  const names = FLAGS.map(({ name }) => name)
  if (operator !== ':') return `is takes a colon: is:${names[0]}`
  const known = flagNamed(value)
  if (known) return { kind: 'flag', flag: known.name }
  const meant = nearest(value, names)
  return `is:${value} is unknown; allowed: ${names.join(', ')}${meant === undefined ? '' : `; did you mean is:${meant}?`}`
}

const PATH = /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/

function readSetting(field: string, operator: Operator, value: string): Condition | string {
  const path = field.slice(SETTING_PREFIX.length)
  if (!PATH.test(path)) return `${field} names no setting; write e.g. set.inner.kl=0.2`
  return { kind: 'setting', path, operator, text: value }
}

function readField(field: Field, operator: Operator, value: string): Condition | string {
  if (field.type === 'text') {
    if (operator !== '=' && operator !== ':')
      return `${field.name} is a text: write ${field.name}:${value}, or ${field.name}=${value} for all of it`
    return readText(field.name, operator, value, field.values)
  }
  const range = field.type === 'date' ? readDates(value) : readNumbers(value)
  if (range === null) {
    const example = field.type === 'date' ? 'a day like 2026-11-22 or a month like 2026-11' : 'a number'
    return `${field.name}${operator}${value} needs ${example}, or with a colon a range like ${EXAMPLE[field.type]}`
  }
  const isRange = value.includes(RANGE)
  if (isRange && operator !== ':' && operator !== '=') return `a range takes a colon: ${field.name}:${value}`
  return { kind: 'range', field: field.name, operator, range }
}

const EXAMPLE = { date: '2026-11-01..2026-11-22', number: '1..3' } as const

function readText(
  name: string,
  operator: '=' | ':',
  value: string,
  allowed: readonly string[] | undefined,
): Condition | string {
  if (allowed && !allowed.some((word) => word.startsWith(value.toLowerCase()))) {
    const meant = nearest(value, allowed)
    const hint = meant === undefined ? '' : `; did you mean ${name}:${meant}?`
    return `${name}:${value} is unknown; allowed: ${allowed.join(', ')}${hint}`
  }
  return { kind: 'text', field: name, operator, text: value }
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
