import { z } from 'zod'
import { count, atLeastZero, positive, setting } from '../setting.ts'
import { omnisafe, ours } from './sources.ts'

export const policy = z.strictObject({
  hidden: setting(
    z
      .array(
        z
          .int()
          .min(8)
          .max(1024)
          .refine((width) => width % 8 === 0, 'widths are multiples of 8'),
      )
      .min(1)
      .max(4),
    [64, 64],
    { help: 'Widths of the tanh layers of policy and critics.', source: omnisafe },
  ),
  initialLogStd: setting(z.number().min(-5).max(1), -0.5, {
    help: 'Initial log standard deviation of the actions.',
    source: 'Safety Starter Agents (Ray et al., 2019)',
  }),
  minLogStd: setting(z.number().min(-10).max(1), -0.7, {
    help: 'Floor of the log standard deviation; without it exploration collapses and adaptation freezes.',
    source: ours,
  }),
  maxLogStd: setting(z.number().min(-5).max(2), 0.3, { help: 'Ceiling of the log standard deviation.', source: ours }),
  headScale: setting(positive(1), 0.1, {
    help: "Factor on the initial kernel of the policy's head.",
    source: ours,
  }),
})

export const advantage = z.strictObject({
  gamma: setting(z.number().min(0).lt(1), 0.99, { help: 'Discount of rewards and costs.', source: omnisafe }),
  gaeReward: setting(z.number().min(0).max(1), 0.95, { help: 'GAE lambda of rewards.', source: omnisafe }),
  gaeCost: setting(z.number().min(0).max(1), 0.95, { help: 'GAE lambda of costs.', source: omnisafe }),
})

export const critics = z.strictObject({
  epochs: setting(count(1, 100), 5, { help: 'Epochs of each critic fit.', source: `OmniSafe uses 10; 5: ${ours}` }),
  warmUpEpochs: setting(count(0, 100), 5, {
    help: "Epochs that a fresh reward critic is fitted on the task's first batch before it is used.",
    source: ours,
  }),
  minibatch: setting(count(8, 4096), 256, {
    help: 'Transitions per Adam step.',
    source: `OmniSafe uses 128; 256: ${ours}`,
  }),
  learningRate: setting(positive(1), 1e-3, { help: "Adam's step size.", source: omnisafe }),
  l2: setting(atLeastZero(1), 1e-4, {
    help: 'Coefficient of the squared-norm penalty.',
    source: `OmniSafe uses 1e-3; 1e-4: ${ours}`,
  }),
  maxGradientNorm: setting(positive(1e6), 40, { help: 'Longest gradient; longer ones are scaled.', source: omnisafe }),
})
