/** Results as JSON on one line. */
import { UNPRINTABLE } from '../../core/text/printable.ts'

const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu')

/**
 * JSON leaves most characters that a terminal obeys instead of showing as they are, and names may hold any: here they are
 * escaped, which programs that read JSON undo. They occur in texts alone, where JSON allows the escape.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, finite).replace(EVERY_UNPRINTABLE, (character) => character.split('').map(escaped).join(''))

/** Of one UTF-16 code unit. */
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** JSON knows no infinity: an unbounded interval end is written as a text, never as a silent null. */
function finite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
