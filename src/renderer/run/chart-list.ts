// Which charts a run has, as data: by its method, and only those whose metrics it records.
import type { RunConfig } from '../../core/config/settings.ts'
import { arms } from '../../core/study/plan/arms.ts'
import type { SeriesRole } from '../../core/study/figure-data.ts'
import { METRICS, type MetricName } from '../../core/training/records.ts'
import type { Limit } from '../charts/metric-option.ts'
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
}

const BEFORE_DASH = [4, 3] as const

/** All names, for asking. */
export const ALL_METRICS = Object.keys(METRICS) as MetricName[]

/** Colour of a run's main curve: the one that its policy has as an initialisation in the figures. */
export function roleOfRun(config: Partial<RunConfig>): SeriesRole {
  return config.method === 'pre-train' ? 'pre-trained' : 'c-maml'
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

const bound = (value: number | undefined, symbol: string): { limit?: Limit } =>
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
    { id: 'cost', title: 'Episode cost', lines: beforeAndAfter('cost', role), ...bound(config.costLimit, 'd') },
    { id: 'feasible', title: 'Tasks within the limit', unit: 'share', lines: beforeAndAfter('feasible', role) },
    { id: 'goals', title: 'Goals per episode', lines: beforeAndAfter('goals', role) },
    {
      id: 'multipliers',
      title: 'Multipliers',
      lines: [
        single('lambda', 'λ', 'c-maml'),
        single('eta', 'η', 'maml'),
        { ...single('taskMultiplier', 'λₚ adapted', 'other-3'), dash: BEFORE_DASH },
      ],
    },
    klChart('inner-kl', 'KL of adaptation steps', 'innerKl', config.inner?.kl, role),
    klChart('outer-kl', 'KL of the outer step', 'outerKl', config.meta?.kl, role),
    stdChart(role),
    {
      id: 'explained',
      title: 'Critics: explained variance',
      lines: [
        single('rewardExplainedVariance', 'reward', 'c-maml'),
        single('rewardExplainedVarianceAfter', 'reward, after its fit', 'other-2'),
        single('metaCriticExplainedVarianceBefore', 'meta cost, fresh data', 'maml'),
        single('metaCriticExplainedVarianceAfter', 'meta cost, after its fit', 'random'),
      ],
    },
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
    { ...own('cost', 'Episode cost'), ...bound(config.costLimit, 'd') },
    {
      id: 'feasible',
      title: 'Tasks within the limit',
      unit: 'share',
      lines: [single('feasibleBefore', 'policy', role)],
    },
    { id: 'goals', title: 'Goals per episode', lines: [single('goalsBefore', 'policy', role)] },
    { id: 'multipliers', title: 'Multiplier', lines: [single('lambda', 'λ', role)] },
    klChart('outer-kl', 'KL of the policy step', 'outerKl', config.preTraining?.kl, role),
    stdChart(role),
    {
      id: 'explained',
      title: 'Critics: explained variance',
      lines: [
        single('rewardExplainedVariance', 'reward', 'c-maml'),
        single('rewardExplainedVarianceAfter', 'reward, after its fit', 'other-2'),
        single('metaCriticExplainedVarianceBefore', 'cost, before its fit', 'maml'),
        single('metaCriticExplainedVarianceAfter', 'cost, after its fit', 'random'),
      ],
    },
    ...stepCases(),
    ...spending(role),
  ]
}

const single = (metric: MetricName, name: string, role: SeriesRole): Line => ({ id: metric, metric, name, role })

const klChart = (id: string, title: string, metric: MetricName, most: number | undefined, role: SeriesRole): Chart => ({
  id,
  title,
  unit: 'nats',
  lines: [single(metric, 'KL', role)],
  ...bound(most, 'δ'),
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
      single('stepsFeasibleInside', 'limit out of reach', 'pre-trained'),
      single('stepsFeasibleBoundary', 'limit cuts the region', 'c-maml'),
      single('stepsFeasibleOutside', 'unsafe, safe in reach', 'random'),
      single('stepsInfeasibleRecovery', 'recovery', 'maml'),
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
