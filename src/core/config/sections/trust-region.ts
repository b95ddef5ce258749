import { atLeastZero, count, positive, setting } from '../setting.ts'
import { omnisafe, ours } from './sources.ts'

/** Settings of a natural-gradient step. @param kl default of its bound */
export const trustRegion = (kl: number, help: string) => ({
  kl: setting(positive(1), kl, {
    help,
    unit: 'nats, summed over action dimensions',
    source: ours,
  }),
  conjugateGradientSteps: setting(count(1, 100), 10, {
    help: 'Conjugate-gradient iterations per step.',
    source: `OmniSafe uses 15; 10: Schulman et al. (2015)`,
  }),
  damping: setting(atLeastZero(10), 0.2, {
    help: 'Multiple of the identity added to the Fisher matrix.',
    source: `${omnisafe}: 0.1 with the KL averaged over 2 action dimensions`,
  }),
  fisherStride: setting(count(1, 64), 4, {
    help: 'The Fisher product uses every n-th transition.',
    source: ours,
  }),
})
