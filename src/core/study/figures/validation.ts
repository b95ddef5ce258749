/** Trainings over environment steps, with the published results at their end. */
import { totalIterations } from '../../config/settings.ts'
import { worldOf } from '../../training/tasks.ts'
import type { CurvesPanel, Figure, Series } from '../figure-data.ts'
import { omnisafeBenchmark } from '../plan/published.ts'
import { mean } from '../statistics/score-matrix.ts'
import type { ArmResults, StudyData } from '../study-data.ts'
import { costLimitReference, counted, partial, smoke } from './caption.ts'
import { publishedOf } from './published-result.ts'
import { smoothingReach, trainingSeries } from './training-curves.ts'
import { comparedArms, quantities, type QuantityName } from './validation-scores.ts'

export function validationFigure(data: StudyData): Figure {
  const { plan } = data
  const arms = comparedArms(data)
  const reach = smoothingReach(arms)
  const panel = (quantity: QuantityName): CurvesPanel => ({
    kind: 'curves',
    title: quantity === 'return' ? 'Return during training' : 'Cost during training',
    x: { label: 'environment steps', unit: 'millions' },
    y: quantity === 'return' ? { label: 'episode return' } : { label: 'episode cost', unit: 'steps' },
    series: [
      ...arms.map((arm) => curveOf(arm, quantity, reach)),
      ...arms.map((arm, i) => publishedMark(data, arm, quantity, i)),
    ],
    ...(quantity === 'cost' ? { references: [costLimitReference(plan)] } : {}),
  })
  return {
    id: plan.id,
    title: plan.study.title,
    caption: captionOf(data, arms, reach),
    panels: [panel('return'), panel('cost')],
  }
}

const MILLION = 1e6

/** The seeds' running means over iterations, at the environment steps that these iterations end at. */
function curveOf(arm: ArmResults, quantity: QuantityName, reach: number): Series {
  const series = trainingSeries(arm, quantities[quantity].metric, reach)
  const stepsAt = new Map<number, number[]>()
  for (const { iterations } of arm.trainings)
    for (const { iteration, envSteps } of iterations)
      stepsAt.set(iteration, [...(stepsAt.get(iteration) ?? []), envSteps])
  return { ...series, x: series.x.map((iteration) => mean(stepsAt.get(iteration)!) / MILLION) }
}

/** Of the planned steps: the gap before the marks, the width of each, and the gap between them. */
const MARK = { gap: 0.015, width: 0.022, between: 0.006 }

/** A point with its interval, to the right of all curves: it has no place on the axis of steps. */
function publishedMark(
  { plan }: StudyData,
  { id, label, role }: ArmResults,
  quantity: QuantityName,
  nth: number,
): Series {
  const { mean: value, deviation } = publishedOf(plan, id)[quantity]
  const { environment, preTraining } = plan.config
  const { tasksPerIteration, episodes } = preTraining
  const end = (totalIterations(plan.config) * tasksPerIteration * episodes * environment.horizon) / MILLION
  const from = end * (1 + MARK.gap + nth * (MARK.width + MARK.between))
  const ends = (by: number) => [value + by, value + by, value + by]
  return {
    label: `${label}, published`,
    role,
    x: [from, from + (end * MARK.width) / 2, from + end * MARK.width],
    mean: [NaN, value, NaN],
    low: ends(-deviation),
    high: ends(deviation),
    n: omnisafeBenchmark.seeds.length,
  }
}

function captionOf(data: StudyData, arms: readonly ArmResults[], reach: number): string {
  const { plan } = data
  const { name, source, envSteps, seeds } = omnisafeBenchmark
  const trained = arms.filter(({ trainings }) => trainings.length > 0)
  const several = trained.some(({ trainings }) => trainings.length > 1)
  const smoothed =
    reach > 0 ? `Centred running means over w = ${2 * reach + 1} iterations` : 'Raw values of each iteration'
  const curves =
    trained.length === 0
      ? 'No training has started yet.'
      : `${smoothed}; lines: means over seeds${several ? '; bands: from the lowest to the highest seed' : '; no bands: one seed only'}. ` +
        `N = ${trained.map(seedsInWords).join(', ')}.`
  const published =
    `Boxes at the right end: published mean with plus and minus one standard deviation over ${counted(seeds.length, 'seed')} ` +
    `after ${counted(envSteps, 'environment step')} (${name}: ${source}).`
  const cautions = [...partial(data), ...smoke(plan)]
  return [[`Training in ${worldOf(plan.config).title}.`, curves].join(' '), published, cautions.join(' ')]
    .filter(Boolean)
    .join('\n')
}

/** E.g. `3 seeds (TRPO)`, and that these are not finished where they are not. */
function seedsInWords({ label, trainings }: ArmResults): string {
  const open = trainings.some(({ completed }) => !completed)
  return `${counted(trainings.length, 'seed')} (${label}${open ? ', not finished' : ''})`
}
