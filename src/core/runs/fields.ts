// What a filter can ask of a run: the fields of the filter language, with what people are told about them.
import { METHOD_WORDS } from './method-words.ts'

/** What of a run the filter language reads; a row of the table of runs has it. */
export interface FilterableRun {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly method: string | null
  readonly status: string
  readonly world: string
  readonly algorithm: string
  readonly seed: number
  readonly costLimit: number
  readonly done: number
  readonly total: number
  readonly envSteps: number
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number
  readonly finishedAt: number | null
  readonly activeSeconds: number
  readonly lastReturn: number | null
  readonly lastCost: number | null
  readonly bestReturn: number | null
  readonly bestCost: number | null
  readonly source: string | null
  readonly tags: readonly string[]
  readonly hasNotes: boolean
  readonly pinned: boolean
  readonly archived: boolean
}

interface Described {
  readonly name: string
  /** One line for people, in lists of what can be written. */
  readonly help: string
}

export interface TextField extends Described {
  readonly type: 'text'
  /** Where only some words make sense, with what each of them means. */
  readonly values?: Readonly<Record<string, string>>
  read(run: FilterableRun): readonly string[]
}

export interface NumberField extends Described {
  readonly type: 'number'
  read(run: FilterableRun): number | null
}

export interface DateField extends Described {
  readonly type: 'date'
  read(run: FilterableRun): number | null
}

export interface FlagField extends Described {
  readonly type: 'flag'
  read(run: FilterableRun): boolean
}

export type Field = TextField | NumberField | DateField

const text = (
  name: string,
  help: string,
  read: (run: FilterableRun) => readonly string[],
  values?: Readonly<Record<string, string>>,
): TextField => ({ type: 'text', name, help, read, ...(values ? { values } : {}) })

const number = (name: string, help: string, read: (run: FilterableRun) => number | null): NumberField => ({
  ...{ type: 'number', name, help, read },
})

const date = (name: string, help: string, read: (run: FilterableRun) => number | null): DateField => ({
  ...{ type: 'date', name, help, read },
})

const flag = (name: string, help: string, read: (run: FilterableRun) => boolean): FlagField => ({
  ...{ type: 'flag', name, help, read },
})

/** The words of the screens, and those of the command line, which are short. */
const KINDS = {
  training: 'meta-training or pre-training',
  'meta-training': 'training of a policy that adapts',
  'pre-training': 'training of a policy by itself',
  'fine-tuning': 'adaptation to held-out tasks',
  train: 'as training',
  'fine-tune': 'as fine-tuning',
}

function kindWords({ kind, method }: FilterableRun): string[] {
  if (kind === 'fine-tune') return ['fine-tune', 'fine-tuning']
  return ['train', 'training', method === 'pre-train' ? 'pre-training' : 'meta-training']
}

const STATUSES = {
  running: 'somebody works on it',
  completed: 'came to its end',
  stopped: 'was stopped by somebody',
  failed: 'ended with an error',
  interrupted: 'the program that worked on it is gone',
}

/** Of `field:value` and, where they are numbers or dates, `field<value` and its kin. */
export const FIELDS: readonly Field[] = [
  text('id', 'id, or its ending', (run) => [run.id]),
  text('name', 'part of the name', (run) => [run.name]),
  text('kind', 'training or fine-tuning', kindWords, KINDS),
  text('method', 'how a training trains', (run) => (run.method === null ? [] : [run.method]), METHOD_WORDS),
  text('status', 'how it stands', (run) => [run.status], STATUSES),
  text('algo', 'algorithm of the policy step, or how its name begins', (run) => [run.algorithm]),
  text('env', 'world that it trains in', (run) => [run.world]),
  text('tag', 'one of its tags', (run) => run.tags),
  text('source', 'bundle that it was imported from', (run) => (run.source === null ? [] : [run.source])),
  number('return', 'episode return of the newest iteration', (run) => run.lastReturn),
  number('cost', 'episode cost of the newest iteration', (run) => run.lastCost),
  number('bestReturn', 'highest episode return within the cost limit', (run) => run.bestReturn),
  number('bestCost', 'episode cost of that iteration', (run) => run.bestCost),
  number('limit', 'cost limit', (run) => run.costLimit),
  number('seed', 'seed of the run', (run) => run.seed),
  number('done', 'iterations or results committed', (run) => run.done),
  number('total', 'iterations or results asked for', (run) => run.total),
  number('steps', 'environment steps', (run) => run.envSteps),
  number('hours', 'hours spent', (run) => run.activeSeconds / 3600),
  date('created', 'day on which it was created', (run) => run.createdAt),
  date('finished', 'day on which it ended', (run) => run.finishedAt),
]

/** Of `is:name`. */
export const FLAGS: readonly FlagField[] = [
  flag('pinned', 'pinned to the top', (run) => run.pinned),
  flag('archived', 'put away', (run) => run.archived),
  flag('noted', 'has notes', (run) => run.hasNotes),
  flag('tagged', 'has tags', (run) => run.tags.length > 0),
  flag('imported', 'came from a bundle', (run) => run.source !== null),
  flag('feasible', 'keeps the cost limit in its newest iteration', (run) => keepsLimit(run)),
]

const keepsLimit = ({ lastCost, costLimit }: FilterableRun): boolean => lastCost !== null && lastCost <= costLimit

/** Begins the field of a setting, e.g. `set.inner.kl=0.2`. */
export const SETTING_PREFIX = 'set.'

/** The field of notes, which no row of a list carries. */
export const NOTE_FIELD = 'note'

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name.toLowerCase(), field]))
const FLAG_BY_NAME: ReadonlyMap<string, FlagField> = new Map(FLAGS.map((field) => [field.name, field]))

/** What people also call a field. */
const ALSO: Readonly<Record<string, string>> = { state: 'status' }

export function fieldNamed(name: string): Field | undefined {
  const written = name.toLowerCase()
  return BY_NAME.get(ALSO[written] ?? written)
}
export const isNoteField = (name: string): boolean => ['note', 'notes'].includes(name.toLowerCase())
export const flagNamed = (name: string): FlagField | undefined => FLAG_BY_NAME.get(name.toLowerCase())
