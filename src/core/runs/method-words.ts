// What people call the method of a training: the words of the configuration, and the labels of the policies it makes.
import type { RunConfig } from '../config/settings.ts'
import { arms } from '../study/plan/arms.ts'
import { initialisationLabel } from '../study/plan/initialisation-label.ts'
import type { FilterableRun } from './fields.ts'
import { scan } from './scan.ts'

const OF_SETTINGS: Readonly<Record<string, string>> = {
  meta: 'by C-MAML or MAML',
  'pre-train': 'on all tasks at once, without adaptation',
}

/** In small letters, as how labels of `initialisationLabel` begin: those of ablations go on. */
const LABELS: Readonly<Record<string, string>> = {
  [arms['c-maml'].label.toLowerCase()]: 'with the constraint; its ablations too',
  [arms.maml.label.toLowerCase()]: 'adapts, with no constraint anywhere',
  [arms['pre-trained'].label.toLowerCase()]: 'as pre-train',
}

/** What may be asked for, with what each means. */
export const METHOD_WORDS: Readonly<Record<string, string>> = { ...OF_SETTINGS, ...LABELS }

/** Sections that tell the labels apart. */
const SECTIONS = ['inner', 'meta'] as const

/** Settings that are needed to tell whether a training is of that method: the row of a run has only the setting itself. */
export const settingsOfMethod = (word: string): readonly string[] =>
  Object.hasOwn(OF_SETTINGS, word.toLowerCase()) ? [] : SECTIONS

/** Of a training, as far as its settings are known. */
export function methodWords({ method }: FilterableRun, setting: (path: string) => unknown): string[] {
  if (method !== 'meta' && method !== 'pre-train') return []
  const [inner, meta] = SECTIONS.map(setting)
  if (inner === undefined || meta === undefined) return [method]
  // They were checked when the run was stored.
  const config = { method, inner, meta } as Pick<RunConfig, 'method' | 'inner' | 'meta'>
  return [method, initialisationLabel(config)]
}

/** The filter with a method where one was looked for in names or among algorithms; null where none was. */
export function askingForMethod(filter: string): string | null {
  for (const { from, to, closed, negated, field, value } of scan(filter)) {
    const isElsewhere = field === null || ['algo', 'name', 'kind'].includes(field.toLowerCase())
    const word = value.toLowerCase()
    if (!closed || !isElsewhere || !Object.hasOwn(LABELS, word)) continue
    return `${filter.slice(0, from)}${negated ? '-' : ''}method:${word}${filter.slice(to)}`
  }
  return null
}
