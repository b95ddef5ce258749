/** Initialisations beside each other over adaptation: from stored fine-tunings to the numbers of a table. */
import {
  pairedDifference,
  stepIntervals,
  type Curve,
  type Interval,
  type PairedDifference,
} from '../../core/study/paired.ts'
import type { Run, Store } from '../store/store.ts'
import { RANDOM_LABEL } from './fine-tuning.ts'
import { InvalidRequest } from './invalid-request.ts'

export interface InitialisationCurves {
  readonly label: string
  /** Environment steps of training behind it, mean over its runs; null where its checkpoint was deleted. */
  readonly trainingSteps: number | null
  readonly steps: readonly { readonly step: number; readonly return: Interval; readonly cost: Interval }[]
}

/** `first - second`, averaged over all steps. */
export interface InitialisationDifference {
  readonly first: string
  readonly second: string
  readonly return: PairedDifference
  readonly cost: PairedDifference
}

export interface Comparison {
  readonly runs: readonly string[]
  readonly world: string
  readonly costLimit: number
  readonly horizon: number
  /** Whole episodes behind each task's value. */
  readonly episodes: number
  readonly tasks: readonly number[]
  readonly seeds: readonly number[]
  /** (seed, task) pairs that not all initialisations have, and that are therefore left out. */
  readonly leftOut: number
  readonly initialisations: readonly InitialisationCurves[]
  readonly differences: readonly InitialisationDifference[]
}

/** Seed of the bootstrap: fixed, so that the same results always give the same intervals. */
const BOOTSTRAP_SEED = 1

interface LabelledCurve {
  readonly run: Run
  readonly label: string
  readonly seed: number
  readonly task: number
  readonly trainingSteps: number | null
  readonly returns: readonly number[]
  readonly costs: readonly number[]
}

/** Compares what fine-tuning runs stored; a meta-training stands for its newest fine-tuning. */
export function compareRuns(store: Store, references: readonly string[]): Comparison {
  const named = references.map((reference) => fineTuningOf(store, store.run(reference)))
  const runs = [...new Map(named.map((run) => [run.id, run])).values()]
  checkComparable(runs)
  const groups = groupByLabel(runs.flatMap((run) => readCurves(store, run)))
  const cells = [...groups.values()].map((curves) => new Set(curves.map(cellOf)))
  const everywhere = new Set([...(cells[0] ?? [])].filter((cell) => cells.every((own) => own.has(cell))))
  const anywhere = new Set(cells.flatMap((own) => [...own]))
  if (everywhere.size === 0)
    throw new InvalidRequest(
      `Runs ${runs.map(({ id }) => id).join(', ')} have no finished task that all their initialisations share.`,
    )
  const balanced = [...groups].map(([label, curves]) => ({
    label,
    curves: curves.filter((curve) => everywhere.has(cellOf(curve))),
  }))
  const kept = balanced[0]!.curves
  const { environment, costLimit, fineTune } = runs[0]!.config
  return {
    runs: runs.map(({ id }) => id),
    world: environment.world,
    costLimit,
    horizon: environment.horizon,
    episodes: fineTune.episodes,
    tasks: [...new Set(kept.map(({ task }) => task))].sort((a, b) => a - b),
    seeds: [...new Set(kept.map(({ seed }) => seed))].sort((a, b) => a - b),
    leftOut: anywhere.size - everywhere.size,
    initialisations: balanced.map(({ label, curves }) => {
      const costs = stepIntervals(curvesOf(curves, 'costs'))
      const steps = stepIntervals(curvesOf(curves, 'returns'))
      return {
        label,
        trainingSteps: meanTrainingSteps(curves),
        steps: steps.map((interval, step) => ({ step, return: interval, cost: costs[step]! })),
      }
    }),
    differences: pairs(balanced).map(([first, second]) => ({
      first: first.label,
      second: second.label,
      return: pairedDifference(curvesOf(first.curves, 'returns'), curvesOf(second.curves, 'returns'), BOOTSTRAP_SEED),
      cost: pairedDifference(curvesOf(first.curves, 'costs'), curvesOf(second.curves, 'costs'), BOOTSTRAP_SEED),
    })),
  }
}

/** What a difference shows, in one sentence that claims no more than its intervals. */
export function conclusion(
  { tasks, seeds, initialisations }: Comparison,
  difference: InitialisationDifference,
): string {
  const { first, second } = difference
  const lastStep = initialisations[0]!.steps.length - 1
  const scope =
    `${first} against ${second}, mean over adaptation steps 0 to ${lastStep}, ` +
    `${counted(tasks.length, 'task')} and ${counted(seeds.length, 'seed')}`
  if (tasks.length < 2) return `${scope}: one task alone shows nothing about others.`
  return `${scope}: ${verdict('return', difference.return)}; ${verdict('cost', difference.cost)}.`
}

function verdict(quantity: string, { t }: PairedDifference): string {
  const direction = t.low > 0 ? 'is higher' : t.high < 0 ? 'is lower' : 'shows no clear difference'
  const interval = `95 % interval ${t.low.toFixed(2)} to ${t.high.toFixed(2)}`
  return `the ${quantity} ${direction} (by ${t.mean.toFixed(2)}, ${interval})`
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

function fineTuningOf(store: Store, run: Run): Run {
  if (run.kind === 'fine-tune') return run
  const children = store
    .runs({ kind: 'fine-tune' })
    .map(({ id }) => store.run(id))
    .filter(({ parentRun, done }) => parentRun === run.id && done > 0)
  const newest = children[0]
  if (!newest)
    throw new InvalidRequest(
      `Run ${run.id} (${run.name}) has not been fine-tuned yet: cmaml finetune --init ${run.id} --init random --tasks held-out`,
    )
  return newest
}

/** Settings that must agree for numbers to mean the same. */
function checkComparable(runs: readonly Run[]): void {
  const facts = ({ config }: Run) => ({
    'environment.world': config.environment.world,
    'environment.goal': config.environment.goal,
    'environment.goalRule': config.environment.goalRule,
    'environment.horizon': config.environment.horizon,
    'environment.vasesConstrained': config.environment.vasesConstrained,
    'fineTune.steps': config.fineTune.steps,
    'fineTune.episodes': config.fineTune.episodes,
    costLimit: config.costLimit,
  })
  const [first, ...others] = runs
  for (const other of others)
    for (const [name, value] of Object.entries(facts(first!))) {
      const theirs = facts(other)[name as keyof ReturnType<typeof facts>]
      if (theirs !== value)
        throw new InvalidRequest(
          `Runs ${first!.id} and ${other.id} cannot be compared: ${name} is ${value} in one and ${theirs} in the other.`,
        )
    }
}

function readCurves(store: Store, run: Run): LabelledCurve[] {
  const starts = store.initialisations(run.id).map(({ label, kind, checkpoint }) => ({
    label,
    trainingSteps: kind === 'random' ? 0 : checkpoint === null ? null : store.checkpoint(checkpoint).envSteps,
  }))
  const curves = new Map<string, { task: number; initialisation: number; returns: number[]; costs: number[] }>()
  for (const { initialisation, task, return: value, cost } of store.fineTuneRows(run.id)) {
    const key = `${initialisation}/${task}`
    const curve = curves.get(key) ?? { task, initialisation, returns: [], costs: [] }
    curves.set(key, curve)
    curve.returns.push(value)
    curve.costs.push(cost)
  }
  return [...curves.values()].map(({ initialisation, ...curve }) => ({
    ...starts[initialisation]!,
    ...curve,
    run,
    seed: run.seed,
  }))
}

function meanTrainingSteps(curves: readonly LabelledCurve[]): number | null {
  const byRun = new Map(curves.map(({ run, trainingSteps }) => [run.id, trainingSteps]))
  let sum = 0
  for (const steps of byRun.values()) {
    if (steps === null) return null
    sum += steps
  }
  return sum / byRun.size
}

/**
 * Curves of one label are one initialisation with several seeds. Where two runs have the same label, seed and task but
 * other numbers, they are different initialisations: the runs' names tell them apart.
 */
function groupByLabel(curves: readonly LabelledCurve[]): Map<string, LabelledCurve[]> {
  const ambiguous = new Set<string>()
  const seen = new Map<string, LabelledCurve>()
  for (const curve of curves) {
    const key = `${curve.label}/${cellOf(curve)}`
    const other = seen.get(key)
    if (other && !sameNumbers(other, curve)) ambiguous.add(curve.label)
    seen.set(key, curve)
  }
  const names = new Set(curves.map(({ run }) => run.name))
  const runs = new Set(curves.map(({ run }) => run.id))
  const qualifier = (run: Run) => (names.size === runs.size ? run.name : run.id)
  const groups = new Map<string, Map<string, LabelledCurve>>()
  for (const curve of curves) {
    const label = ambiguous.has(curve.label) ? `${curve.label} (${qualifier(curve.run)})` : curve.label
    const group = groups.get(label) ?? new Map<string, LabelledCurve>()
    groups.set(label, group)
    group.set(cellOf(curve), curve)
  }
  return new Map([...groups].map(([label, group]) => [label, [...group.values()]]))
}

const cellOf = ({ seed, task }: LabelledCurve) => `${seed}/${task}`

const sameNumbers = (a: LabelledCurve, b: LabelledCurve) =>
  a.returns.join() === b.returns.join() && a.costs.join() === b.costs.join()

const curvesOf = (curves: readonly LabelledCurve[], quantity: 'returns' | 'costs'): Curve[] =>
  curves.map((curve) => ({ seed: curve.seed, task: curve.task, values: curve[quantity] }))

/** Every unordered pair once; random is always the second. */
function pairs<T extends { readonly label: string }>(items: readonly T[]): [T, T][] {
  const isRandom = ({ label }: T) => Number(label.startsWith(RANDOM_LABEL))
  const ordered = [...items].sort((a, b) => isRandom(a) - isRandom(b))
  return ordered.flatMap((first, i) => ordered.slice(i + 1).map((second): [T, T] => [first, second]))
}
