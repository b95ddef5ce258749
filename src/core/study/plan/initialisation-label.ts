/** What tables and figures call an initialisation: by what its training was, in the words of the studies' arms. */
import type { RunConfig } from '../../config/settings.ts'
import { arms } from './arms.ts'

/** A fresh network. */
export const RANDOM_LABEL = arms.random.label

/** A policy by the configuration that it was trained with, e.g. `MAML` where no constraint acts in its training. */
export function initialisationLabel({ method, inner, meta }: Pick<RunConfig, 'method' | 'inner' | 'meta'>): string {
  if (method === 'pre-train') return arms['pre-trained'].label
  const hasSafetyTerm = !isZero(meta.eta)
  if (!hasSafetyTerm && isZero(meta.lambda) && isUnconstrained(inner)) return arms.maml.label
  if (!hasSafetyTerm) return arms['c-maml-no-eta'].label
  return meta.eta.weight === 'literal' ? arms['c-maml-literal'].label : arms['c-maml'].label
}

const isZero = ({ mode, initial }: RunConfig['meta']['lambda'] | RunConfig['meta']['eta']): boolean =>
  mode === 'off' || (mode === 'fixed' && initial === 0)

/** Whether the cost plays no part in a policy step, where lambda_p starts at 0. */
const isUnconstrained = ({ algorithm, multiplier: { update, rate } }: RunConfig['inner']): boolean =>
  algorithm === 'trpo' || (algorithm === 'gradient' && update === 'gradient' && rate === 0)

/** Up to version 0.2 every checkpoint was stored as this one, whatever its training was: `C-MAML`, `C-MAML (name)`. */
const ONCE_OF_ALL = new RegExp(`^${arms['c-maml'].label}(?= \\(|$)`)

/** A stored label, with the old one that fitted everything corrected. */
export const correctedLabel = (stored: string, trained: RunConfig): string =>
  stored.replace(ONCE_OF_ALL, initialisationLabel(trained))
