import { nearestConfig, type Settings } from '../../core/config/form/values.ts'
import { totalIterations } from '../../core/config/settings.ts'
import { algorithmName } from '../format/algorithms.ts'

/** The few facts that tell configurations apart at a glance. */
export function keyFacts(settings: Settings): string[] {
  const config = nearestConfig(settings)
  return [
    config.environment.world,
    `${config.method === 'meta' ? 'meta-training' : 'pre-training'}, ${algorithmName(config.inner.algorithm)}`,
    `${totalIterations(config)} iterations`,
    `d = ${config.costLimit}`,
  ]
}
