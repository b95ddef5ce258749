// Cuts the text of a filter into terms: blanks separate them, quotes keep blanks together, a minus in front negates.
import type { Operator } from './query.ts'

export interface Token {
  /** Its characters in the text; `to` is exclusive. */
  readonly from: number
  readonly to: number
  readonly negated: boolean
  /** null, as is the operator, where it is free text. */
  readonly field: string | null
  readonly operator: Operator | '!=' | null
  /** Without its quotes. */
  readonly value: string
  /** False where the text ends within quotes. */
  readonly closed: boolean
}

const BLANK = /\s/
/** The operator ends the field, which is a word of letters with dots. There is no `!=`, which people write all the same. */
const FIELD = /([A-Za-z][\w.]*)(<=|>=|!=|<|>|=|:)/y

export function* scan(text: string): Generator<Token> {
  let at = 0
  for (;;) {
    while (at < text.length && BLANK.test(text[at]!)) at++
    if (at >= text.length) return
    const token = readToken(text, at)
    yield token
    at = token.to
  }
}

function readToken(text: string, from: number): Token {
  const negated = text[from] === '-'
  const start = negated ? from + 1 : from
  FIELD.lastIndex = start
  const [, field = null, operator = null] = FIELD.exec(text) ?? []
  const valueFrom = field === null || operator === null ? start : start + field.length + operator.length
  const { value, to, closed } = readValue(text, valueFrom)
  return { from, to, negated, field, operator: operator as Token['operator'], value, closed }
}

/** Up to a blank outside quotes; within quotes a backslash takes the next character as it is. */
function readValue(text: string, from: number): { value: string; to: number; closed: boolean } {
  let value = ''
  let quoted = false
  let at = from
  for (; at < text.length; at++) {
    const character = text[at]!
    if (character === '"') quoted = !quoted
    else if (quoted && character === '\\' && at + 1 < text.length) value += text[++at]!
    else if (!quoted && BLANK.test(character)) break
    else value += character
  }
  return { value, to: at, closed: !quoted }
}
