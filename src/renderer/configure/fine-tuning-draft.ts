// A fine-tuning that is being configured: a checkpoint, and what is to be different from how it was trained.
import { fieldAt } from '../../core/config/form/fields.ts'
import { validate, type SettingProblem } from '../../core/config/form/problems.ts'
import { readSeeds } from '../../core/config/form/seeds.ts'
import {
  nearestConfig,
  settingValue,
  withoutDefaults,
  withWritten,
  writtenPaths,
  writtenValue,
  type Settings,
} from '../../core/config/form/values.ts'
import { migrateConfig } from '../../core/config/migrate.ts'
import type { ImportedCheckpoint, JobRequest, RunDetail } from '../../main/api/contract.ts'
import { namingProblems, runNames, TASKS } from './naming.ts'

export interface FineTuningDraft {
  /** The training whose checkpoint it is; empty of one that came without its run. */
  readonly run: string
  /** Of the training, else of the file. */
  readonly runName: string
  /** Empty until one is chosen. */
  readonly checkpoint: string
  /** The settings of the training. */
  readonly base: Settings
  readonly name: string
  /** Whether a fresh network adapts beside it. */
  readonly random: boolean
  /** Seeds of tasks; empty: held-out ones. */
  readonly tasks: string
  /** Empty: the training's. */
  readonly seeds: string
  readonly settings: Settings
}

/** What is changed of a fine-tuning beside its checkpoint and its name, while nothing is. */
export const UNCHANGED_FINE_TUNING = { random: true, tasks: '', seeds: '', settings: {} } as const

export const NEW_FINE_TUNING: FineTuningDraft = {
  ...{ run: '', runName: '', checkpoint: '', base: {}, name: '' },
  ...UNCHANGED_FINE_TUNING,
}

/** The settings that every fine-tuning asks about. */
export const PROTOCOL = [
  'costLimit',
  'fineTune.tasks',
  'fineTune.steps',
  'fineTune.episodes',
  'fineTune.algorithm',
] as const

/** @param checkpoint its newest if missing. What was changed stays, so that one protocol serves several checkpoints. */
export function ofCheckpoint(
  draft: FineTuningDraft,
  { row, config, checkpoints }: Pick<RunDetail, 'row' | 'config' | 'checkpoints'>,
  checkpoint?: string,
): FineTuningDraft {
  const from = { run: row.id, runName: row.name, checkpoint: checkpoint ?? newestFirst(checkpoints)[0]?.id ?? '' }
  return startingFrom(draft, from, config)
}

/** The same of a checkpoint that came without its run. */
export const ofImported = (
  draft: FineTuningDraft,
  { id, source, config }: Pick<ImportedCheckpoint, 'id' | 'source' | 'config'>,
): FineTuningDraft =>
  startingFrom(draft, { run: '', runName: source.replace(/\.safetensors$/i, ''), checkpoint: id }, config)

function startingFrom(
  draft: FineTuningDraft,
  from: Pick<FineTuningDraft, 'run' | 'runName' | 'checkpoint'>,
  config: Record<string, unknown>,
): FineTuningDraft {
  const base = withoutDefaults(migrateConfig(config) as Settings)
  return {
    ...draft,
    ...from,
    base,
    settings: withTasks(base, draft.settings),
    name: `${from.runName} (fine-tuning)`,
  }
}

export const newestFirst = (checkpoints: RunDetail['checkpoints']): RunDetail['checkpoints'] =>
  checkpoints.toSorted((a, b) => b.iteration - a.iteration)

/** A training that no fine-tuning was to follow has 0 tasks; who asks for one wants some. */
function withTasks(base: Settings, settings: Settings): Settings {
  const path = 'fineTune.tasks'
  const isNone = settingValue(base, path) === 0 && writtenValue(settings, path) === undefined
  return isNone ? withWritten(settings, path, fieldAt(path)!.default) : settings
}

/** The settings that it will have. */
export const fineTuningSettings = ({ base, settings }: FineTuningDraft): Settings =>
  writtenPaths(settings).reduce((all, path) => withWritten(all, path, writtenValue(settings, path)), base)

/** Where one begins: not a mistake. */
export const NO_CHECKPOINT = 'no checkpoint is chosen yet'

export function fineTuningProblems(draft: FineTuningDraft): SettingProblem[] {
  if (draft.checkpoint === '') return [{ path: null, message: NO_CHECKPOINT }]
  const tasks = draft.tasks.trim() === '' ? undefined : readSeeds(draft.tasks, 'tasks')
  return [
    // Without seeds it is one run.
    ...namingProblems(draft.name, draft.seeds.trim() === '' ? '1' : draft.seeds),
    ...(tasks && 'problem' in tasks ? [{ path: TASKS, message: tasks.problem }] : []),
    ...validate(fineTuningSettings(draft)),
  ]
}

/** The jobs that a draft without problems asks for: one per seed. */
export function fineTuningRequests({
  checkpoint,
  random,
  name,
  tasks,
  seeds,
  settings,
}: FineTuningDraft): JobRequest[] {
  const read = seeds.trim() === '' ? { seeds: [] } : readSeeds(seeds)
  const wanted = 'seeds' in read ? read.seeds : []
  const named = tasks.trim() === '' ? undefined : readSeeds(tasks, 'tasks')
  return runNames(name, wanted).map((one, i) => ({
    kind: 'fine-tune',
    name: one,
    initialisations: [checkpoint, ...(random ? ['random'] : [])],
    ...(named && 'seeds' in named ? { tasks: [...named.seeds] } : {}),
    settings: { ...settings, ...(wanted[i] === undefined ? {} : { seed: wanted[i] }) },
  }))
}

/** What to know of tasks that were named: those among the seeds that it was trained on are no test of adaptation. */
export function taskWarnings(draft: FineTuningDraft): string[] {
  const read = draft.tasks.trim() === '' ? undefined : readSeeds(draft.tasks, 'tasks')
  if (read === undefined || 'problem' in read) return []
  const { trainingFrom, trainingTo } = nearestConfig(draft.base).tasks
  const seen = read.seeds.filter((task) => task >= trainingFrom && task <= trainingTo)
  return seen.length === 0
    ? []
    : [
        `${seen.length} of ${read.seeds.length} tasks are among those that it was trained on (${trainingFrom} to ${trainingTo}).`,
      ]
}
