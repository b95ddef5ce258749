// Values of settings as text in an input, and back. What cannot be read stays the text it is: the schema then says what
// is wrong with it, with the field's name and what is allowed.
import type { Field } from '../../core/config/form/fields.ts'
import { parseNumber, stepNumber } from '../components/number-text.ts'

export function textOfValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOfValue).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function valueOfText({ type }: Field, text: string): unknown {
  switch (type.kind) {
    case 'choice':
      return text
    case 'flag':
      return text === 'true'
    case 'integer':
    case 'number':
      return numberOf(text)
    case 'list':
      return listOf(text)
  }
}

function numberOf(text: string): unknown {
  const parsed = parseNumber(text)
  return 'value' in parsed && parsed.value !== null ? parsed.value : text.trim()
}

function listOf(text: string): unknown {
  const items = text
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(/[,;\s]+/)
    .filter((item) => item !== '')
  return items.length === 0 ? text.trim() : items.map(numberOf)
}

/** One step up or down: 1 of an integer, else the tenth of the value's own power of ten; undefined where it is no number. */
export function stepped({ type }: Field, value: unknown, direction: 1 | -1): number | undefined {
  if ((type.kind !== 'integer' && type.kind !== 'number') || typeof value !== 'number') return undefined
  const step = type.kind === 'integer' ? 1 : 10 ** (Math.floor(Math.log10(Math.abs(value) || 0.1) + 1e-9) - 1)
  const next = stepNumber(value, step, direction, type.bounds)
  const { min, max, exclusiveMin, exclusiveMax } = type.bounds
  return (exclusiveMin && next === min) || (exclusiveMax && next === max) ? value : next
}
