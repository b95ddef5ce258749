import type { RunConfig } from '../../config/settings.ts'
import type { Algorithm } from '../../rl/policy-step.ts'

/** For titles and captions. */
export const ALGORITHM_NAMES = {
  'trpo-lag': 'TRPO-Lagrangian',
  cpo: 'CPO',
  pcpo: 'PCPO',
  trpo: 'TRPO (no constraint)',
  gradient: 'plain gradient steps',
} as const satisfies Record<Algorithm, string>

/** What every initialisation of a study is fine-tuned by. */
export const fineTuningAlgorithm = ({ config: { inner, fineTune } }: { readonly config: RunConfig }): Algorithm =>
  fineTune.algorithm === 'inner' ? inner.algorithm : fineTune.algorithm
