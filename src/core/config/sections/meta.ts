import { z } from 'zod'
import { count, positive, setting } from '../setting.ts'
import { lastingMultiplier } from './multiplier.ts'
import { ours } from './sources.ts'
import { trustRegion } from './trust-region.ts'

const multiplierDefaults = { rate: 0.003, cap: 2, violationCap: 5 }

const signal = (whose: string) =>
  setting(z.enum(['rollout', 'critic']), 'rollout', {
    help: `Cost of ${whose} that the multiplier follows: measured, or kappa times the mean V_C(s_0) of its cost critic.`,
    source: 'C-MAML paper, eq. 22 (rollout), eq. 31 (critic)',
  })

/** The outer loop of Algorithm 1. */
export const meta = z.strictObject({
  iterations: setting(count(1, 1_000_000), 250, { help: 'Meta-iterations N of algorithm 1.', source: ours }),
  tasksPerIteration: setting(count(1, 500), 40, {
    help: 'Tasks B per meta-iteration, drawn without replacement.',
    source: `${ours}: docs/research-log.md, 40 against 20 and 80 at equal environment steps`,
  }),
  outerRule: setting(z.enum(['fomaml', 'reptile', 'maml']), 'fomaml', {
    help: 'Outer direction: gradients at the adapted policies; their displacement; or second order (gradient inner step only).',
    source: 'C-MAML paper, section 4.3 (fomaml); Nichol et al. (2018); Finn et al. (2017)',
  }),
  optimiser: setting(z.enum(['natural', 'adam', 'sgd']), 'natural', {
    help: 'Outer step: natural gradient bounded in KL (reptile: its displacement within the bound), Adam, or plain ascent.',
    source: `natural: ${ours}; adam: Finn et al. (2017)`,
  }),
  ...trustRegion(0.03, 'Trust region of one outer step.'),
  finalKlShare: setting(z.number().gt(0).max(1), 0.05, {
    help: 'Share of the outer KL bound that is left in the last iteration; it falls linearly. 1 keeps it constant.',
    source: `${ours}: with a constant bound the last meta-policy is much worse than its neighbours' average`,
  }),
  step: setting(z.enum(['kl-exact', 'kl-max']), 'kl-exact', {
    help: 'Whether the natural outer step always takes its full KL bound or may be shorter.',
    source: ours,
  }),
  rate: setting(positive(100), 1, {
    help: 'Length of the natural step under kl-max before the bound; of the sgd step; beta of reptile.',
    source: 'Nichol et al. (2018): 1',
  }),
  adamRate: setting(positive(1), 1e-3, { help: 'Step size of the adam optimiser.', source: 'Finn et al. (2017)' }),
  limitShare: setting(z.number().gt(0).max(1), 1, {
    help: 'Share of the cost limit that training, pre-training too, aims at; below 1 it leaves a margin for new tasks.',
    source: ours,
  }),
  lambda: z
    .strictObject({
      ...lastingMultiplier('the meta multiplier lambda (eq. 22)', 0.3, multiplierDefaults),
      signal: signal('the adapted policies'),
    })
    .prefault({}),
  eta: z
    .strictObject({
      ...lastingMultiplier('the safety multiplier eta (eq. 31)', 0.25, multiplierDefaults),
      signal: signal('the meta-policy'),
      weight: setting(z.enum(['advantage', 'literal']), 'advantage', {
        help: 'W_t of the safety term: the cost advantage, or V_C(s_t) as printed in eq. 14 (zero in expectation).',
        source: 'docs/method.md, Safety term',
      }),
      saturating: setting(z.boolean(), false, {
        help: 'Weigh the safety term by eta / (1 + eta) instead of eta.',
        source: "first author's public code, meta_on_policy_runner.py",
      }),
      onlyAboveLimit: setting(z.boolean(), false, {
        help: 'Apply the safety term only while the meta-policy exceeds the limit.',
        source: "first author's public code, meta_on_policy_runner.py",
      }),
      includeLogStd: setting(z.boolean(), true, {
        help: 'Whether the safety term may change the log standard deviation.',
        source: 'C-MAML paper, eq. 14',
      }),
    })
    .prefault({}),
  critic: setting(z.enum(['regression', 'meta-gradient']), 'regression', {
    help: 'How the meta cost critic learns: regression on pooled data, or phi + criticRate mean(phi_p - phi).',
    source: 'C-MAML paper, eq. 12 (regression), algorithm 1, line 16 (meta-gradient)',
  }),
  criticRate: setting(positive(10), 1, {
    help: 'beta of the meta-gradient of the cost critic.',
    source: 'Nichol et al. (2018)',
  }),
  criticEpochs: setting(count(0, 100), 2, {
    help: 'Epochs of the meta cost critic on the pooled meta-policy data (eq. 12).',
    source: ours,
  }),
})
