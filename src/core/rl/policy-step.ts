import { cpoStep } from './cpo.ts'
import { gradientStep } from './gradient-step.ts'
import type { PolicyStep } from './line-search.ts'
import { pcpoStep } from './pcpo.ts'
import type { PolicyStepInput } from './policy-step-input.ts'
import { trpoLagrangianStep } from './trpo-lagrangian.ts'
import { trpoStep } from './trpo.ts'

export { FEASIBILITIES, type Feasibility } from './cpo-dual.ts'
export type { PolicyStep } from './line-search.ts'
export type { PolicyStepInput, PolicyStepSettings } from './policy-step-input.ts'

export type Algorithm = 'trpo' | 'trpo-lag' | 'cpo' | 'pcpo' | 'gradient'

/** One policy step of the inner loop, of pre-training or of fine-tuning. */
export function policyStep(algorithm: Algorithm, input: PolicyStepInput): Promise<PolicyStep> {
  switch (algorithm) {
    case 'trpo':
      return trpoStep(input, input.rewardAdvantages)
    case 'trpo-lag':
      return trpoLagrangianStep(input)
    case 'cpo':
      return cpoStep(input)
    case 'pcpo':
      return pcpoStep(input)
    case 'gradient':
      return gradientStep(input)
  }
}
