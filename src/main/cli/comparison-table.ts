import { BOOTSTRAP_RESAMPLES, type Interval } from '../../core/study/paired.ts'
import { conclusion, counted, fixed } from '../services/conclusion.ts'
import type { Comparison, InitialisationCurves } from '../services/comparison.ts'
import { describeOrigin } from '../services/task-origin.ts'
import { formatTable } from './table.ts'

/** A comparison for a terminal: what was measured, per step, the paired differences, and what they show. */
export function comparisonText(comparison: Comparison): string {
  const { differences, notes } = comparison
  const parts = [head(comparison), stepsTable(comparison) + `\n(${behind(comparison)})`]
  if (differences.length > 0) parts.push(differencesTable(comparison))
  if (differences.some(({ perTrainingSeed }) => perTrainingSeed.length > 0)) parts.push(seedsTable(comparison))
  parts.push(...differences.map((difference) => conclusion(comparison, difference)))
  if (notes.length > 0) parts.push(notes.join('\n'))
  return parts.join('\n\n')
}

function head(comparison: Comparison): string {
  const { world, horizon, costLimit, episodes, leftOut, runs, initialisations, taskOrigins, replicates } = comparison
  const tasks = replicates.length > 1 ? 'tasks, each averaged over its seeds,' : 'tasks'
  return [
    `${world}, episodes of at most ${horizon} steps, cost limit ${costLimit} per episode.`,
    `N = ${sample(comparison)}, ${counted(episodes, 'episode')} each; episode return and cost, undiscounted: mean over ` +
      `${tasks} and its 95 % interval (Student t).`,
    ...initialisations.flatMap((initialisation) => seedsOf(initialisation)),
    ...taskOrigins.map((origin) => `tasks: ${describeOrigin(origin, world)}`).filter(isFirst),
    `runs: ${runs.join(', ')}`,
    ...(leftOut > 0
      ? [`${counted(leftOut, '(task, seed) pair')} left out: not every initialisation has the result.`]
      : []),
  ].join('\n')
}

const isFirst = (text: string, index: number, all: readonly string[]) => all.indexOf(text) === index

/** Tasks first: intervals are over them. The pairs are their product only where every task has every seed. */
function sample({ tasks, replicates, pairs }: Comparison): string {
  const [rows, columns] = [counted(tasks.length, 'task'), counted(replicates.length, 'seed')]
  const whole = tasks.length * replicates.length
  if (pairs < whole) return `${rows} and ${columns}, ${pairs} of ${whole} (task, seed) pairs`
  return `${rows} x ${columns}`
}

/** Training seeds and fine-tuning seeds are different things: one training under three fine-tuning seeds is one training. */
function seedsOf({ label, trainings, method, trainingSeeds, fineTuningSeeds }: InitialisationCurves): string[] {
  if (trainings === 0) return []
  const known = trainingSeeds.length > 0 ? ` (${named(trainingSeeds)})` : ''
  const tuning =
    fineTuningSeeds.length > 1 ? counted(fineTuningSeeds.length, 'fine-tuning seed') : 'one fine-tuning seed'
  return [`${label}: ${counted(trainings, methodName(method))}${known}, ${tuning} (${fineTuningSeeds.join(', ')})`]
}

const methodName = (method: InitialisationCurves['method']) =>
  method === null ? 'training' : method === 'meta' ? 'meta-training' : 'pre-training'

const named = (seeds: readonly number[]) => `seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`

function stepsTable({ initialisations }: Comparison): string {
  const columns = initialisations.flatMap(({ label }) => [
    { title: `${label} return`, align: 'right' as const },
    { title: `${label} cost`, align: 'right' as const },
  ])
  const rows = initialisations[0]!.steps.map((_, step) => [
    String(step),
    ...initialisations.flatMap(({ steps }) => [spread(steps[step]!.return), spread(steps[step]!.cost)]),
  ])
  return formatTable([{ title: 'step', align: 'right' }, ...columns], rows)
}

/** Interaction behind each initialisation: what it cost to have it. */
function behind({ initialisations }: Comparison): string {
  const steps = (count: number | null) =>
    count === null ? 'unknown' : count === 0 ? 'none' : String(Math.round(count))
  const parts = initialisations.map(({ label, trainingSteps }) => `${label} ${steps(trainingSteps)}`)
  return `environment steps of training behind each: ${parts.join(', ')}`
}

function differencesTable({ differences, replicates }: Comparison): string {
  const rows = differences.flatMap(({ first, second, ...quantities }) =>
    (['return', 'cost'] as const).map((quantity) => {
      const { t, bootstrap } = quantities[quantity]
      return [`${quantity}: ${first} - ${second}`, fixed(t.mean), range(t), range(bootstrap), String(t.count)]
    }),
  )
  const { seed } = differences[0]!.return.bootstrap
  const seeds = replicates.length > 1 ? ', and the intervals are over tasks, for these seeds' : ''
  return (
    formatTable(
      [
        { title: 'paired difference, mean over steps' },
        { title: 'mean', align: 'right' },
        { title: '95 % (t)', align: 'right' },
        { title: '95 % (bootstrap)', align: 'right' },
        { title: 'tasks', align: 'right' },
      ],
      rows,
    ) +
    `\n(one unit is a task, averaged over steps and seeds${seeds}; bootstrap: ${BOOTSTRAP_RESAMPLES} resamples, seed ${seed})`
  )
}

/** Whether every training shows what their mean shows. */
function seedsTable({ differences }: Comparison): string {
  const rows = differences.flatMap(({ first, second, perTrainingSeed }) =>
    perTrainingSeed.flatMap(({ trainingSeed, ...quantities }) =>
      (['return', 'cost'] as const).map((quantity) => {
        const interval = quantities[quantity]
        return [
          `${quantity}: ${first} - ${second}`,
          String(trainingSeed),
          fixed(interval.mean),
          range(interval),
          String(interval.count),
        ]
      }),
    ),
  )
  return formatTable(
    [
      { title: 'the same per training' },
      { title: 'training seed', align: 'right' },
      { title: 'mean', align: 'right' },
      { title: '95 % (t)', align: 'right' },
      { title: 'tasks', align: 'right' },
    ],
    rows,
  )
}

const spread = ({ mean, low, high }: Interval) =>
  Number.isFinite(low) ? `${fixed(mean)} +- ${((high - low) / 2).toFixed(2)}` : fixed(mean)

const range = ({ low, high }: { readonly low: number; readonly high: number }) =>
  Number.isFinite(low) ? `${fixed(low)} to ${fixed(high)}` : '-'
