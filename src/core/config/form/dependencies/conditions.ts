/** What decides whether settings are used. Beside each condition, in capitals, are the fields that it reads. */
import type { RunConfig } from '../../settings.ts'

export type Algorithm = RunConfig['inner']['algorithm']

export const isMeta = ({ method }: RunConfig): boolean => method === 'meta'
export const fineTunes = ({ fineTune }: RunConfig): boolean => fineTune.tasks > 0 && fineTune.steps > 0
export const FINE_TUNES = ['fineTune.tasks', 'fineTune.steps']

export const fineTuneAlgorithm = ({ inner, fineTune }: RunConfig): Algorithm =>
  fineTune.algorithm === 'inner' ? inner.algorithm : fineTune.algorithm

/** Policy steps that training and fine-tuning take. */
export const algorithmsOf = (config: RunConfig): Algorithm[] => [
  ...new Set([config.inner.algorithm, ...(fineTunes(config) ? [fineTuneAlgorithm(config)] : [])]),
]
export const ALGORITHMS_OF = ['inner.algorithm', 'fineTune.algorithm', ...FINE_TUNES]

/** Policy steps of adaptation, with the inner loop's own trust region: pre-training has one of its own. */
export const adaptingBy = (config: RunConfig): Algorithm[] =>
  isMeta(config) ? algorithmsOf(config) : fineTunes(config) ? [fineTuneAlgorithm(config)] : []
export const ADAPTING_BY = ['method', ...ALGORITHMS_OF]

export const usesMultiplier = (algorithm: Algorithm): boolean => algorithm === 'trpo-lag' || algorithm === 'gradient'
export const isConstrained = (algorithm: Algorithm): boolean => algorithm === 'cpo' || algorithm === 'pcpo'
export const isTrustRegion = (algorithm: Algorithm): boolean => algorithm !== 'gradient'

export const notUsedBy = (algorithms: readonly Algorithm[]): string =>
  algorithms.length === 0 ? 'not used without fine-tuning' : `not used by ${algorithms.join(' and ')}`

/** Used as soon as one of the policy steps uses it. */
export const needs = (algorithms: readonly Algorithm[], uses: (algorithm: Algorithm) => boolean): string | null =>
  algorithms.some(uses) ? null : notUsedBy(algorithms)

/** Whether fine-tuning begins with the lambda that was trained (src/core/study/fine-tune.ts). */
const carriesLambda = (config: RunConfig): boolean =>
  fineTunes(config) && config.fineTune.carryMultiplier && usesMultiplier(fineTuneAlgorithm(config))
const CARRIES_LAMBDA = ['fineTune.carryMultiplier', ...ALGORITHMS_OF]

/** Whether anything feels the lambda that training moves: the outer gradient, the inner loop, or fine-tuning. */
export const lambdaMatters = (config: RunConfig): boolean =>
  (isMeta(config) && config.meta.outerRule !== 'reptile') ||
  usesMultiplier(config.inner.algorithm) ||
  carriesLambda(config)
export const LAMBDA_MATTERS = ['method', 'meta.outerRule', ...CARRIES_LAMBDA]

export const whereNot = (used: boolean, reason: string): string | null => (used ? null : reason)
