/** Results by task: the values of runs for a gallery's colours, and all that is known about one task. */
import { formatVariant, parseVariant, variantWorld } from '../../core/env/world-variant.ts'
import type { Run, Store, TaskCells, TaskEpisode, TaskFineTuning, TaskTraining, UsedTasks } from '../store/store.ts'
import { poolByLabel, readCurves, type TaskCurve } from './curves.ts'
import { episodePage } from './episode-page.ts'
import { shownInitialisations } from './initialisations.ts'
import { InvalidRequest } from './invalid-request.ts'

/** Seeds that runs train on, or hold out. */
export interface TaskSet {
  readonly kind: 'training' | 'held-out'
  readonly from: number
  readonly to: number
  readonly arcDegrees: number
}

export interface KnownWorld {
  /** As `core/env/world-variant.ts` writes it. */
  readonly variant: string
  readonly title: string
  readonly runs: number
  /** Those of most runs first. */
  readonly sets: TaskSet[]
}

/**
 * Values by initialisation, adaptation step and task: of initialisation i, step k and task t at
 * `(i * steps.length + k) * tasks.length + t`; NaN where there is no result.
 */
export interface ResultsByTask {
  readonly kind: 'train' | 'fine-tune'
  readonly world: string
  /** null where the runs have different ones. */
  readonly costLimit: number | null
  readonly tasks: Int32Array
  /** Adaptation steps that have values, ascending. */
  readonly steps: number[]
  readonly labels: string[]
  readonly return: Float64Array
  readonly cost: Float64Array
  /** Share of the results within their run's limit. */
  readonly feasible: Float64Array
  /** Results behind each value, by initialisation and task. */
  readonly count: Int32Array
  /** What a value is the mean of: a sentence. */
  readonly meaning: string
}

/** An initialisation by the label that a comparison gives it. */
type Labelled<T extends { readonly initialisation: unknown }, Label> = Omit<T, 'initialisation'> & {
  readonly label: Label
}

/** What runs found on one task, newest run first. */
export interface AboutTask {
  readonly fineTunings: Labelled<TaskFineTuning, string>[]
  readonly trainings: TaskTraining[]
  /** Without a label: of a policy of training. */
  readonly episodes: (Omit<Labelled<TaskEpisode, string | null>, 'run'> & {
    /** null: of an imported checkpoint. */
    readonly run: string | null
  })[]
}

/** Episodes of one imported checkpoint. */
const MOST_OF_FILE = 100

/** Of a training, cells that are read at most; of a longer one, of every n-th iteration. */
const MOST_CELLS = 200_000

/** Worlds that runs of the database are in. */
export function knownWorlds(store: Store): KnownWorld[] {
  const worlds = Map.groupBy(store.usedTasks(), variantOf)
  return [...worlds].flatMap(([text, used]) => {
    const variant = parseVariant(text)
    if (variant === null) return []
    return {
      variant: text,
      title: variantWorld(variant).title,
      runs: used.reduce((sum, { runs }) => sum + runs, 0),
      sets: distinctSets(used),
    }
  })
}

/** As `parseVariant` would write it: where vases cost anyway, nothing is said of them. */
function variantOf({ world, vasesConstrained }: UsedTasks): string {
  const variant = parseVariant(`${world}${vasesConstrained ? '+vases-cost' : ''}`)
  return variant === null ? world : formatVariant(variant)
}

function distinctSets(used: readonly UsedTasks[]): TaskSet[] {
  const sets = used.flatMap(({ trainingFrom, trainingTo, heldOutFrom, heldOutTo, arcDegrees }): TaskSet[] => [
    { kind: 'training', from: trainingFrom, to: trainingTo, arcDegrees },
    { kind: 'held-out', from: heldOutFrom, to: heldOutTo, arcDegrees },
  ])
  return [...new Map(sets.map((set) => [JSON.stringify(set), set])).values()]
}

export function resultsOfRuns(store: Store, references: readonly string[]): ResultsByTask {
  const runs = [...new Map(references.map((reference) => store.run(reference)).map((run) => [run.id, run])).values()]
  const [first, ...others] = runs as [Run, ...Run[]]
  const other = others.find(({ world }) => world !== first.world)
  if (other)
    throw new InvalidRequest(`Runs ${first.id} and ${other.id} have other worlds: ${first.world} and ${other.world}.`)
  if (runs.every(({ kind }) => kind === 'fine-tune')) return ofFineTunings(store, runs)
  if (others.length > 0)
    throw new InvalidRequest('Tasks are coloured by one training, or by fine-tunings: not by several trainings.')
  return ofTraining(store, first)
}

function ofFineTunings(store: Store, runs: readonly Run[]): ResultsByTask {
  const groups = [...poolByLabel(runs.flatMap((run) => readCurves(store, run)))]
  const curves = groups.flatMap(([, own]) => own)
  const limits = [...new Set(runs.map(({ costLimit }) => costLimit))]
  const tasks = ascending(curves.map(({ task }) => task))
  const cube = cubeOf(groups, tasks, Math.max(0, ...curves.map(({ returns }) => returns.length)))
  const most = Math.max(0, ...cube.count)
  return {
    ...cube,
    kind: 'fine-tune',
    world: runs[0]!.world,
    costLimit: limits.length === 1 ? limits[0]! : null,
    meaning:
      most > 1
        ? `Each value is the mean over up to ${most} seeds.`
        : 'Each value is of one seed, a mean over episodes.',
  }
}

type Cube = Pick<ResultsByTask, 'tasks' | 'steps' | 'labels' | 'return' | 'cost' | 'feasible' | 'count'>

function cubeOf(groups: readonly [string, readonly TaskCurve[]][], tasks: readonly number[], steps: number): Cube {
  const place = new Map(tasks.map((task, t) => [task, t]))
  const size = groups.length * steps * tasks.length
  const sums = { return: new Float64Array(size), cost: new Float64Array(size), feasible: new Float64Array(size) }
  const counts = new Int32Array(size)
  const count = new Int32Array(groups.length * tasks.length)
  groups.forEach(([, curves], i) => {
    for (const { task, returns, costs, start } of curves) {
      const t = place.get(task)!
      count[i * tasks.length + t]!++
      returns.forEach((value, k) => {
        const at = (i * steps + k) * tasks.length + t
        counts[at]!++
        sums.return[at]! += value
        sums.cost[at]! += costs[k]!
        sums.feasible[at]! += Number(costs[k]! <= start.run.costLimit)
      })
    }
  })
  // 0 / 0 is NaN: no result.
  const mean = (sum: Float64Array) => sum.map((value, at) => value / counts[at]!)
  return {
    tasks: Int32Array.from(tasks),
    steps: Array.from({ length: steps }, (_, k) => k),
    labels: groups.map(([label]) => label),
    return: mean(sums.return),
    cost: mean(sums.cost),
    feasible: mean(sums.feasible),
    count,
  }
}

function ofTraining(store: Store, run: Run): ResultsByTask {
  const adapts = run.method === 'meta'
  const cells = (adapts ? (['before', 'after'] as const) : (['before'] as const)).map((policy) =>
    store.taskCells(run.id, { policy, most: MOST_CELLS }),
  )
  const tasks = ascending(cells.flatMap((of) => of.tasks))
  const means = cells.map((of) => meansOver(of, tasks, run.costLimit))
  const iterations = new Set(cells[0]!.iteration).size
  return {
    kind: 'train',
    world: run.world,
    costLimit: run.costLimit,
    tasks: Int32Array.from(tasks),
    steps: adapts ? [0, run.config.inner.steps] : [0],
    labels: [adapts ? 'meta-policy' : 'policy'],
    return: joined(means.map((of) => of.return)),
    cost: joined(means.map((of) => of.cost)),
    feasible: joined(means.map((of) => of.feasible)),
    count: means[0]!.count,
    meaning: `Each value is the mean over those of ${iterations} iterations of the training that drew the task.`,
  }
}

function meansOver(cells: TaskCells, tasks: readonly number[], costLimit: number) {
  const place = new Map(tasks.map((task, t) => [task, t]))
  const sums = [0, 1, 2].map(() => new Float64Array(tasks.length))
  const count = new Int32Array(tasks.length)
  cells.task.forEach((task, i) => {
    const t = place.get(task)!
    const cost = cells.cost[i]!
    count[t]!++
    ;[cells.return[i]!, cost, Number(cost <= costLimit)].forEach((value, k) => (sums[k]![t]! += value))
  })
  const [returns, costs, feasible] = sums.map((sum) => sum.map((value, t) => value / count[t]!))
  return { return: returns!, cost: costs!, feasible: feasible!, count }
}

const joined = (parts: readonly Float64Array[]): Float64Array => Float64Array.from(parts.flatMap((part) => [...part]))

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b)

/** @param world as runs name it */
export function aboutTask(store: Store, world: string, task: number): AboutTask {
  const { fineTunings, trainings, episodes } = store.taskResults(world, task)
  const labels = new Map<string, ReadonlyMap<number, string>>()
  const labelOf = (run: string, initialisation: number): string => {
    const known =
      labels.get(run) ?? new Map(shownInitialisations(store, { id: run }).map((row) => [row.index, row.label]))
    labels.set(run, known)
    return known.get(initialisation) ?? `initialisation ${initialisation}`
  }
  return {
    fineTunings: fineTunings.map(({ initialisation, ...row }) => ({ ...row, label: labelOf(row.run, initialisation) })),
    trainings: [...trainings],
    episodes: [
      ...episodes.map(({ initialisation, ...row }) => ({
        ...row,
        label: initialisation === null ? null : labelOf(row.run, initialisation),
      })),
      ...episodesOfFiles(store, world, task),
    ],
  }
}

/** Those of imported checkpoints, whose world only their content tells. */
function episodesOfFiles(store: Store, world: string, task: number): AboutTask['episodes'] {
  return store
    .ownersOfEpisodes()
    .checkpoints.filter((checkpoint) => store.readCheckpoint(checkpoint).config.environment.world === world)
    .flatMap((checkpoint) => {
      const query = { sort: 'newest', descending: false, after: null, limit: MOST_OF_FILE } as const
      return episodePage(store, { ...query, checkpoint, task }).rows
    })
    .map(({ id, runName: name, iteration, step, episode, return: gained, cost, length }) => {
      return { id, run: null, name, label: null, iteration, step, episode, return: gained, cost, length }
    })
}
