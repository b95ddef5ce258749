/** Initialisations beside each other over adaptation: from stored fine-tunings to the numbers of a table. */
import {
  meanInterval,
  pairedDifference,
  stepIntervals,
  type Interval,
  type PairedDifference,
} from '../../core/study/paired.ts'
import type { Replicate } from '../../core/study/comparison/cube.ts'
import type { Store } from '../store/store.ts'
import { chooseRuns } from './compare/chosen-runs.ts'
import { runNamer } from './compare/run-words.ts'
import { ascending, originsOf, trainingsBehind, type TrainingsBehind } from './compare/trainings-behind.ts'
import { poolByLabel, readCurves } from './curves.ts'
import { RANDOM_LABEL } from '../../core/study/plan/initialisation-label.ts'
import { InvalidRequest } from './invalid-request.ts'
import { balance, type Balanced } from './replicates.ts'
import { originOfTasks, type TaskOrigin } from './task-origin.ts'

export interface InitialisationCurves extends TrainingsBehind {
  readonly label: string
  readonly fineTuningSeeds: readonly number[]
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
  const { runs, notes } = chooseRuns(store, references)
  const balanced = balance(poolByLabel(runs.flatMap((run) => readCurves(store, run))))
  if (balanced.pairs === 0)
    throw new InvalidRequest(
      `${runs.map(runNamer(runs)).join(', ')} have no finished task that all their initialisations share under the ` +
        `same seed: ${balanced.groups.map(({ label }) => label).join(', ')}.`,
    )
  const { environment, costLimit, fineTune } = runs[0]!.config
  const { replicates, pairs: pairCount, leftOut, tasks, groups } = balanced
  return {
    runs: runs.map(({ id }) => id),
    notes,
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

/** Every unordered pair once; random is always the second. */
function pairs<T extends { readonly label: string }>(items: readonly T[]): [T, T][] {
  const isRandom = ({ label }: T) => Number(label.startsWith(RANDOM_LABEL))
  const ordered = [...items].sort((a, b) => isRandom(a) - isRandom(b))
  return ordered.flatMap((first, i) => ordered.slice(i + 1).map((second): [T, T] => [first, second]))
}
