/** Initialisations beside each other over adaptation: from stored fine-tunings to the numbers of a table. */
import {
  meanInterval,
  pairedDifference,
  stepIntervals,
  type Interval,
  type PairedDifference,
} from '../../core/study/paired.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { Run, Store } from '../store/store.ts'
import { differingPaths, flattenConfig } from './config-differences.ts'
import { poolByLabel, readCurves, type TaskCurve } from './curves.ts'
import { RANDOM_LABEL } from './initialisation-label.ts'
import { InvalidRequest } from './invalid-request.ts'
import { fineTuningsOf, isOwnFineTuning } from './own-fine-tuning.ts'
import { balance, type Balanced, type Replicate } from './replicates.ts'
import { originOfTasks, type TaskOrigin } from './task-origin.ts'

export interface InitialisationCurves {
  readonly label: string
  /** Distinct checkpoints behind it, 0 for random networks, and the seeds of their trainings. */
  readonly trainings: number
  /** How all of them were trained; null where there is none, where methods differ or one was deleted. */
  readonly method: RunConfig['method'] | null
  readonly trainingSeeds: readonly number[]
  readonly fineTuningSeeds: readonly number[]
  /** Environment steps of training behind it, mean over its checkpoints; null where one was deleted. */
  readonly trainingSteps: number | null
  readonly steps: readonly { readonly step: number; readonly return: Interval; readonly cost: Interval }[]
}

/** `first - second`, averaged over all steps. */
export interface InitialisationDifference {
  readonly first: string
  readonly second: string
  readonly return: PairedDifference
  readonly cost: PairedDifference
  /** One by one where there are several training seeds: mean and t interval over tasks. */
  readonly perTrainingSeed: readonly {
    readonly trainingSeed: number
    readonly return: Interval
    readonly cost: Interval
  }[]
}

export interface Comparison {
  readonly runs: readonly string[]
  /** What a reader has to know about the choice of runs. */
  readonly notes: readonly string[]
  readonly world: string
  readonly costLimit: number
  readonly horizon: number
  /** Whole episodes behind each task's value. */
  readonly episodes: number
  readonly tasks: readonly number[]
  /** Whether the tasks are new to each trained initialisation. */
  readonly taskOrigins: readonly TaskOrigin[]
  /** Seeds of the fine-tunings. */
  readonly seeds: readonly number[]
  readonly replicates: readonly Replicate[]
  /** (task, seed) pairs behind every number; fewer than tasks x replicates where some are not finished. */
  readonly pairs: number
  /** (task, seed) pairs that not all initialisations have, and that are therefore left out. */
  readonly leftOut: number
  readonly initialisations: readonly InitialisationCurves[]
  readonly differences: readonly InitialisationDifference[]
}

/** Seed of the bootstrap: fixed, so that the same results always give the same intervals. */
const BOOTSTRAP_SEED = 1

/** Compares what fine-tuning runs stored; a training stands for one fine-tuning of it. */
export function compareRuns(store: Store, references: readonly string[]): Comparison {
  const chosen = references.map((reference) => fineTuningOf(store, store.run(reference)))
  const runs = [...new Map(chosen.map(({ run }) => [run.id, run])).values()]
  const notes = [...chosen.flatMap(({ note }) => note ?? []), ...runs.flatMap(unfinished)]
  checkComparable(runs)
  const balanced = balance(poolByLabel(runs.flatMap((run) => readCurves(store, run))))
  if (balanced.pairs === 0)
    throw new InvalidRequest(
      `Runs ${runs.map(({ id }) => id).join(', ')} have no finished task that all their initialisations share under the ` +
        `same seed: ${balanced.groups.map(({ label }) => label).join(', ')}.`,
    )
  const { environment, costLimit, fineTune } = runs[0]!.config
  const { replicates, pairs: pairCount, leftOut, tasks, groups } = balanced
  return {
    runs: runs.map(({ id }) => id),
    notes: [...new Set(notes)],
    world: environment.world,
    costLimit,
    horizon: environment.horizon,
    episodes: fineTune.episodes,
    tasks,
    taskOrigins: groups.flatMap(({ label, curves }) => {
      const trainings = originsOf(curves)
      const configs = trainings.map(({ trained }) => trained?.config ?? null)
      return trainings.length === 0 ? [] : [originOfTasks(label, configs, environment.world, tasks)]
    }),
    seeds: ascending(replicates.map(({ fineTuningSeed }) => fineTuningSeed)),
    replicates,
    pairs: pairCount,
    leftOut,
    initialisations: groups.map(({ label, curves, cells }) => {
      const costs = stepIntervals(cells.costs)
      return {
        label,
        ...trainingsBehind(curves),
        fineTuningSeeds: ascending(curves.map(({ start }) => start.run.seed)),
        steps: stepIntervals(cells.returns).map((interval, step) => ({ step, return: interval, cost: costs[step]! })),
      }
    }),
    differences: pairs(groups).map(([first, second]) => differenceOf(first, second, replicates)),
  }
}

type Group = Balanced['groups'][number]

function differenceOf(first: Group, second: Group, replicates: readonly Replicate[]): InitialisationDifference {
  const pooled = (quantity: 'returns' | 'costs') =>
    pairedDifference(first.cells[quantity], second.cells[quantity], BOOTSTRAP_SEED)
  const seeds = ascending(replicates.flatMap(({ trainingSeed }) => trainingSeed ?? []))
  const within = (quantity: 'returns' | 'costs', trainingSeed: number) => {
    const own = first.cells[quantity].filter(({ seed }) => replicates[seed]!.trainingSeed === trainingSeed)
    const { tasks } = pairedDifference(own, second.cells[quantity], BOOTSTRAP_SEED)
    return meanInterval(tasks.map(({ difference }) => difference))
  }
  return {
    first: first.label,
    second: second.label,
    return: pooled('returns'),
    cost: pooled('costs'),
    perTrainingSeed: seeds.map((trainingSeed) => ({
      trainingSeed,
      return: within('returns', trainingSeed),
      cost: within('costs', trainingSeed),
    })),
  }
}

interface Chosen {
  readonly run: Run
  readonly note?: string
}

/** A fine-tuning itself; of a training, the one that its command made, else the newest with results. */
function fineTuningOf(store: Store, run: Run): Chosen {
  if (run.kind === 'fine-tune') return { run }
  const children = fineTuningsOf(store, run).filter(({ done }) => done > 0)
  const own = children.find((child) => isOwnFineTuning(store, child, run))
  const used = own ?? children[0]
  if (!used)
    throw new InvalidRequest(
      `Run ${run.id} (${run.name}) has not been fine-tuned yet: npx cmaml finetune --init ${run.id} --init random --tasks held-out`,
    )
  const others = children.filter(({ id }) => id !== used.id).map(({ id }) => id)
  const which = own ? 'the one that its training ended with' : 'the newest'
  const note = `Of the fine-tunings of run ${run.id}, ${used.id} is used, ${which}; there are also ${others.join(', ')}.`
  return others.length > 0 ? { run: used, note } : { run: used }
}

function unfinished({ id, status, done, total }: Run): string[] {
  return done >= total ? [] : [`Run ${id} is ${status}: ${done} of ${total} results.`]
}

/** Settings without which numbers do not mean the same. */
const MEANING = /^(environment\..*|costLimit|fineTune\.(?!tasks$).*)$/

function checkComparable(runs: readonly Run[]): void {
  const [first, ...others] = runs.map(({ id, config }) => ({ id, settings: flattenConfig(config) }))
  for (const other of others) {
    const paths = differingPaths([first!.settings, other.settings]).filter((path) => MEANING.test(path))
    const named = paths.map(
      (path) => `${path} is ${first!.settings.get(path)} in one and ${other.settings.get(path)} in the other`,
    )
    if (named.length > 0)
      throw new InvalidRequest(`Runs ${first!.id} and ${other.id} cannot be compared: ${named.join('; ')}.`)
  }
}

/** The distinct checkpoints behind curves. */
const originsOf = (curves: readonly TaskCurve[]) => [
  ...new Map(curves.flatMap(({ start: { origin } }) => (origin ? [[origin.sha256, origin] as const] : []))).values(),
]

function trainingsBehind(
  curves: readonly TaskCurve[],
): Pick<InitialisationCurves, 'trainings' | 'method' | 'trainingSeeds' | 'trainingSteps'> {
  const origins = originsOf(curves)
  const trained = origins.flatMap((origin) => origin.trained ?? [])
  const steps = trained.reduce((sum, { envSteps }) => sum + envSteps, 0) / Math.max(1, trained.length)
  const methods = new Set(origins.map((origin) => origin.trained?.config.method ?? null))
  const [method = null] = methods
  return {
    trainings: origins.length,
    method: methods.size === 1 ? method : null,
    trainingSeeds: ascending(trained.map(({ config }) => config.seed)),
    trainingSteps: trained.length < origins.length ? null : steps,
  }
}

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b)

/** Every unordered pair once; random is always the second. */
function pairs<T extends { readonly label: string }>(items: readonly T[]): [T, T][] {
  const isRandom = ({ label }: T) => Number(label.startsWith(RANDOM_LABEL))
  const ordered = [...items].sort((a, b) => isRandom(a) - isRandom(b))
  return ordered.flatMap((first, i) => ordered.slice(i + 1).map((second): [T, T] => [first, second]))
}
