/** What every figure and table says about what is behind it. */
import { worldOf } from '../../training/tasks.ts'
import { ALGORITHM_NAMES, fineTuningAlgorithm } from '../plan/fine-tuning-algorithm.ts'
import type { StudyPlan } from '../plan/plan.ts'
import { mean } from '../statistics/score-matrix.ts'
import type { Reference } from '../figure-data.ts'
import type { ArmResults, StudyData } from '../study-data.ts'
import { referenceArm, type ComparedArm, type Comparison } from './comparison.ts'

/** More initialisations than this are not named one by one. */
const MOST_NAMED = 4

export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`

/** At most so many decimals, without trailing zeros. */
export const rounded = (value: number, decimals: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: decimals })

export function costLimitReference({ config }: StudyPlan): Reference {
  return { label: `cost limit d = ${config.costLimit}`, value: config.costLimit }
}

/** Sentences about tasks, seeds, protocol and limit, and what is missing. */
export function describeComparison(comparison: Comparison): string[] {
  const { data } = comparison
  return [...provenance(comparison), protocol(comparison), limit(data.plan), ...cautions(comparison)]
}

function provenance({ data, seeds, tasks }: Comparison): string[] {
  if (seeds.length === 0) return ['No task was fine-tuned from every initialisation with the same seed yet.']
  return [
    `N = ${tasksInWords(data.plan, tasks.length)}, ${counted(seeds.length, 'seed')} (${seeds.join(', ')})${
      seeds.length === 1 ? ': one seed only, no interval over seeds' : ''
    }.`,
  ]
}

/** E.g. `117 training tasks of Environment 2 (10 hazards, 10 vases)`. */
function tasksInWords(plan: StudyPlan, count: number): string {
  const kind = plan.taskSet === 'named' ? 'chosen ' : `${plan.taskSet} `
  return `${counted(count, `${kind}task`)} of ${worldOf(plan.config).title}`
}

function protocol({ data, arms, steps }: Comparison): string {
  const { fineTune, environment } = data.plan.config
  const algorithm = ALGORITHM_NAMES[fineTuningAlgorithm(data.plan)]
  const horizon = environment.horizon.toLocaleString('en-US')
  const episodes = counted(fineTune.episodes, 'episode')
  if (steps === 0) return `No adaptation step (K = 0): evaluated by ${episodes} with horizon ${horizon}.`
  const most = fineTune.episodes * environment.horizon
  return (
    `${algorithm}, ${counted(steps, 'step')} of ${episodes} with horizon ${horizon}: ` +
    `at most ${most.toLocaleString('en-US')} transitions a step` +
    `${averageTransitions(arms)}.`
  )
}

/** Fewer than allowed, where episodes end at the goal. */
function averageTransitions(arms: readonly ComparedArm[]): string {
  const used = arms.map((compared) => ({ label: compared.arm.label, count: transitionsPerStep(compared) }))
  if (used.length === 0) return ''
  if (used.length <= MOST_NAMED)
    return `, on average ${used.map(({ label, count }) => `${rounded(count, 0)} (${label})`).join(', ')}`
  const counts = used.map(({ count }) => count)
  return `, on average ${rounded(Math.min(...counts), 0)} to ${rounded(Math.max(...counts), 0)} by initialisation`
}

/** Mean over seeds, tasks and the batches that steps were computed from. */
function transitionsPerStep({ results }: ComparedArm): number {
  return mean(results.flat().flatMap((steps) => steps.slice(0, -1).map(({ transitions }) => transitions)))
}

/** How much interaction is behind each initialisation, and how much more or less than behind the first. */
export function trainingBudgets(arms: readonly ArmResults[]): string[] {
  const budgets = arms.flatMap(({ label, trainings }) => {
    if (trainings.length === 0) return []
    const open = trainings.some(({ completed }) => !completed)
    return [{ label: open ? `${label} so far` : label, envSteps: mean(trainings.map(({ envSteps }) => envSteps)) }]
  })
  const [first, ...others] = budgets
  if (!first || first.envSteps === 0) return []
  const start = `Environment steps of training, mean over seeds: ${compact(first.envSteps)} (${first.label})`
  const ratio = ({ envSteps }: { readonly envSteps: number }) => Number((envSteps / first.envSteps).toPrecision(2))
  const asMany = (times: number) => (times === 1 ? 'as many' : `${times} times as many`)
  if (others.length < MOST_NAMED)
    return [
      `${[start, ...others.map((other) => `${compact(other.envSteps)} (${other.label}, ${asMany(ratio(other))})`)].join(', ')}.`,
    ]
  const ratios = others.map(ratio)
  return [`${start}, ${Math.min(...ratios)} to ${Math.max(...ratios)} times as many behind the others.`]
}

/** The initialisation that the others are held against comes first. */
export function comparedBudgets(comparison: Comparison): string[] {
  const reference = referenceArm(comparison)
  if (!reference) return []
  return trainingBudgets([reference.arm, ...comparison.arms.filter((one) => one !== reference).map(({ arm }) => arm)])
}

/** E.g. `64.1 million`. */
function compact(count: number): string {
  return count < 1e6 ? rounded(count, 0) : `${rounded(count / 1e6, 1)} million`
}

function limit({ config }: StudyPlan): string {
  const perStep = config.costLimit / config.environment.horizon
  return `Cost limit d = ${config.costLimit} per episode, d / T = ${Number(perStep.toPrecision(3))} per environment step.`
}

/** What keeps a reader from taking results for more than they are. */
export function cautions({ data, waiting, leftOut, seeds }: Comparison): string[] {
  const lines = partial(data)
  if (seeds.length > 1)
    for (const { label } of data.arms.filter(({ given }) => given))
      lines.push(
        `${label} is one training, fine-tuned with ${seeds.length} seeds: its spread over seeds holds for other ` +
          'fine-tunings of this checkpoint, not for other trainings.',
      )
  if (waiting.length > 0) lines.push(`Nothing to compare yet: ${waiting.map(({ label }) => label).join(', ')}.`)
  if (leftOut > 0)
    lines.push(`${counted(leftOut, 'result')} left out: not every initialisation has the same task and seed.`)
  return [...lines, ...smoke(data.plan)]
}

export function partial({ plan, done, total }: StudyData): string[] {
  if (done >= total) return []
  const things = plan.study.kind === 'validation' ? 'training iterations' : 'results'
  return [`Partial: ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${things}.`]
}

export function smoke({ scale }: StudyPlan): string[] {
  return scale === 'smoke' ? ['Scale smoke: it shows that everything runs; the numbers mean nothing.'] : []
}
