import type { RunConfig } from '../../settings.ts'
import { isConstrained, isMeta, LAMBDA_MATTERS, lambdaMatters, usesMultiplier, whereNot } from './conditions.ts'
import type { Dependency } from './dependency.ts'
import { lastingMultiplier } from './multiplier.ts'

const OUTER_STEP = ['meta.outerRule', 'meta.optimiser']

/** Rules of the outer loop (src/core/meta/outer-step.ts, meta-critic.ts, safety-term.ts). */
export const outerLoop: readonly Dependency[] = [
  {
    // All of the section but meta.limitShare, which pre-training aims at too.
    settings: [
      ...['iterations', 'tasksPerIteration', 'outerRule', 'optimiser', 'kl', 'conjugateGradientSteps', 'damping'],
      ...['fisherStride', 'finalKlShare', 'step', 'rate', 'adamRate', 'lambda', 'eta', 'critic', 'criticRate'],
      'criticEpochs',
    ].map((key) => `meta.${key}`),
    on: ['method'],
    unused: (config) => whereNot(isMeta(config), 'not used by pre-training'),
  },
  {
    settings: ['meta.kl', 'meta.finalKlShare'],
    on: ['meta.optimiser'],
    unused: ({ meta }) => whereNot(meta.optimiser === 'natural', `not used by ${meta.optimiser}`),
  },
  {
    settings: ['meta.conjugateGradientSteps', 'meta.damping', 'meta.fisherStride'],
    on: [...OUTER_STEP, 'meta.eta.mode'],
    unused({ meta }) {
      if (meta.optimiser !== 'natural') return `not used by ${meta.optimiser}`
      const needed = meta.outerRule !== 'reptile' || meta.eta.mode !== 'off'
      return whereNot(needed, 'not used by reptile without the safety term')
    },
  },
  {
    settings: ['meta.step'],
    on: OUTER_STEP,
    unused({ meta }) {
      if (meta.outerRule === 'reptile') return 'not used by reptile'
      return whereNot(meta.optimiser === 'natural', `not used by ${meta.optimiser}`)
    },
  },
  {
    settings: ['meta.rate'],
    on: [...OUTER_STEP, 'meta.step'],
    unused({ meta }) {
      if (meta.optimiser === 'adam') return 'not used by adam'
      const fills = meta.optimiser === 'natural' && meta.outerRule !== 'reptile' && meta.step === 'kl-exact'
      return whereNot(!fills, 'not used: kl-exact always takes the full KL bound')
    },
  },
  {
    settings: ['meta.adamRate'],
    on: ['meta.optimiser'],
    unused: ({ meta }) => whereNot(meta.optimiser === 'adam', `not used by ${meta.optimiser}`),
  },
  {
    settings: ['meta.limitShare'],
    on: [...LAMBDA_MATTERS, 'meta.lambda.mode', 'meta.eta.mode', 'meta.eta.onlyAboveLimit', 'preTraining.lambda.mode'],
    unused: (config) => whereNot(followsLimit(config), 'not used: nothing in this training follows the limit'),
  },
  {
    settings: ['meta.lambda'],
    on: LAMBDA_MATTERS,
    unused: (config) => whereNot(lambdaMatters(config), `not used by reptile with ${config.inner.algorithm}`),
  },
  ...lastingMultiplier('meta.lambda', ({ meta }) => meta.lambda),
  ...lastingMultiplier('meta.eta', ({ meta }) => meta.eta),
  {
    settings: ['meta.lambda.signal'],
    on: ['meta.lambda.mode'],
    unused: ({ meta }) => whereNot(meta.lambda.mode === 'adaptive', `not used: lambda is ${meta.lambda.mode}`),
  },
  {
    settings: ['meta.eta.signal'],
    on: ['meta.eta.mode'],
    unused: ({ meta }) => whereNot(meta.eta.mode === 'adaptive', `not used: eta is ${meta.eta.mode}`),
  },
  {
    settings: ['weight', 'saturating', 'onlyAboveLimit', 'includeLogStd'].map((key) => `meta.eta.${key}`),
    on: ['meta.eta.mode'],
    unused: ({ meta }) => whereNot(meta.eta.mode !== 'off', 'not used: eta is off'),
  },
  {
    settings: ['meta.criticRate'],
    on: ['meta.critic'],
    unused: ({ meta }) => whereNot(meta.critic === 'meta-gradient', 'not used by regression'),
  },
  {
    settings: ['meta.criticEpochs'],
    on: ['meta.critic'],
    unused: ({ meta }) => whereNot(meta.critic === 'regression', 'not used by the meta-gradient'),
  },
]

/** Whether training aims at the limit anywhere: a policy step's constraint, or a multiplier that is felt. */
function followsLimit(config: RunConfig): boolean {
  const { meta, preTraining, inner } = config
  if (isConstrained(inner.algorithm)) return true
  if (!isMeta(config)) return lambdaMatters(config) && preTraining.lambda.mode === 'adaptive'
  const eta = meta.eta.mode === 'adaptive' || (meta.eta.mode === 'fixed' && meta.eta.onlyAboveLimit)
  const lambda = lambdaMatters(config) && meta.lambda.mode === 'adaptive'
  return usesMultiplier(inner.algorithm) || lambda || eta
}
