// What can be written at a place of the filter: fields, and the values that runs have.
import { fieldNamed, FIELDS, SETTING_PREFIX, type Field } from '../../core/runs/fields.ts'
import { completions, type Completion } from '../../core/runs/query.ts'
import { scan } from '../../core/runs/scan.ts'
import type { RunRow } from '../../main/api/contract.ts'

/** Values to choose from, by field; and the paths of the settings. */
export interface Vocabulary {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly settings: readonly string[]
}

export interface Completions {
  /** The characters that an option takes the place of; `to` is exclusive. */
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
}

const MOST = 12
const READ_FROM_RUNS = ['algo', 'env', 'tag', 'source', 'status', 'kind', 'method']

export function vocabularyOf(runs: readonly RunRow[], settings: readonly string[]): Vocabulary {
  const values = FIELDS.flatMap((field) => {
    if (field.type !== 'text' || !READ_FROM_RUNS.includes(field.name)) return []
    const found = new Set(runs.flatMap((run) => field.read(run)))
    return [[field.name, field.values ? Object.keys(field.values) : [...found].sort()] as const]
  })
  return { values: new Map(values), settings }
}

export function complete(text: string, caret: number, { values, settings }: Vocabulary): Completions {
  const token = scanned(text).find(({ from, to }) => from < caret && caret <= to)
  const begin = token === undefined ? caret : token.from + Number(token.negated)
  const written = text.slice(begin, caret)
  const place = { from: begin, to: token?.to ?? caret }
  const [, field, operator] = /^([A-Za-z][\w.]*)(<=|>=|<|>|=|:)/.exec(written) ?? []
  if (field === undefined || operator === undefined) return { ...place, options: starting(written, settings) }
  if (field.toLowerCase() === 'is') return { ...place, options: matching(completions(), written) }
  const known = fieldNamed(field)
  const begun = written
    .slice(field.length + operator.length)
    .replaceAll('"', '')
    .toLowerCase()
  const options = (values.get(known?.name ?? '') ?? [])
    .filter((value) => value.toLowerCase().includes(begun))
    .map((value) => ({ insert: `${field}${operator}${quoted(value)}`, help: helpOf(known, value) }))
  return { ...place, options: options.slice(0, MOST) }
}

const helpOf = (field: Field | undefined, value: string): string =>
  (field?.type === 'text' ? field.values?.[value] : undefined) ?? field?.help ?? ''

function starting(written: string, settings: readonly string[]): readonly Completion[] {
  if (written.startsWith(SETTING_PREFIX)) {
    const paths = settings.map((path) => ({ insert: `${SETTING_PREFIX}${path}=`, help: 'setting' }))
    return matching(paths, written)
  }
  // Values are offered once their field is written.
  const fields = completions().filter(({ insert }) => !/:./.test(insert) || insert.startsWith('is:'))
  return matching(fields, written)
}

const matching = (options: readonly Completion[], written: string): readonly Completion[] =>
  options.filter(({ insert }) => insert.toLowerCase().startsWith(written.toLowerCase())).slice(0, MOST)

const quoted = (value: string): string => (/[\s"]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value)

const scanned = (text: string) => [...scan(text)]

/** The text with an option in its place, and where the caret goes. A finished term is followed by a blank. */
export function completed(
  text: string,
  { from, to }: Pick<Completions, 'from' | 'to'>,
  { insert }: Completion,
): { readonly text: string; readonly caret: number } {
  const isOpen = /[:=.]$/.test(insert) || FIELDS.some(({ name }) => name === insert)
  const end = isOpen || text[to] === ' ' ? '' : ' '
  return { text: text.slice(0, from) + insert + end + text.slice(to), caret: from + insert.length + end.length }
}
