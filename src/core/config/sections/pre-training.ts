import { z } from 'zod'
import { count, positive, setting } from '../setting.ts'
import { lastingMultiplier } from './multiplier.ts'
import { omnisafe, ours } from './sources.ts'
import { trustRegion } from './trust-region.ts'

/** Training one policy on all tasks at once, with the policy step `inner.algorithm` and no adaptation. */
export const preTraining = z.strictObject({
  iterations: setting(count(1, 1_000_000), 150, { help: 'Policy steps.', source: ours }),
  layouts: setting(z.enum(['tasks', 'fresh']), 'tasks', {
    help: 'tasks: draws from the training tasks; fresh: layouts drawn anew for every batch, never met again.',
    source: 'C-MAML paper, section 5.1 (tasks); Safety-Gymnasium benchmark (fresh)',
  }),
  tasksPerIteration: setting(count(1, 500), 40, {
    help: 'Tasks per batch, drawn without replacement; under fresh layouts, layouts per batch.',
    source: `${ours}: docs/research-log.md, 40 against 20 at equal environment steps`,
  }),
  episodes: setting(count(1, 1000), 5, { help: 'Whole episodes per task and batch.', source: ours }),
  costWindow: setting(count(1, 1000), 1, {
    help: 'Batches over which the episode cost is averaged that lambda follows and that cpo and pcpo hold to the limit.',
    source: 'OmniSafe averages over the last 100 episodes (logger_cfgs.window_lens): 5 batches of 20',
  }),
  ...trustRegion(0.04, 'Trust region of one policy step.'),
  criticEpochs: setting(count(1, 100), 5, {
    help: 'Epochs of both critics per batch.',
    source: `OmniSafe uses 10; 5: ${ours}`,
  }),
  criticLearningRate: setting(positive(1), 1e-3, { help: "Adam's step size of both critics.", source: omnisafe }),
  lambda: z
    .strictObject(lastingMultiplier('the multiplier lambda', 0.3, { rate: 0.003, cap: 2, violationCap: 5 }))
    .prefault({}),
})
