// Where an iteration's time goes. The tasks' phase is measured as a whole; its parts are measured by the workers side by
// side, so they share it in proportion.
import type { Stretch } from '../../core/series/stretch.ts'
import type { MetricName } from '../../core/training/records.ts'
import type { Phase } from '../charts/stacked-option.ts'
import type { RunMetrics } from './run-metrics.ts'

const TASK_PARTS = [
  { metric: 'secondsRollouts', name: 'Rollouts' },
  { metric: 'secondsPolicySteps', name: 'Policy steps' },
  { metric: 'secondsCritics', name: 'Critics' },
] as const

/** What the times by phase are made of. */
export const PHASE_METRICS: readonly MetricName[] = [
  'secondsTotal',
  'secondsTasks',
  'secondsOuter',
  ...TASK_PARTS.map(({ metric }) => metric),
]

export interface TimeByPhase {
  readonly stretches: readonly Stretch[]
  readonly phases: readonly Phase[]
}

/** null where the run did not record its times. */
export function timeByPhase({ series }: RunMetrics): TimeByPhase | null {
  const total = series.get('secondsTotal')
  if (total === undefined) return null
  const column = (metric: Parameters<typeof series.get>[0]): Float64Array | null => {
    const stretches = series.get(metric)
    if (stretches === undefined) return null
    const means = new Map(stretches.map(({ first, mean }) => [first, mean]))
    return Float64Array.from(total, ({ first }) => means.get(first) ?? NaN)
  }
  const tasks = column('secondsTasks')
  const outer = column('secondsOuter')
  const parts = TASK_PARTS.flatMap(({ metric, name }) => {
    const seconds = column(metric)
    return seconds === null ? [] : [{ metric, name, seconds }]
  })
  const phases: Phase[] = []
  if (tasks !== null && parts.length > 0) {
    const sum = total.map((_, i) => parts.reduce((all, { seconds }) => all + (seconds[i]! || 0), 0))
    for (const { metric, name, seconds } of parts) {
      phases.push({
        id: metric,
        name,
        seconds: seconds.map((own, i) => (sum[i]! > 0 ? (own / sum[i]!) * tasks[i]! : 0)),
      })
    }
  } else if (tasks !== null) phases.push({ id: 'secondsTasks', name: 'Tasks', seconds: tasks })
  if (outer !== null) phases.push({ id: 'secondsOuter', name: 'Outer step', seconds: outer })
  const rest = Float64Array.from(total, ({ mean }, i) => Math.max(0, mean - (tasks?.[i] || 0) - (outer?.[i] || 0)))
  phases.push({ id: 'rest', name: 'Rest', seconds: rest })
  return { stretches: total, phases }
}
