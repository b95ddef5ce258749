import { ALGORITHM_ARM_IDS } from '../plan/arms.ts'
import type { StudyPlan } from '../plan/plan.ts'
import { omnisafeBenchmark, type PublishedResult } from '../plan/published.ts'

/** What an arm of a validation is held against. @throws where the plan is none, or has no such arm */
export function publishedOf({ study }: StudyPlan, arm: string): PublishedResult {
  const algorithm = ALGORITHM_ARM_IDS.find((id) => id === arm)
  if (study.kind !== 'validation' || algorithm === undefined)
    throw new Error(`There is no published result of ${arm} in ${study.world}`)
  return omnisafeBenchmark.results[study.world][algorithm]
}
