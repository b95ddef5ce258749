import type { Interval, PairedDifference } from '../../core/study/paired.ts'
import { conclusion, type Comparison } from '../services/comparison.ts'
import { formatTable } from './table.ts'

/** A comparison for a terminal: what was measured, per step, the paired differences, and what they show. */
export function comparisonText(comparison: Comparison): string {
  const { world, horizon, costLimit, episodes, tasks, seeds, leftOut } = comparison
  const head =
    `${world}, episodes of at most ${horizon} steps, cost limit ${costLimit} per episode.\n` +
    `N = ${tasks.length} tasks x ${seeds.length} seed${seeds.length === 1 ? '' : 's'}, ${episodes} episodes each; ` +
    'episode return and cost, undiscounted: mean over tasks and its 95 % interval (Student t).' +
    (leftOut > 0 ? `\n${leftOut} (seed, task) pairs are left out: not every initialisation has them.` : '')
  const parts = [head, stepsTable(comparison) + `\n(${behind(comparison)})`]
  if (comparison.differences.length > 0) parts.push(differencesTable(comparison))
  parts.push(...comparison.differences.map((difference) => conclusion(comparison, difference)))
  return parts.join('\n\n')
}

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

function differencesTable({ differences }: Comparison): string {
  const rows = differences.flatMap(({ first, second, ...quantities }) =>
    (['return', 'cost'] as const).map((quantity) => {
      const { t, bootstrap } = quantities[quantity]
      return [`${quantity}: ${first} - ${second}`, t.mean.toFixed(2), range(t), range(bootstrap), String(t.count)]
    }),
  )
  const { bootstrap } = differences[0]!.return satisfies PairedDifference
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
    `\n(one unit is a task, averaged over steps and seeds; bootstrap: ${bootstrap.resamples} resamples, seed ${bootstrap.seed})`
  )
}

const spread = ({ mean, low, high }: Interval) =>
  Number.isFinite(low) ? `${mean.toFixed(2)} +- ${((high - low) / 2).toFixed(2)}` : mean.toFixed(2)

const range = ({ low, high }: { readonly low: number; readonly high: number }) =>
  Number.isFinite(low) ? `${low.toFixed(2)} to ${high.toFixed(2)}` : '-'
