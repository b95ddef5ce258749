// The filter language of runs as data: a query is met by a run that meets every one of its terms.
import { FIELDS, FLAGS, NOTE_FIELD, type Field } from './fields.ts'

export const OPERATORS = ['<=', '>=', '<', '>', '=', ':'] as const
export type Operator = (typeof OPERATORS)[number]

/** A number, or for `field:1..3` both ends of a range, inclusive. Of dates: milliseconds since the Unix epoch. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** What one term asks for, before its sign. */
export type Condition =
  /** In the name, a tag, the id, the world, the algorithm or the notes. */
  | { readonly kind: 'anywhere'; readonly text: string }
  | { readonly kind: 'text'; readonly field: string; readonly operator: '=' | ':'; readonly text: string }
  | { readonly kind: 'range'; readonly field: string; readonly operator: Operator; readonly range: Range }
  | { readonly kind: 'flag'; readonly flag: string }
  /** In the notes. */
  | { readonly kind: 'note'; readonly text: string }
  /** `text` is compared as a number where it is one. */
  | { readonly kind: 'setting'; readonly path: string; readonly operator: Operator; readonly text: string }

export interface Term {
  /** Written with a minus in front: the run must not meet it. */
  readonly negated: boolean
  readonly condition: Condition
}

export interface Query {
  readonly terms: readonly Term[]
}

/** What is wrong at which characters of the text. */
export interface QueryProblem {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly message: string
}

/** What can be written, for completion and help. */
export interface Completion {
  /** As far as it is to be filled in, e.g. `cost` or `is:pinned`. */
  readonly insert: string
  readonly help: string
}

export const completions = (): Completion[] => [
  ...FIELDS.flatMap((field) => [{ insert: `${field.name}${suffix(field)}`, help: field.help }, ...valuesOf(field)]),
  { insert: `${NOTE_FIELD}:`, help: 'part of its notes' },
  ...FLAGS.map(({ name, help }) => ({ insert: `is:${name}`, help })),
  { insert: 'set.', help: 'a setting by its dotted path, e.g. set.inner.kl=0.2' },
]

const suffix = ({ type }: Field): string => (type === 'text' ? ':' : '')

const valuesOf = (field: Field): Completion[] =>
  Object.entries((field.type === 'text' && field.values) || {}).map(([value, help]) => ({
    insert: `${field.name}:${value}`,
    help,
  }))
