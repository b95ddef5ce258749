/** A comparison as its page needs it: every number of the chosen fine-tunings, and what is behind them. */
import type { RunConfig } from '../../../core/config/settings.ts'
import { sampleTask } from '../../../core/env/tasks.ts'
import { CUBE_QUANTITIES, cellAt, type CubeQuantity, type CubeTask } from '../../../core/study/comparison/cube.ts'
import { publishedResults } from '../../../core/study/comparison/published-references.ts'
import { wholeTitle } from '../../../core/study/comparison/title.ts'
import { ALGORITHM_NAMES, fineTuningAlgorithm } from '../../../core/study/plan/fine-tuning-algorithm.ts'
import { largestReturn } from '../../../core/study/statistics/normalised-score.ts'
import { drawsFreshLayouts, trainingTasks, worldOf } from '../../../core/training/tasks.ts'
import type { Store } from '../../store/store.ts'
import { counted } from '../conclusion.ts'
import { poolByLabel, readCurves, type TaskCurve } from '../curves.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { distinctReplicates, matchCurves, type Matched } from '../replicates.ts'
import { taskOrigins, type TrainedTasks } from '../task-origin.ts'
import { chooseRuns, type ChosenRuns } from './chosen-runs.ts'
import { rolesOf } from './roles.ts'
import { runNamer, type NamedRun } from './run-words.ts'
import { settingDifferences } from './setting-differences.ts'
import { ascending, originsOf, trainingsBehind } from './trainings-behind.ts'
import type {
  ComparedInitialisation,
  ComparedTraining,
  ComparisonData,
} from '../../../core/study/comparison/compared-data.ts'

/** @param named what people call it, else what it is about; the world where neither is said */
export function compareAll(
  store: Store,
  references: readonly string[],
  named: { readonly title?: string; readonly subject?: string } = {},
): ComparisonData {
  const chosen = chooseRuns(store, references)
  const nameOf = runNamer(chosen.runs)
  const repeats = new Map<string, number>()
  const pooled = poolByLabel(
    chosen.runs.flatMap((run) => readCurves(store, run)),
    (first, second) => {
      if (first === second) return
      const pair = `${nameOf(first)} and ${nameOf(second)}`
      repeats.set(pair, (repeats.get(pair) ?? 0) + 1)
    },
  )
  const matched = matchCurves(pooled)
  if (matched.cells.length === 0)
    throw new InvalidRequest(`There are no results yet of ${chosen.runs.map(nameOf).join(', ')}.`)
  const [config, ...others] = chosen.runs.map((run) => run.config) as [RunConfig, ...RunConfig[]]
  const seeds = ascending(matched.cells.map(({ task }) => task))
  const trained = trainedTasks(matched, config, seeds)
  const block = fill(matched, seeds)
  const { environment, costLimit, fineTune } = config
  const published = publishedResults([config, ...others])
  const roles = rolesOf(matched.groups.map(({ label, curves }) => ({ label, origins: originsOf(curves) })))
  const data = {
    runs: chosen.runs.map(({ id, name, seed, status }) => ({ id, name, seed, status })),
    notes: [...chosen.notes, ...stepNotes(chosen, block.steps, nameOf), ...repeatNotes(repeats)],
    world: environment.world,
    algorithm: ALGORITHM_NAMES[fineTuningAlgorithm({ config })],
    horizon: environment.horizon,
    episodes: fineTune.episodes,
    costLimit,
    steps: block.steps,
    initialisations: matched.groups.map(({ label, curves }, index) => ({
      label,
      role: roles[index]!,
      ...behind(store, curves),
      trainingTasks: [...trained.byGroup[index]!],
      trainedOn: trainedOn(curves),
    })),
    replicates: block.replicates,
    tasks: seeds.map((seed) => taskOf(config, seed, trained.originOf(seed))),
    values: block.values,
    starts: block.starts,
    startOf: block.startOf,
    differences: settingDifferences(matched.groups.map(({ curves }) => originsOf(curves))),
    references: published.references,
    referencesWithheld: published.withheld,
  }
  const { title, subject = environment.world } = named
  return title === undefined
    ? { ...data, title: wholeTitle(subject, data), subject }
    : { ...data, title, subject: null }
}

type Block = Pick<ComparisonData, 'replicates' | 'steps' | 'values' | 'starts' | 'startOf'> & {
  values: Record<CubeQuantity, Float64Array>
}

const FIELDS = { return: 'returns', cost: 'costs', goals: 'goals', transitions: 'transitions' } as const

function fill({ cells, groups }: Matched, tasks: readonly number[]): Block {
  const replicates = distinctReplicates(cells)
  const steps = Math.max(...groups.flatMap(({ curves }) => curves.map(({ returns }) => returns.length))) - 1
  const shape = { replicates, tasks, steps }
  const size = groups.length * replicates.length * tasks.length
  const empty = () => new Float64Array(size * (steps + 1)).fill(Number.NaN)
  const values = { return: empty(), cost: empty(), goals: empty(), transitions: empty() }
  const startOf = new Int32Array(size).fill(-1)
  const starts = new Map<TaskCurve['start'], number>()
  groups.forEach(({ find }, group) =>
    replicates.forEach((replicate, r) =>
      tasks.forEach((task, t) => {
        const curve = find(replicate, task)
        if (curve === undefined) return
        const at = cellAt(shape, group, r, t)
        for (const quantity of CUBE_QUANTITIES) values[quantity].set(curve[FIELDS[quantity]], at)
        const known = starts.get(curve.start) ?? starts.size
        starts.set(curve.start, known)
        startOf[at / (steps + 1)] = known
      }),
    ),
  )
  return {
    replicates,
    steps,
    values,
    starts: [...starts.keys()].map(({ run, index }) => ({ run: run.id, initialisation: index })),
    startOf,
  }
}

interface Trained {
  /** Seeds of the tasks that each group was trained on. */
  readonly byGroup: readonly ReadonlySet<number>[]
  originOf(seed: number): CubeTask['origin']
}

function trainedTasks({ groups }: Matched, { environment, tasks }: RunConfig, seeds: readonly number[]): Trained {
  const known: TrainedTasks = taskOrigins(environment.world, seeds)
  const byGroup = groups.map(({ curves }) => {
    const configs = originsOf(curves).flatMap(({ trained }) => trained?.config ?? [])
    return new Set(configs.flatMap((config) => known.trainedOn(config)))
  })
  return {
    byGroup,
    originOf: (seed) => {
      if (byGroup.some((ofGroup) => ofGroup.has(seed))) return 'training'
      return seed >= tasks.heldOutFrom && seed <= tasks.heldOutTo ? 'held-out' : 'unseen'
    },
  }
}

function trainedOn(curves: readonly TaskCurve[]): ComparedInitialisation['trainedOn'] {
  const origins = originsOf(curves)
  if (origins.length === 0) return 'nothing'
  const drawn = origins.map(({ trained }) => {
    if (trained === null) return null
    return drawsFreshLayouts(trained.config) ? 'fresh layouts' : trainingTasks(trained.config).length
  })
  const [first = null] = drawn
  return drawn.every((one) => one === first) ? first : null
}

function taskOf(config: RunConfig, seed: number, origin: CubeTask['origin']): CubeTask {
  const { goal } = worldOf(config)
  const { goalDistance } = sampleTask(worldOf(config), seed)
  const isBounded = config.environment.goalRule === 'end' && goalDistance > goal.radius
  return { seed, origin, goalDistance, bestReturn: isBounded ? largestReturn(goalDistance, goal) : null }
}

function behind(store: Store, curves: readonly TaskCurve[]) {
  const { method, trainingSteps } = trainingsBehind(curves)
  const interaction = curves.map(({ transitions }) => transitions.reduce((sum, count) => sum + count, 0))
  return {
    trainings: originsOf(curves).map(({ sha256, trained }) => ({
      run: runOf(store, trained?.run ?? null),
      checkpoint: trained?.checkpoint ?? null,
      sha256,
      seed: trained?.config.seed ?? null,
      iteration: trained?.iteration ?? null,
      envSteps: trained?.envSteps ?? null,
    })),
    method,
    trainingSteps,
    fineTuningSeeds: ascending(curves.map(({ start }) => start.run.seed)),
    fineTuningSteps: interaction.reduce((sum, count) => sum + count, 0) / interaction.length,
  }
}

/** A training in the bin is still what was started from. */
function runOf(store: Store, id: string | null): ComparedTraining['run'] {
  if (id === null) return null
  try {
    return { id, name: store.run(id).name }
  } catch {
    return { id, name: id }
  }
}

/** A fine-tuning that was stopped within a task stores nothing of it, so that curves only differ between runs. */
function stepNotes({ runs }: ChosenRuns, steps: number, nameOf: (run: NamedRun) => string): string[] {
  const shorter = runs.filter(({ config }) => config.fineTune.steps < steps)
  return shorter.map((run) => `${nameOf(run)} has ${run.config.fineTune.steps} of ${steps} adaptation steps.`)
}

/** @param repeats results in common by the pair of runs that has them */
const repeatNotes = (repeats: ReadonlyMap<string, number>): string[] =>
  [...repeats].map(
    ([pair, count]) =>
      `${pair} share ${counted(count, 'result')}, of the same policy, seed and task: ${count === 1 ? 'it counts' : 'each counts'} once.`,
  )
