/** Stored fine-tunings as curves over adaptation, pooled where nothing but seeds and tasks tells them apart. */
import type { RunConfig } from '../../core/config/settings.ts'
import type { Run, Store } from '../store/store.ts'
import { differingPaths } from './config-differences.ts'
import { correctedLabel } from '../../core/study/plan/initialisation-label.ts'
import { printable } from './run-name.ts'
import { fineTuningSettings, trainingSettings } from './settings-read.ts'

/** The checkpoint behind an initialisation. */
export interface Origin {
  readonly sha256: string
  /** null: the checkpoint was deleted since. */
  readonly trained: {
    readonly checkpoint: string
    /** null where it came without its run. */
    readonly run: string | null
    readonly config: RunConfig
    readonly iteration: number
    readonly envSteps: number
  } | null
}

/** One initialisation of one fine-tuning run. */
export interface Start {
  readonly run: Run
  /** Position among the initialisations of the run. */
  readonly index: number
  readonly label: string
  /** null: a random network. */
  readonly origin: Origin | null
  /**
   * Seed of the training that its numbers depend on: of its own, or (under running observation scaling) of the one
   * whose statistics a random network got; null where there is none.
   */
  readonly trainingSeed: number | null
}

/** One fine-tuning on one task: values before the first and after each step. */
export interface TaskCurve {
  readonly start: Start
  readonly task: number
  readonly returns: readonly number[]
  readonly costs: readonly number[]
  readonly goals: readonly number[]
  /** Environment steps of each policy's episodes together. */
  readonly transitions: readonly number[]
}

export function readCurves(store: Store, run: Run): TaskCurve[] {
  const origins = store.initialisations(run.id).map(({ label, kind, checkpoint, sha256 }) => {
    if (kind === 'random') return { label, origin: null }
    if (checkpoint === null) return { label, origin: { sha256: sha256!, trained: null } }
    const { iteration, envSteps, run: of } = store.checkpoint(checkpoint)
    const { config } = store.readCheckpoint(checkpoint)
    const trained = { checkpoint, run: of, config, iteration, envSteps }
    return { label: correctedLabel(label, config), origin: { sha256: sha256!, trained } }
  })
  const seedOf = (origin: Origin | null) => origin?.trained?.config.seed ?? null
  const shared =
    run.config.observationScaling === 'running' ? seedOf(origins.find(({ origin }) => origin)?.origin ?? null) : null
  const starts = origins.map(({ label, origin }, index): Start => {
    return { run, index, label, origin, trainingSeed: origin ? seedOf(origin) : shared }
  })
  const cells = store.fineTuneCells(run.id)
  const curves: TaskCurve[] = []
  for (let from = 0, to = 0; from < cells.count; from = to) {
    const [initialisation, task] = [cells.initialisation[from]!, cells.task[from]!]
    while (to < cells.count && cells.initialisation[to] === initialisation && cells.task[to] === task) to++
    curves.push({
      start: starts[initialisation]!,
      task,
      returns: [...cells.return.subarray(from, to)],
      costs: [...cells.cost.subarray(from, to)],
      goals: [...cells.goals.subarray(from, to)],
      transitions: [...cells.transitions.subarray(from, to)],
    })
  }
  return curves
}

/**
 * Curves by label. Curves of one label are one initialisation under several seeds only where all settings but the seeds
 * agree; else the label is split, and each part named by the settings in which it differs.
 *
 * @param onRepeat hears of each result that two runs have: it counts once
 */
export function poolByLabel(
  curves: readonly TaskCurve[],
  onRepeat: (first: Run, second: Run) => void = () => {},
): Map<string, TaskCurve[]> {
  const starts = [...new Set(curves.map(({ start }) => start))]
  const names = new Map<Start, string>()
  for (const label of new Set(starts.map((start) => start.label))) {
    const alike = starts.filter((start) => start.label === label)
    for (const [start, name] of nameVariants(label, alike)) names.set(start, name)
  }
  const ambiguous = ambiguousNames(curves, names)
  const runs = new Set(starts.map(({ run }) => run))
  const distinctNames = new Set([...runs].map(({ name }) => name)).size === runs.size
  const groups = new Map<string, Map<string, TaskCurve>>()
  for (const curve of curves) {
    const { run } = curve.start
    const name = names.get(curve.start)!
    const label = ambiguous.has(name) ? `${name} (${distinctNames ? printable(run.name) : run.id})` : name
    const group = groups.get(label) ?? new Map<string, TaskCurve>()
    groups.set(label, group)
    const cell = cellOf(curve)
    const known = group.get(cell)
    if (known !== undefined) onRepeat(known.start.run, run)
    group.set(cell, curve)
  }
  return new Map([...groups].map(([label, group]) => [label, [...group.values()]]))
}

/** What has to agree for curves to be one initialisation: all but the seeds and tasks that it is averaged over. */
function factsOf({ run, origin }: Start): Map<string, string> {
  const facts = new Map<string, string>()
  if (origin?.trained) {
    const { config, iteration } = origin.trained
    for (const [path, value] of trainingSettings(config)) facts.set(path, value)
    facts.set('iteration', String(iteration))
  } else if (origin) facts.set('deleted checkpoint', origin.sha256.slice(0, 8))
  for (const [path, value] of fineTuningSettings(run.config))
    if (facts.get(path) !== value) facts.set(origin ? `fine-tuned with ${path}` : path, value)
  return facts
}

/** Most settings that a label names. */
const NAMED = 4

function nameVariants(label: string, starts: readonly Start[]): [Start, string][] {
  const facts = starts.map((start) => [start, factsOf(start)] as const)
  const paths = differingPaths(facts.map(([, fact]) => fact))
  if (paths.length === 0) return facts.map(([start]) => [start, label])
  const variant = (fact: ReadonlyMap<string, string>, path: string) => {
    const value = fact.get(path)
    return value === undefined ? [] : [`${path}=${value}`]
  }
  const variants = new Map<string, string>()
  return facts.map(([start, fact]): [Start, string] => {
    const all = paths.flatMap((path) => variant(fact, path))
    const key = all.join()
    const shown = all.slice(0, NAMED).join(', ') + (all.length > NAMED ? `, ${all.length - NAMED} more` : '')
    const name = variants.get(key) ?? distinct(`${label} (${shown})`, [...variants.values()])
    variants.set(key, name)
    return [start, name]
  })
}

/** Two variants may only differ in settings that their names do not show any more. */
function distinct(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? distinct(`${name}'`, taken) : name
}

/** Names under which the same seeds and task have several results: other initialisations that no setting tells apart. */
function ambiguousNames(curves: readonly TaskCurve[], names: ReadonlyMap<Start, string>): Set<string> {
  const ambiguous = new Set<string>()
  const seen = new Map<string, TaskCurve>()
  for (const curve of curves) {
    const name = names.get(curve.start)!
    const key = `${name}/${cellOf(curve)}`
    const other = seen.get(key)
    if (other && !sameNumbers(other, curve)) ambiguous.add(name)
    seen.set(key, curve)
  }
  return ambiguous
}

const cellOf = ({ start, task }: TaskCurve) => `${start.trainingSeed}/${start.run.seed}/${task}`

const sameNumbers = (a: TaskCurve, b: TaskCurve) =>
  a.returns.join() === b.returns.join() && a.costs.join() === b.costs.join()
