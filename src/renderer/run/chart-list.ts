// Which charts a run has, as data: by its method, and only those whose metrics it records.
import type { MetaSettings, RunConfig } from '../../core/config/settings.ts'
import { outerKlBound } from '../../core/meta/outer-step.ts'
import { arms } from '../../core/study/plan/arms.ts'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { METRICS, type MetricName } from '../../core/training/records.ts'
import type { Limit } from '../charts/metric-option.ts'
import { PHASE_METRICS } from './phases.ts'
import type { Quantity } from './task-cells.ts'

export interface Line {
  readonly id: string
  readonly name: string
  readonly role: SeriesRole
  /** What it draws: a metric, or what is computed from one. */
  readonly metric: MetricName
  readonly as?: 'sum' | 'throughput'
  readonly dash?: readonly number[]
  /** Of whose tasks its band is. */
  readonly spread?: { readonly policy: 'before' | 'after'; readonly quantity: Quantity }
}

export interface Chart {
  readonly id: string
  readonly title: string
  readonly unit?: string
  readonly lines: readonly Line[]
  readonly limit?: Limit
  /** A bound that the algorithm keeps by itself, iteration by iteration. */
  readonly bound?: { readonly symbol: string; readonly at: (iteration: number) => number }
}

const BEFORE_DASH = [4, 3] as const

/** Colour of a run's main curve: the one that its policy has as an initialisation in the figures. */
export function roleOfRun({ method, meta }: Partial<RunConfig>): SeriesRole {
  if (method === 'pre-train') return arms['pre-trained'].role
  if (meta?.eta?.mode === 'off') return arms[meta.lambda?.mode === 'off' ? 'maml' : 'c-maml-no-eta'].role
  return arms[meta?.eta?.weight === 'literal' ? 'c-maml-literal' : 'c-maml'].role
}

/** Colours of initialisations by their labels: those of the figures, and the spare ones in order for the rest. */
export function rolesOfLabels(labels: readonly string[]): SeriesRole[] {
  const spare: SeriesRole[] = ['other-1', 'other-2', 'other-3', 'other-4']
  const taken = new Set<SeriesRole>()
  return labels.map((label) => {
    const known = Object.values(arms).find((arm) => label === arm.label || label.startsWith(`${arm.label} (`))?.role
    const role = known !== undefined && !taken.has(known) ? known : (spare.find((one) => !taken.has(one)) ?? 'other-4')
    taken.add(role)
    return role
  })
}

export function chartsOf(config: Partial<RunConfig>, recorded: ReadonlySet<MetricName>): Chart[] {
  const isMeta = config.method !== 'pre-train'
  return (isMeta ? metaCharts(config) : preTrainingCharts(config)).flatMap((chart) => {
    const lines = chart.lines.filter(({ metric }) => recorded.has(metric))
    return lines.length === 0 ? [] : [{ ...chart, lines }]
  })
}

const limitOf = (value: number | undefined, symbol: string): { limit?: Limit } =>
  value === undefined ? {} : { limit: { value, symbol } }

function beforeAndAfter(quantity: Quantity | 'feasible' | 'goals', role: SeriesRole): Line[] {
  const line = (policy: 'before' | 'after', name: string, more: Partial<Line>): Line => ({
    id: policy,
    name,
    role,
    metric: `${quantity}${policy === 'before' ? 'Before' : 'After'}`,
    ...(quantity === 'return' || quantity === 'cost' ? { spread: { policy, quantity } } : {}),
    ...more,
  })
  return [line('before', 'meta-policy', { role: 'other-3', dash: BEFORE_DASH }), line('after', 'adapted', {})]
}

function metaCharts(config: Partial<RunConfig>): Chart[] {
  const role = roleOfRun(config)
  return [
    { id: 'return', title: 'Episode return', lines: beforeAndAfter('return', role) },
    { id: 'cost', title: 'Episode cost', lines: beforeAndAfter('cost', role), ...limitOf(config.costLimit, 'd') },
    { id: 'feasible', title: 'Tasks within the limit', unit: 'share', lines: beforeAndAfter('feasible', role) },
    { id: 'goals', title: 'Goals per episode', lines: beforeAndAfter('goals', role) },
    {
      id: 'multipliers',
      title: 'Multipliers',
      lines: [
        single('lambda', 'λ', role),
        single('eta', 'η', 'other-4'),
        { ...single('taskMultiplier', 'λₚ adapted', 'other-3'), dash: BEFORE_DASH },
      ],
    },
    { ...klChart('inner-kl', 'KL of adaptation steps', 'innerKl', role), ...constantBound(innerBound(config)) },
    { ...klChart('outer-kl', 'KL of the outer step', 'outerKl', role), ...outerBound(config.meta) },
    stdChart(role),
    criticsChart('meta cost, fresh data', 'meta cost, after its fit'),
    ...stepCases(),
    ...spending(role),
  ]
}

/** One policy, so one curve. */
function preTrainingCharts(config: Partial<RunConfig>): Chart[] {
  const role = roleOfRun(config)
  const own = (quantity: Quantity, title: string): Chart => ({
    id: quantity,
    title,
    lines: [{ ...single(`${quantity}Before`, 'policy', role), spread: { policy: 'before', quantity } }],
  })
  return [
    own('return', 'Episode return'),
    { ...own('cost', 'Episode cost'), ...limitOf(config.costLimit, 'd') },
    {
      id: 'feasible',
      title: 'Tasks within the limit',
      unit: 'share',
      lines: [single('feasibleBefore', 'policy', role)],
    },
    { id: 'goals', title: 'Goals per episode', lines: [single('goalsBefore', 'policy', role)] },
    { id: 'multipliers', title: 'Multiplier', lines: [single('lambda', 'λ', role)] },
    { ...klChart('outer-kl', 'KL of the policy step', 'outerKl', role), ...constantBound(config.preTraining?.kl) },
    stdChart(role),
    criticsChart('cost, before its fit', 'cost, after its fit'),
    ...stepCases(),
    ...spending(role),
  ]
}

const single = (metric: MetricName, name: string, role: SeriesRole): Line => ({ id: metric, metric, name, role })

const klChart = (id: string, title: string, metric: MetricName, role: SeriesRole): Chart => ({
  id,
  title,
  unit: 'nats',
  lines: [single(metric, 'KL', role)],
})

type Bounded = Pick<Chart, 'bound'>
const constantBound = (most: number | undefined): Bounded =>
  most === undefined ? {} : { bound: { symbol: 'δ', at: () => most } }

/** Only gradient steps have no trust region. */
const innerBound = ({ inner }: Partial<RunConfig>): number | undefined =>
  inner === undefined || inner.algorithm === 'gradient' ? undefined : inner.kl

function outerBound(meta: MetaSettings | undefined): Bounded {
  if (meta === undefined || meta.optimiser !== 'natural') return {}
  return { bound: { symbol: 'δ', at: (iteration) => outerKlBound(meta, iteration) } }
}

/** How the cost's critic is called before and after its fit is the method's own. */
const criticsChart = (costBefore: string, costAfter: string): Chart => ({
  id: 'explained',
  title: 'Critics: explained variance',
  lines: [
    single('rewardExplainedVariance', 'reward', 'other-3'),
    single('rewardExplainedVarianceAfter', 'reward, after its fit', 'other-4'),
    single('metaCriticExplainedVarianceBefore', costBefore, 'other-1'),
    single('metaCriticExplainedVarianceAfter', costAfter, 'other-2'),
  ],
})

const stdChart = (role: SeriesRole): Chart => ({
  id: 'std',
  title: 'Action standard deviation',
  lines: [single('std', 'mean', role)],
})

/** Cases of CPO and PCPO; other algorithms have none. */
const stepCases = (): Chart[] => [
  {
    id: 'cases',
    title: 'Policy steps by case',
    unit: 'steps',
    lines: [
      single('stepsFeasibleInside', 'limit out of reach', 'other-2'),
      single('stepsFeasibleBoundary', 'limit cuts the region', 'other-3'),
      single('stepsFeasibleOutside', 'unsafe, safe in reach', 'other-4'),
      single('stepsInfeasibleRecovery', 'recovery', 'other-1'),
    ],
  },
]

const spending = (role: SeriesRole): Chart[] => [
  {
    id: 'total-cost',
    title: 'Cost spent in training',
    unit: 'cost',
    lines: [{ ...single('totalCost', 'so far', role), as: 'sum' }],
  },
  {
    id: 'throughput',
    title: 'Environment steps per second',
    lines: [{ ...single('secondsTotal', 'steps/s', role), as: 'throughput' }],
  },
]

/** What the charts of runs draw: little more than half of what is recorded. */
export const CHART_METRICS: readonly MetricName[] = namesOf(
  (['meta', 'pre-train'] as const).flatMap((method) =>
    chartsOf({ method }, new Set(Object.keys(METRICS) as MetricName[])),
  ),
)

function namesOf(charts: readonly Chart[]): MetricName[] {
  return [...new Set([...charts.flatMap(({ lines }) => lines.map(({ metric }) => metric)), ...PHASE_METRICS])]
}
