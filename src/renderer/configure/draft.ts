// What is being configured on the New run screen, as plain data: it is kept, restored and undone as a whole.
import { readSeeds } from '../../core/config/form/seeds.ts'
import { migrateConfig } from '../../core/config/migrate.ts'
import { validate, type SettingProblem } from '../../core/config/form/problems.ts'
import { sameValue, withoutDefaults, type Settings } from '../../core/config/form/values.ts'
import type { JobRequest, PresetRow, RunDetail } from '../../main/api/contract.ts'
import { fineTuningProblems, fineTuningRequests, NEW_FINE_TUNING, type FineTuningDraft } from './fine-tuning-draft.ts'
import { namingProblems, runNames, SEEDS } from './naming.ts'

/** Where a draft began, and what its changes are counted against. */
export interface Base {
  readonly kind: 'defaults' | 'preset' | 'run'
  /** Of the preset its name, of the run its id. */
  readonly id: string
  readonly name: string
  readonly settings: Settings
}

export type Scale = Extract<JobRequest, { kind: 'study' }>['scale']

export interface StudyDraft {
  /** Empty until one is chosen. */
  readonly study: string
  readonly scale: Scale
  /** Empty: those of the scale. */
  readonly seeds: string
  readonly settings: Settings
}

/** What can be started, as the screen names it. */
export const TABS = { run: 'Run', 'fine-tuning': 'Fine-tuning', study: 'Study' } as const
export type Tab = keyof typeof TABS

export interface Draft {
  readonly tab: Tab
  readonly base: Base
  /** Without the seed, which `seeds` has. */
  readonly settings: Settings
  readonly name: string
  /** Whether somebody wrote the name: others are suggested, and change with the settings. */
  readonly named: boolean
  /** As it is written: `1..3`. */
  readonly seeds: string
  readonly study: StudyDraft
  readonly fineTuning: FineTuningDraft
}

export const DEFAULTS: Base = { kind: 'defaults', id: '', name: 'the defaults', settings: {} }

export const NEW_DRAFT: Draft = {
  tab: 'run',
  base: DEFAULTS,
  settings: {},
  name: 'run',
  named: false,
  seeds: '1',
  study: { study: '', scale: 'small', seeds: '', settings: {} },
  fineTuning: NEW_FINE_TUNING,
}

/** The settings apart from the seed, and the seed. */
export function withoutSeed({ seed, ...settings }: Settings): { settings: Settings; seed: unknown } {
  return { settings, seed }
}

export function fromPreset(draft: Draft, { name, settings: all }: PresetRow): Draft {
  const { settings: written, seed } = withoutSeed(all)
  // A preset also says what happens to be the default.
  const settings = withoutDefaults(written)
  const base: Base = { kind: 'preset', id: name, name, settings }
  return {
    ...draft,
    tab: 'run',
    base,
    settings,
    name,
    named: false,
    seeds: seed === undefined ? draft.seeds : String(seed),
  }
}

export function fromDefaults(draft: Draft): Draft {
  return { ...draft, tab: 'run', base: DEFAULTS, settings: {}, name: NEW_DRAFT.name, named: false }
}

/** A run once more: its configuration as it was recorded, in today's form. */
export function fromRun(draft: Draft, { row, config }: Pick<RunDetail, 'row' | 'config'>): Draft {
  const { settings, seed } = withoutSeed(withoutDefaults(migrateConfig(config) as Settings))
  const base: Base = { kind: 'run', id: row.id, name: row.name, settings }
  return { ...draft, tab: 'run', base, settings, name: `${row.name} (copy)`, named: false, seeds: String(seed ?? 1) }
}

/** What is wrong with a draft; name and seeds are no settings and have paths of their own. */
export function problemsOf(draft: Draft): SettingProblem[] {
  switch (draft.tab) {
    case 'run':
      return [...namingProblems(draft.name, draft.seeds), ...validate(draft.settings)]
    case 'fine-tuning':
      return fineTuningProblems(draft.fineTuning)
    case 'study':
      return studyProblems(draft.study)
  }
}

/** Whether settings of a run were written that were not started. */
export const isUnstarted = ({ settings, base }: Draft, started: Settings | undefined): boolean =>
  !sameValue(settings, base.settings) && !(started !== undefined && sameValue(settings, started))

/** What keeps a study from being started before anything was done about it. */
export const NO_STUDY = 'no study is chosen yet'

function studyProblems({ study, seeds, settings }: StudyDraft): SettingProblem[] {
  const read = seeds.trim() === '' ? undefined : readSeeds(seeds)
  return [
    ...(study === '' ? [{ path: null, message: NO_STUDY }] : []),
    ...(read && 'problem' in read ? [{ path: SEEDS, message: read.problem }] : []),
    ...validate(settings),
  ]
}

/** The jobs that a draft without problems asks for: one per seed, or one study. */
export function requestsOf(draft: Draft): JobRequest[] {
  switch (draft.tab) {
    case 'run':
      return trainingRequests(draft)
    case 'fine-tuning':
      return fineTuningRequests(draft.fineTuning)
    case 'study':
      return [studyRequest(draft.study)]
  }
}

function studyRequest({ study, scale, seeds, settings }: StudyDraft): JobRequest {
  const read = seeds.trim() === '' ? undefined : readSeeds(seeds)
  return {
    kind: 'study',
    study,
    scale,
    ...(read && 'seeds' in read ? { seeds: [...read.seeds] } : {}),
    ...(Object.keys(settings).length > 0 ? { settings: { ...settings } } : {}),
  }
}

function trainingRequests(draft: Draft): JobRequest[] {
  const read = readSeeds(draft.seeds)
  const seeds = 'seeds' in read ? read.seeds : []
  const names = runNames(draft.name, seeds)
  return seeds.map((seed, i) => ({
    kind: 'train',
    name: names[i]!,
    settings: { ...draft.settings, seed },
  }))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A draft that an earlier page kept; undefined where it is none of this version's. */
export function readDraft(text: string | null): Draft | undefined {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
  return sameShape(kept, NEW_DRAFT) ? (kept as unknown as Draft) : undefined
}

/** Whether a value has the fields of a model, each of the model's type; settings may be anything. */
function sameShape(value: unknown, model: object): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    Object.entries(model).every(([key, own]) => {
      const other = value[key]
      if (key === 'settings') return isRecord(other)
      return isRecord(own) ? sameShape(other, own) : typeof other === typeof own
    })
  )
}
