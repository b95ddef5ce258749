import {
  isConstrained,
  isMeta,
  isTrustRegion,
  LAMBDA_MATTERS,
  lambdaMatters,
  needs,
  notUsedBy,
  whereNot,
} from './conditions.ts'
import type { Dependency } from './dependency.ts'
import { lastingMultiplier } from './multiplier.ts'

/** Rules of pre-training (src/core/pre-training). */
export const preTraining: readonly Dependency[] = [
  {
    settings: ['preTraining'],
    on: ['method'],
    unused: (config) => whereNot(!isMeta(config), 'not used by meta-training'),
  },
  {
    settings: ['kl', 'conjugateGradientSteps', 'damping', 'fisherStride'].map((key) => `preTraining.${key}`),
    on: ['inner.algorithm'],
    unused: ({ inner }) => needs([inner.algorithm], isTrustRegion),
  },
  {
    settings: ['preTraining.costWindow'],
    on: [...LAMBDA_MATTERS, 'preTraining.lambda.mode'],
    unused: (config) =>
      whereNot(
        isConstrained(config.inner.algorithm) ||
          (lambdaMatters(config) && config.preTraining.lambda.mode === 'adaptive'),
        'not used: nothing in this training follows the cost',
      ),
  },
  {
    settings: ['preTraining.lambda'],
    on: LAMBDA_MATTERS,
    unused: (config) => whereNot(lambdaMatters(config), notUsedBy([config.inner.algorithm])),
  },
  ...lastingMultiplier('preTraining.lambda', (config) => config.preTraining.lambda),
]
