import { z } from 'zod'
import { atLeastZero, count, setting } from '../setting.ts'
import { ALGORITHMS } from './inner.ts'
import { ours } from './sources.ts'

/** The protocol of section 5. */
export const fineTune = z.strictObject({
  algorithm: setting(z.enum(['inner', ...ALGORITHMS]), 'inner', {
    help: 'Policy step of fine-tuning, the same for all initialisations; inner: that of inner.algorithm.',
    source: 'C-MAML paper, section 5.1',
  }),
  tasks: setting(count(0, 1000), 20, {
    help: 'Held-out tasks on which the result is fine-tuned beside a random initialisation; 0 skips it.',
    source: 'C-MAML paper, section 5.1 uses all training tasks',
  }),
  steps: setting(count(0, 100), 5, { help: 'Adaptation steps.', source: 'C-MAML paper, figure 4 shows 10' }),
  episodes: setting(count(1, 1000), 10, { help: 'Whole episodes per adaptation step.', source: ours }),
  initialMultiplier: setting(atLeastZero(100), 1, {
    help: 'Starting lambda_p of every initialisation.',
    source: `${ours}: about the lambda that C-MAML is trained to; docs/research-log.md`,
  }),
  carryMultiplier: setting(z.boolean(), false, {
    help: 'Start from the lambda that each initialisation was trained to, where it has one (an ablation).',
    source: 'docs/method.md, Fine-tuning',
  }),
})
