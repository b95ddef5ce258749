/** Figure 3: what an ablation does to training, beside what it does to fine-tuning. */
import type { CurvesPanel, Figure } from '../figure-data.ts'
import { runMeans } from '../statistics/score-matrix.ts'
import type { MetricName } from '../../training/records.ts'
import type { ArmResults, StudyData } from '../study-data.ts'
import { adaptationFigures, adaptationSeries, taskSpreadPanels, type Band } from './adaptation.ts'
import { costLimitReference, counted, describeComparison, trainingBudgets } from './caption.ts'
import { compareArms, type Comparison } from './comparison.ts'
import { episodeCost } from './scores.ts'
import { smoothingReach, trainingSeries } from './training-curves.ts'

export function ablationFigures(data: StudyData, bootstrapSeed: number): Figure[] {
  const comparison = compareArms(data)
  const trained = data.arms.filter(({ trainings }) => trainings.length > 0)
  const reach = smoothingReach(trained)
  const [returns, costs] = taskSpreadPanels(comparison)
  const figure: Figure = {
    id: data.plan.id,
    title: data.plan.study.title,
    caption: captionOf(comparison, trained, reach),
    columns: 3,
    panels: [
      trainingPanel(data, trained, 'costAfter', 'Training: cost, adapted', reach),
      trainingPanel(data, trained, 'costBefore', 'Training: cost, meta-policy', reach),
      trainingPanel(data, trained, 'returnAfter', 'Training: return, adapted', reach),
      { ...costs!, title: 'Fine-tuning: cost' },
      feasiblePanel(comparison),
      { ...returns!, title: 'Fine-tuning: return' },
    ],
  }
  const [, ...statistics] = adaptationFigures(data, bootstrapSeed)
  return [figure, ...statistics]
}

function trainingPanel(
  { plan }: StudyData,
  arms: readonly ArmResults[],
  metric: MetricName,
  title: string,
  reach: number,
): CurvesPanel {
  const isCost = metric !== 'returnAfter'
  return {
    kind: 'curves',
    title,
    x: { label: 'iteration' },
    y: isCost ? { label: 'episode cost', unit: 'steps' } : { label: 'episode return' },
    series: arms.map((arm) => trainingSeries(arm, metric, reach)),
    ...(isCost ? { references: [costLimitReference(plan)] } : {}),
  }
}

/** Mean over seeds, from the least to the largest. */
const seedRange: Band = {
  of: (shares) => {
    const bySeed = runMeans(shares)
    const value = bySeed.reduce((sum, share) => sum + share, 0) / bySeed.length
    if (bySeed.length === 1) return { value, low: null, high: null }
    return { value, low: Math.min(...bySeed), high: Math.max(...bySeed) }
  },
  count: ({ seeds }) => seeds.length,
}

function feasiblePanel(comparison: Comparison): CurvesPanel {
  const { costLimit } = comparison.data.plan.config
  return {
    kind: 'curves',
    title: 'Fine-tuning: feasible',
    x: { label: 'adaptation step' },
    y: { label: 'share of tasks' },
    series: adaptationSeries(comparison, (result) => (episodeCost(result) <= costLimit ? 1 : 0), seedRange),
  }
}

function captionOf(comparison: Comparison, trained: readonly ArmResults[], reach: number): string {
  const { plan } = comparison.data
  const several = trained.some(({ trainings }) => trainings.length > 1)
  const smoothed = reach > 0 ? `Centred running means over ${2 * reach + 1} iterations` : 'Raw values of each iteration'
  const training =
    trained.length === 0
      ? 'No training has started yet.'
      : `Training (${trainedRuns(trained)}): means over the ${counted(plan.trainings[0]?.config.meta.tasksPerIteration ?? 0, 'task')} of an iteration, ` +
        `of the adapted policies or of the meta-policy before adaptation. ${smoothed}; lines: means over seeds` +
        `${several ? '; bands: from the lowest to the highest seed' : '; no bands: one seed only'}.`
  const { tasks, seeds } = comparison
  const fineTuning =
    tasks.length === 0
      ? ''
      : `Fine-tuning: means over tasks and seeds; bands of cost and return: plus and minus one standard deviation ` +
        `across the ${counted(tasks.length, 'task')}, those of costs end at 0; feasible: share of tasks with cost at most d` +
        `${seeds.length > 1 ? ', from the lowest to the highest seed' : ''}.`
  return [[...describeComparison(comparison), ...trainingBudgets(trained)].join(' '), training, fineTuning]
    .filter(Boolean)
    .join('\n')
}

/** How many runs are behind the curves of training, and how many of them go on. */
function trainedRuns(trained: readonly ArmResults[]): string {
  const counts = [...new Set(trained.map(({ trainings }) => trainings.length))].sort((a, b) => a - b)
  const each = counts.length === 1 ? `${counted(counts[0]!, 'seed')} each` : `${counts[0]} to ${counts.at(-1)} seeds`
  const open = trained.flatMap(({ trainings }) => trainings).filter(({ completed }) => !completed).length
  return open === 0 ? each : `${each}, ${open} not finished; curves end where their shortest training is`
}
