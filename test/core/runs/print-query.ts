// From a query back to its text, in the one way that `parseQuery` reads the same again.
import { dateRange } from '../../../src/core/runs/dates.ts'
import { fieldNamed } from '../../../src/core/runs/fields.ts'
import type { Condition, Query, Range } from '../../../src/core/runs/query.ts'

export const printQuery = ({ terms }: Query): string =>
  terms.map(({ negated, condition }) => `${negated ? '-' : ''}${printCondition(condition)}`).join(' ')

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'anywhere':
      return quoted(condition.text, true)
    case 'text':
      return `${condition.field}${condition.operator}${quoted(condition.text, false)}`
    case 'setting':
      return `set.${condition.path}${condition.operator}${quoted(condition.text, false)}`
    case 'note':
      return `note:${quoted(condition.text, false)}`
    case 'flag':
      return `is:${condition.flag}`
    case 'range':
      return `${condition.field}${condition.operator}${printRange(condition.field, condition.range)}`
  }
}

function printRange(field: string, range: Range): string {
  if (fieldNamed(field)?.type !== 'date')
    return range.from === range.to ? `${range.from}` : `${range.from}..${range.to}`
  const first = printDateRange(range)
  const last = printLastDay(range)
  return first === last || first.length < last.length ? first : `${first}..${last}`
}

/** Free text is always quoted where it could be read as a field, a minus or nothing. */
function quoted(text: string, free: boolean): string {
  const plain = free ? /^[^\s"\\\-:<>=][^\s"\\:<>=]*$/ : /^[^\s"]+$/
  return plain.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** The day or, if it is all of one, the month; as `dateRange` reads it. */
function printDateRange({ from, to }: Range): string {
  const day = new Date(from).toISOString().slice(0, 10)
  const month = day.slice(0, 7)
  const whole = dateRange(month)
  return whole !== null && whole.from === from && whole.to === to ? month : day
}

/** The last day of a range. */
const printLastDay = ({ to }: Range): string => new Date(to).toISOString().slice(0, 10)
