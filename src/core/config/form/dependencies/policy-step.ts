import {
  ADAPTING_BY,
  adaptingBy,
  ALGORITHMS_OF,
  algorithmsOf,
  FINE_TUNES,
  fineTunes,
  isConstrained,
  isMeta,
  isTrustRegion,
  needs,
  usesMultiplier,
  whereNot,
} from './conditions.ts'
import type { Dependency } from './dependency.ts'
import { controllerGains } from './multiplier.ts'

/** Rules of the method and of the policy step (src/core/rl/policy-step.ts). */
export const policyStep: readonly Dependency[] = [
  {
    settings: ['inner.steps', 'inner.episodes'],
    on: ['method'],
    unused: (config) => whereNot(isMeta(config), 'not used by pre-training'),
  },
  {
    settings: ['inner.kl'],
    on: [...ADAPTING_BY, 'meta.outerRule', 'meta.eta.mode'],
    // Reptile's safety term is a step of this size (src/core/meta/outer-step.ts).
    unused: (config) =>
      isMeta(config) && config.meta.outerRule === 'reptile' && config.meta.eta.mode !== 'off'
        ? null
        : needs(adaptingBy(config), isTrustRegion),
  },
  {
    settings: ['inner.conjugateGradientSteps', 'inner.damping', 'inner.fisherStride'],
    on: ADAPTING_BY,
    unused: (config) => needs(adaptingBy(config), isTrustRegion),
  },
  {
    settings: ['inner.backtrackRatio'],
    on: ALGORITHMS_OF,
    unused: (config) => needs(algorithmsOf(config), isTrustRegion),
  },
  {
    settings: ['inner.gradientRate'],
    on: ALGORITHMS_OF,
    unused: (config) => needs(algorithmsOf(config), (algorithm) => algorithm === 'gradient'),
  },
  {
    settings: ['inner.constraintUnit'],
    on: ALGORITHMS_OF,
    // Only pre-training's and the adaptation's violation is in this unit (src/core/rl/adaptation.ts).
    unused: (config) => needs(algorithmsOf(config), isConstrained),
  },
  {
    settings: ['inner.pcpoProjection'],
    on: ALGORITHMS_OF,
    unused: (config) => needs(algorithmsOf(config), (algorithm) => algorithm === 'pcpo'),
  },
  {
    settings: ['inner.multiplier'],
    on: ADAPTING_BY,
    unused: (config) => needs(adaptingBy(config), usesMultiplier),
  },
  {
    settings: controllerGains('inner.multiplier'),
    on: ['inner.multiplier.update'],
    unused: ({ inner: { multiplier } }) =>
      whereNot(multiplier.update === 'pid', `not used by ${multiplier.update} updates`),
  },
  {
    // Pre-training fits its critics by settings of its own (src/core/pre-training/critics-update.ts).
    settings: ['critics.epochs', 'critics.warmUpEpochs', 'critics.learningRate'],
    on: ['method', ...FINE_TUNES],
    unused: (config) => whereNot(isMeta(config) || fineTunes(config), 'not used by pre-training without fine-tuning'),
  },
]
