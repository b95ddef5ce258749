import type { MetricName } from '../../training/records.ts'
import type { StudyKind } from '../plan/studies.ts'

const OF_ABLATIONS = ['costAfter', 'costBefore', 'returnAfter'] as const satisfies readonly MetricName[]
/** Pre-training's policy stands under the names of the meta-policy. */
const OF_VALIDATIONS = ['returnBefore', 'costBefore'] as const satisfies readonly MetricName[]

/** What the figures and tables of a study show of every iteration of its trainings. */
export function trainingMetricsOf(kind: StudyKind): readonly MetricName[] {
  switch (kind) {
    case 'ablation':
      return OF_ABLATIONS
    case 'validation':
      return OF_VALIDATIONS
    default:
      return []
  }
}
