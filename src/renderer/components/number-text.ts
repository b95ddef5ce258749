/** Numbers as people type them: `1e-3`, `0,5`, `10 000`, a true minus sign. */

export type ParsedNumber = { readonly value: number | null } | { readonly problem: string }

export interface NumberBounds {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly integer?: boolean | undefined
}

/** The number, null of an empty text, or what is wrong with it and what is allowed. */
export function parseNumber(text: string, { min, max, integer = false }: NumberBounds = {}): ParsedNumber {
  const plain = text.replaceAll('−', '-').replace(/[\s_\u202f\u00a0]/g, '')
  if (plain === '') return { value: null }
  const decimal = /^[^.,]*,\d*(e[+-]?\d+)?$/i.test(plain) ? plain.replace(',', '.') : plain
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(decimal)) return { problem: `“${text.trim()}” is not a number.` }
  const value = Number(decimal)
  if (integer && !Number.isInteger(value)) return { problem: 'A whole number is needed.' }
  if (min !== undefined && value < min) return { problem: `At least ${min} is needed.` }
  if (max !== undefined && value > max) return { problem: `At most ${max} is allowed.` }
  return { value }
}

/** The next multiple of `step` up or down, without the noise of binary fractions, within the bounds. */
export function stepNumber(value: number, step: number, direction: 1 | -1, { min, max }: NumberBounds = {}): number {
  const next = Number((value + direction * step).toPrecision(12))
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next))
}
