/** Everything about one run that is not a series, and what tells several runs apart. */
import type { RunDetail, SettingDifference } from '../api/contract.ts'
import { describeSettings } from '../../core/config/describe.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { InitialisationRow, Run, Store } from '../store/store.ts'
import { differingPaths, flattenConfig } from './config-differences.ts'
import { shownInitialisations } from './initialisations.ts'
import { remainingSeconds, runRow } from './run-rows.ts'
import { canGoOn } from './training.ts'

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
    tasks: run.tasks === null ? null : [...run.tasks],
    checkpoints: store.checkpoints(id).map(({ id, kind, iteration, envSteps, sha256, size, createdAt }) => {
      return { id, kind, iteration, envSteps, sha256, size, createdAt }
    }),
    size: store.runSize(id),
    resumeObstacle: resumeObstacle(store, run, initialisations),
    extendObstacle: store.extendObstacle(id),
  }
}

/** The value of a setting by its dotted path; undefined where there is none. */
export function settingAt(config: RunConfig, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      config,
    )
}

function changedSettings(config: RunConfig): RunDetail['changed'] {
  return describeSettings().flatMap(({ path, default: usual }) => {
    const value = settingAt(config, path)
    return JSON.stringify(value) === JSON.stringify(usual) ? [] : [{ path, value }]
  })
}

function machineOf({ trainer, owner, appVersion }: Run): RunDetail['machine'] {
  const { engine, kernel, multiplyAdd, workers, node, cpu, mujoco, changes = [] } = trainer
  return [
    { name: 'Computer', value: owner.host },
    { name: 'Processor', value: cpu },
    { name: 'Task workers', value: String(workers) },
    { name: 'C-MAML Studio', value: appVersion },
    { name: 'Engine', value: engine },
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
