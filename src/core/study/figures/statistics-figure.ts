/** Aggregates over tasks and seeds with their intervals: how good, how safe, how sure. */
import type { Estimate as Row, Figure, IntervalsPanel, Panel, ProfilePanel, Reference } from '../figure-data.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { performanceProfile } from '../statistics/performance-profile.ts'
import { armStatistics, bootstrapOf, comparedQuantities, improvement, type ComparedQuantity } from './arm-statistics.ts'
import { comparedBudgets, costLimitReference, describeComparison } from './caption.ts'
import { referenceArm, type ComparedArm, type Comparison } from './comparison.ts'
import { curveOf } from './adaptation.ts'
import { allSteps, episodeReturn, scoresAt, scoreScaleOf, type ScoreScale } from './scores.ts'

/** Steps of a performance profile's thresholds. */
const PROFILE_STEPS = 100

/** Characters. */
const LONG_LABEL = 24

export function statisticsFigure(comparison: Comparison, bootstrapSeed: number): Figure {
  const { data, arms, steps } = comparison
  const { id, study } = data.plan
  const options = bootstrapOf(bootstrapSeed)
  const scale = scoreScaleOf(comparison)
  const statistics = arms.map((arm) => ({ arm, ...armStatistics(comparison, arm, scale, options) }))
  type Statistics = (typeof statistics)[number]
  const panel = (title: string, label: string, of: (one: Statistics) => Estimate, references: Reference[] = []) =>
    intervalsPanel(
      title,
      label,
      statistics.map((one) => ({ arm: one.arm, estimate: of(one) })),
      references,
    )

  const after = steps > 0 ? `after step ${steps}` : 'without adaptation'
  const limit = [costLimitReference(data.plan)]
  const panels: Panel[] = [
    panel(`Score ${after}`, `IQM of ${scale.label}`, ({ lastScore }) => lastScore),
    ...(steps > 0
      ? [panel(`Score, mean over steps 0 to ${steps}`, `IQM of ${scale.label}`, ({ score }) => score)]
      : []),
    ...(scale.normalised
      ? [panel(`Optimality gap ${after}`, 'shortfall of normalised score from 1', ({ lastGap }) => lastGap!)]
      : []),
    profilePanel(comparison, scale, `Profile of scores ${after}`, bootstrapSeed),
    ...(arms.length > 1 ? comparedQuantities : []).map((quantity) =>
      improvementPanel(comparison, quantity, bootstrapSeed),
    ),
    panel('Feasible task-steps', 'share with cost at most d', ({ feasible }) => feasible),
    panel('Cumulative violation', 'sum over steps of cost above d', ({ violation }) => violation),
    panel('Worst tenth of tasks (CVaR 10 %)', 'episode cost, mean over steps', ({ tail }) => tail, limit),
    panel('Worst task', 'episode cost, mean over steps', ({ worst }) => worst, limit),
  ]
  return {
    id: `${id}-statistics`,
    title: `${study.title}: statistics`,
    caption: captionOf(
      comparison,
      scale,
      statistics.map(({ lastScore }) => lastScore),
      bootstrapSeed,
    ),
    panels,
    // Long names, as those of a sweep, need the width.
    columns: Math.max(...arms.map(({ arm }) => arm.label.length)) > LONG_LABEL ? 1 : 2,
  }
}

/** Of the reference over each other initialisation. */
function improvementPanel(comparison: Comparison, quantity: ComparedQuantity, bootstrapSeed: number): IntervalsPanel {
  const reference = referenceArm(comparison)
  const others = comparison.arms.filter((arm) => arm !== reference)
  return intervalsPanel(
    `${quantity.higherIsBetter ? 'Higher' : 'Lower'} ${quantity.name}: ${reference?.arm.label ?? 'first'} against`,
    'probability of improvement',
    others.map((arm) => ({
      arm,
      estimate: improvement(reference!, arm, allSteps(comparison), quantity, bootstrapOf(bootstrapSeed)),
    })),
    [{ label: 'no difference', value: 0.5 }],
  )
}

function intervalsPanel(
  title: string,
  label: string,
  rows: readonly { arm: ComparedArm; estimate: Estimate }[],
  references: readonly Reference[],
): IntervalsPanel {
  return {
    kind: 'intervals',
    title,
    x: { label },
    estimates: rows.map(({ arm: { arm }, estimate }) => rowOf(arm, estimate)),
    references,
  }
}

function rowOf({ label, role }: Pick<Row, 'label' | 'role'>, { value, low, high, runs, tasks }: Estimate): Row {
  const n = runs * tasks
  return low === null || high === null ? { label, role, value, n } : { label, role, value, low, high, n }
}

function profilePanel(comparison: Comparison, scale: ScoreScale, title: string, bootstrapSeed: number): ProfilePanel {
  const scores = comparison.arms.map((arm) => scale.of(scoresAt(arm, comparison.steps, episodeReturn)))
  const values = scores.flatMap((matrix) => [...matrix.values])
  const [least, most] = [Math.min(0, ...values), Math.max(1, ...values)]
  const thresholds = Array.from({ length: PROFILE_STEPS + 1 }, (_, i) => least + ((most - least) * i) / PROFILE_STEPS)
  return {
    kind: 'profile',
    title,
    x: { label: scale.label },
    y: { label: 'share of runs above' },
    series: comparison.arms.map(({ arm }, i) => {
      const profile = performanceProfile(scores[i]!, thresholds, 'above', bootstrapOf(bootstrapSeed))
      const points = thresholds.map((_, at) => ({
        value: profile.values[at]!,
        low: profile.low?.[at] ?? null,
        high: profile.high?.[at] ?? null,
      }))
      return { label: arm.label, role: arm.role, x: thresholds, ...curveOf(points), n: values.length / scores.length }
    }),
  }
}

function captionOf(
  comparison: Comparison,
  scale: ScoreScale,
  estimates: readonly Estimate[],
  bootstrapSeed: number,
): string {
  const description = [...describeComparison(comparison), ...comparedBudgets(comparison)].join(' ')
  const [first] = estimates
  if (!first) return description
  const interval =
    first.low === null
      ? `No bars (${first.band}).`
      : `Bars and bands: ${first.band}, bootstrap seed ${bootstrapSeed}. A run is one seed: an initialisation with all its fine-tunings. The worst task, and the worst tenth of ten tasks or fewer, has no interval: the bootstrap of a maximum is inconsistent.`
  return [
    description,
    interval,
    'IQM: mean of the middle half of all runs and tasks. Probability of improvement: of a run on the same task, ' +
      'all pairs of seeds, by its mean over steps; ties count one half.',
    scale.normalised
      ? 'Normalised score: return / (initial distance - 0.3 + 1), 1 where the goal is reached at its rim.'
      : 'Returns are raw: without an end at the goal, or its distance, no task has a largest return.',
  ].join('\n')
}
