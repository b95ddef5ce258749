import { z } from 'zod'
import { count, positive, setting } from '../setting.ts'
import { multiplierUpdate } from './multiplier.ts'
import { omnisafe, ours } from './sources.ts'
import { trustRegion } from './trust-region.ts'

/** Policy steps that the inner loop, pre-training and fine-tuning can take. */
export const ALGORITHMS = ['trpo-lag', 'cpo', 'pcpo', 'trpo', 'gradient'] as const

const rate = (part: string) =>
  setting(z.number().min(0).max(1), 1, {
    help: `Step rate of ${part} in an adaptation step; 0 leaves it as the meta-policy has it.`,
    source: 'ANIL (Raghu et al., 2020) adapts the head only: trunkRate 0',
  })

/** One adaptation step and how many of them. */
export const inner = z.strictObject({
  algorithm: setting(z.enum(ALGORITHMS), 'trpo-lag', {
    help: 'Policy step of the inner loop; trpo knows no constraint, gradient is the plain step of eq. 3.',
    source: 'C-MAML paper, section 4.1 (trpo-lag), 5.2 (cpo); PCPO: Yang et al. (2020)',
  }),
  steps: setting(count(1, 20), 1, { help: 'Adaptation steps K per task and meta-iteration.', source: ours }),
  episodes: setting(count(1, 200), 5, { help: 'Whole episodes per adaptation batch.', source: ours }),
  ...trustRegion(0.08, 'Trust region of one adaptation step.'),
  backtracks: setting(count(1, 50), 10, { help: 'Most line-search candidates.', source: 'Schulman et al. (2015)' }),
  backtrackRatio: setting(z.number().gt(0).lt(1), 0.8, {
    help: 'Shrinkage per candidate; the plain gradient step halves.',
    source: omnisafe,
  }),
  gradientRate: setting(positive(100), 0.1, {
    help: 'Step size alpha of the plain gradient step (eq. 3).',
    source: 'Finn et al. (2017), appendix A.2',
  }),
  trunkRate: rate('the hidden layers'),
  headRate: rate('the head and the log standard deviations'),
  constraintUnit: setting(z.enum(['per-step', 'per-episode']), 'per-step', {
    help: 'cpo, pcpo: unit of the violation beside the per-step cost surrogate; per-episode overstates it by the episode length.',
    source: 'per-step: Ray et al. (2019), whose code divides by the episode length; per-episode: OmniSafe',
  }),
  pcpoProjection: setting(z.enum(['kl', 'l2']), 'kl', {
    help: 'pcpo: metric of the projection on the constraint set.',
    source: 'Yang et al. (2020), section 4',
  }),
  multiplier: z
    .strictObject(multiplierUpdate('the task multiplier lambda_p', { rate: 0.01, cap: 2, violationCap: 1000 }))
    .prefault({}),
})
