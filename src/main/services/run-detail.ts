/** Everything about one run that is not a series, and what tells several runs apart. */
import { describeSettings } from '../../core/config/describe.ts'
import { settingAt } from '../../core/config/setting-at.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import { revisionOf } from '../../core/training/numerics-revision.ts'
import type { CheckpointRow, ChildRun, InitialisationRow, ResumePoint, Run, Store } from '../store/store.ts'
import { withoutTwins } from './checkpoints.ts'
import { differingPaths, flattenConfig } from './config-differences.ts'
import { shownInitialisations } from './initialisations.ts'
import { remainingSeconds, runRow, type RunRow } from './run-rows.ts'
import { engineObstacle } from './trainer-of-run.ts'
import { canGoOn } from './training.ts'

export interface RunDetail {
  readonly row: RunRow
  readonly notes: string
  /** Fully resolved, as it was recorded. */
  readonly config: Record<string, unknown>
  /** Settings that differ from the defaults. */
  readonly changed: { readonly path: string; readonly value: unknown }[]
  readonly appVersion: string
  /** Machine and software of the newest session, as name and value. */
  readonly machine: { readonly name: string; readonly value: string }[]
  /** The run whose checkpoint it started from. */
  readonly parentRun: { readonly id: string; readonly name: string } | null
  readonly parentCheckpoint: string | null
  /** Runs that start from its checkpoints. */
  readonly children: ChildRun[]
  /** Of a fine-tuning. */
  readonly initialisations: { readonly index: number; readonly label: string }[]
  /** Label of the initialisation whose results `row` has; null where it has but one, or is a training. */
  readonly resultsOf: string | null
  readonly tasks: number[] | null
  readonly checkpoints: Pick<
    CheckpointRow,
    'id' | 'kind' | 'iteration' | 'envSteps' | 'sha256' | 'size' | 'createdAt'
  >[]
  /** The state of training that it goes on from: no checkpoint, and replaced by every iteration; null where there is none. */
  readonly resumePoint: ResumePoint | null
  /** Why it cannot be resumed; null where it can. */
  readonly resumeObstacle: string | null
  /** The engine that computed it so far, as recorded, and why that one cannot go on here: a clause; null where it can. */
  readonly engine: { readonly name: string; readonly obstacle: string | null }
  /** Why it cannot be extended by more iterations; null where it can. */
  readonly extendObstacle: string | null
}

/** A setting in which runs differ; `values` in the order in which the runs were named. */
export interface SettingDifference {
  readonly path: string
  readonly values: unknown[]
}

/** @param eta seconds until the end of a run that this program works on */
export function runDetail(store: Store, id: string, eta: (run: string) => number | null): RunDetail {
  const row = runRow(store, id)
  const run = store.run(id)
  const initialisations = run.kind === 'fine-tune' ? shownInitialisations(store, run) : []
  return {
    row: { ...row, etaSeconds: remainingSeconds(row, eta) },
    notes: run.notes,
    config: run.config,
    changed: changedSettings(run.config),
    appVersion: run.appVersion,
    machine: machineOf(run),
    parentRun: parentOf(store, run),
    parentCheckpoint: run.parentCheckpoint,
    children: store.children(id),
    initialisations: initialisations.map(({ index, label }) => ({ index, label })),
    resultsOf: resultsOf(initialisations),
    tasks: run.tasks === null ? null : [...run.tasks],
    checkpoints: withoutTwins(store.checkpoints(id)).map(
      ({ id, kind, iteration, envSteps, sha256, size, createdAt }) => {
        return { id, kind, iteration, envSteps, sha256, size, createdAt }
      },
    ),
    resumePoint: store.resumePoint(id),
    resumeObstacle: resumeObstacle(store, run, initialisations),
    engine: { name: run.trainer.engine, obstacle: engineObstacle(run) },
    extendObstacle: store.extendObstacle(id),
  }
}

/** The store counts the results of the first one that was trained. */
function resultsOf(initialisations: readonly InitialisationRow[]): string | null {
  if (initialisations.length < 2) return null
  return (initialisations.find(({ kind }) => kind === 'checkpoint') ?? initialisations[0]!).label
}

/** Defaults as JSON by path; the same for all runs, and describing every setting takes longer than the rest of an answer. */
let defaults: ReadonlyMap<string, string | undefined> | undefined

function changedSettings(config: RunConfig): RunDetail['changed'] {
  defaults ??= new Map(describeSettings().map(({ path, default: usual }) => [path, JSON.stringify(usual)]))
  return [...defaults].flatMap(([path, usual]) => {
    const value = settingAt(config, path)
    return JSON.stringify(value) === usual ? [] : [{ path, value }]
  })
}

function machineOf({ trainer, owner, appVersion }: Run): RunDetail['machine'] {
  const { engine, kernel, multiplyAdd, workers, node, cpu, mujoco, device, versions = {}, changes = [] } = trainer
  const { blockFloats } = trainer
  return [
    // A bundle for others may leave it out, as the demonstration does.
    ...(owner.host === '' ? [] : [{ name: 'Computer', value: owner.host }]),
    { name: 'Processor', value: cpu },
    { name: 'Task workers', value: String(workers) },
    { name: 'C-MAML Studio', value: appVersion },
    { name: 'Numerics', value: `revision ${revisionOf(trainer)}` },
    { name: 'Engine', value: engine },
    ...(device === undefined ? [] : [{ name: 'Device of the engine', value: device }]),
    ...(blockFloats === undefined
      ? []
      : [{ name: 'Blocks of the engine', value: `tensors of at most ${blockFloats} floats, fewer than usual` }]),
    ...Object.entries(versions).map(([name, value]) => ({ name, value })),
    { name: 'Kernels (SHA-256)', value: kernel },
    { name: 'Multiply-add', value: multiplyAdd },
    { name: 'MuJoCo', value: mujoco },
    { name: 'Node', value: node },
    ...changes.map((value) => ({ name: 'Changed on the way', value })),
  ]
}

/** A parent in the bin is still what it started from. */
function parentOf(store: Store, { parentRun }: Run): RunDetail['parentRun'] {
  if (parentRun === null) return null
  try {
    const { id, name } = store.run(parentRun)
    return { id, name }
  } catch {
    return null
  }
}

function resumeObstacle(store: Store, run: Run, initialisations: readonly InitialisationRow[]): string | null {
  if (run.status === 'running') return 'It is in progress.'
  if (run.done >= run.total) return 'It is complete.'
  if (!canGoOn(store, run))
    return 'It was imported from a bundle, and bundles leave the state of training behind. Its checkpoint can be fine-tuned.'
  if (run.kind === 'train') return null
  if (run.tasks === null) return 'Its tasks are not stored with it.'
  const lost = initialisations.find(({ kind, checkpoint }) => kind === 'checkpoint' && checkpoint === null)
  return lost === undefined ? null : `The checkpoint of its initialisation "${lost.label}" was deleted.`
}

/** Settings in which runs differ, with their values in the order of the runs. */
export function runDifferences(store: Store, ids: readonly string[]): SettingDifference[] {
  const configs = ids.map((id) => store.run(id).config)
  return differingPaths(configs.map(flattenConfig)).map((path) => ({
    path,
    values: configs.map((config) => settingAt(config, path)),
  }))
}
