/** A comparison as tables, each with N and what its intervals mean. */
import { column, intervalColumns, numberCell, tableOf, type StudyTable } from '../figures/tables/table.ts'
import type { BandKind } from './band-kinds.ts'
import { bands, feasibleShares, meaningsOf, type Bootstrap } from './bands.ts'
import { describePart, type ComparedFacts } from './figures.ts'
import { improvementMatrix, pairedDifferences } from './improvement.ts'
import type { ComparedPart } from './part.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { shareBand } from '../statistics/share.ts'
import { costTables, violations } from './safety.ts'

export function comparisonTables(
  part: ComparedPart,
  facts: ComparedFacts,
  band: BandKind,
  bootstrap: Bootstrap,
): StudyTable[] {
  if (part.initialisations.length === 0) return []
  const notes = [describePart(part, facts).join(' ')]
  return [
    stepTable(part, band, bootstrap, notes),
    safetyTable(part, bootstrap, notes),
    violationTable(part, bootstrap, notes),
    ...(part.initialisations.length > 1
      ? [
          differenceTable(part, bootstrap, notes),
          improvementTable(part, 'return', bootstrap, notes),
          improvementTable(part, 'cost', bootstrap, notes),
        ]
      : []),
  ]
}

function stepTable(part: ComparedPart, band: BandKind, bootstrap: Bootstrap, notes: readonly string[]): StudyTable {
  const [returns, costs, goals] = (['return', 'cost', 'goals'] as const).map((one) => bands(part, one, band, bootstrap))
  const shares = feasibleShares(part, bootstrap)
  const rows = returns!.curves.flatMap(({ label }, i) =>
    Array.from({ length: part.cube.steps + 1 }, (_, step) => ({ label, i, step })),
  )
  type Row = (typeof rows)[number]
  const of =
    ({ curves }: Pick<typeof shares, 'curves'>) =>
    ({ i, step }: Row) => {
      const { value, low, high } = curves[i]!
      return { value: value[step]!, low: low?.[step] ?? null, high: high?.[step] ?? null }
    }
  return tableOf(
    'Return and cost over adaptation',
    rows,
    [
      column<Row>('initialisation', ({ label }) => label),
      column<Row>('step', ({ step }) => step),
      ...intervalColumns<Row>('return', of(returns!)),
      ...intervalColumns<Row>('cost', of(costs!)),
      ...intervalColumns<Row>('feasible share', of(shares)),
      column<Row>('goals per episode', (row) => numberCell(of(goals!)(row).value)),
    ],
    [
      ...notes,
      ...meaningsOf([
        ['Return', returns!],
        ['Cost', costs!],
        ['Feasible share', shares],
      ]),
    ],
  )
}

function safetyTable(part: ComparedPart, bootstrap: Bootstrap, notes: readonly string[]): StudyTable {
  const rows = costTables(part, bootstrap).flatMap(({ label, steps }) => steps.map((at) => ({ label, ...at })))
  type Row = (typeof rows)[number]
  return tableOf(
    'Cost at every adaptation step',
    rows,
    [
      column<Row>('initialisation', ({ label }) => label),
      column<Row>('step', ({ step }) => step),
      ...intervalColumns<Row>('mean', ({ mean }) => mean),
      ...intervalColumns<Row>('CVaR 10 %', ({ tail }) => tail),
      column<Row>('worst task', ({ worst }) => numberCell(worst.value)),
      column<Row>('worst tasks', ({ worstTasks }) => worstTasks.join(', ')),
      ...intervalColumns<Row>('feasible share', ({ feasible }) => feasible),
    ],
    [...notes, `Intervals: ${rows[0]!.mean.band}.`, sharesOf(rows.map(({ feasible }) => feasible)), WORST],
  )
}

const WORST =
  'The worst task is that of each run seed, mean over run seeds; it has no interval: the bootstrap of a maximum is inconsistent.'

const sharesOf = (shares: readonly Estimate[]): string => `Shares: ${shareBand(shares)}.`

function violationTable(part: ComparedPart, bootstrap: Bootstrap, notes: readonly string[]): StudyTable {
  const rows = violations(part, bootstrap)
  type Row = (typeof rows)[number]
  return tableOf(
    'Violation totals',
    rows,
    [
      column<Row>('initialisation', ({ label }) => label),
      ...intervalColumns<Row>('sum over steps of cost above d', ({ total }) => total),
      ...intervalColumns<Row>('cost above d at the last step', ({ last }) => last),
      ...intervalColumns<Row>('share of task-steps above d', ({ share }) => share),
      ...intervalColumns<Row>('CVaR 10 % of the sum', ({ tail }) => tail),
      column<Row>('worst task', ({ worst }) => numberCell(worst.value)),
      column<Row>('worst tasks', ({ worstTasks }) => worstTasks.join(', ')),
    ],
    [...notes, `Intervals: ${rows[0]!.total.band}.`, sharesOf(rows.map(({ share }) => share)), WORST],
  )
}

function differenceTable(part: ComparedPart, bootstrap: Bootstrap, notes: readonly string[]): StudyTable {
  const rows = (['return', 'cost'] as const).flatMap((quantity) =>
    pairedDifferences(part, quantity, 'mean', bootstrap).map((difference) => ({ quantity, ...difference })),
  )
  type Row = (typeof rows)[number]
  const { seed, resamples } = rows[0]!.bootstrap
  return tableOf(
    'Paired differences, mean over steps',
    rows,
    [
      column<Row>('quantity', ({ quantity }) => quantity),
      column<Row>('first', ({ first }) => first),
      column<Row>('second', ({ second }) => second),
      ...intervalColumns<Row>('first - second', ({ crossed }) => crossed),
      column<Row>('95 % t, low', ({ t }) => numberCell(t.low)),
      column<Row>('95 % t, high', ({ t }) => numberCell(t.high)),
      column<Row>('bootstrap of tasks, low', (row) => numberCell(row.bootstrap.low)),
      column<Row>('bootstrap of tasks, high', (row) => numberCell(row.bootstrap.high)),
      column<Row>('tasks', ({ t }) => t.count),
    ],
    [
      ...notes,
      `First interval: ${rows[0]!.crossed.band}.`,
      'The others: one unit is a task, averaged over steps and seeds; they hold for other tasks, not for other seeds. ' +
        `Student's t, and ${resamples} percentile bootstrap resamples of tasks (seed ${seed}).`,
    ],
  )
}

function improvementTable(
  part: ComparedPart,
  quantity: 'return' | 'cost',
  bootstrap: Bootstrap,
  notes: readonly string[],
): StudyTable {
  const { labels, cells, meaning } = improvementMatrix(part, quantity, 'mean', bootstrap)
  const rows = labels.flatMap((row, i) =>
    labels.flatMap((other, j) => {
      const cell = cells[i]![j]
      return cell ? [{ row, other, cell }] : []
    }),
  )
  type Row = (typeof rows)[number]
  return tableOf(
    `Probability of improvement: ${quantity}`,
    rows,
    [
      column<Row>('initialisation', ({ row }) => row),
      column<Row>('over', ({ other }) => other),
      ...intervalColumns<Row>('probability', ({ cell }) => cell),
    ],
    [...notes, meaning],
  )
}
