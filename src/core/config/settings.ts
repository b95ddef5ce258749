import { z } from 'zod'
import { atLeastZero, count, positive, setting } from './setting.ts'

const ours = 'own experiments on training tasks (docs/method.md, Defaults)'
const omnisafe = 'OmniSafe configs/on-policy/TRPOLag.yaml'

const environment = z.strictObject({
  world: setting(z.enum(['environment-1', 'environment-2', 'point-goal-1', 'point-goal-2']), 'environment-2', {
    help: 'Which world description the tasks are drawn from.',
    source: 'C-MAML paper, appendix F; Safety-Gymnasium',
  }),
  goal: setting(z.enum(['hidden', 'visible']), 'hidden', {
    help: 'Whether the goal lidar is observed (60 observations) or the goal has to be searched for (44).',
    source: 'C-MAML paper, section 5 ("search for goals")',
  }),
  goalRule: setting(z.enum(['end', 'resample', 'stay']), 'end', {
    help: 'What reaching the goal does: end the episode, draw the next goal, or nothing.',
    source: "first author's public code, hidden_goal_wrapper.py (continue_goal=False)",
  }),
  horizon: setting(count(10, 10_000), 400, {
    help: 'Steps after which an episode is truncated.',
    unit: 'environment steps',
    source: `Safety-Gymnasium uses 1000; 400: ${ours}`,
  }),
  vasesConstrained: setting(z.boolean(), false, {
    help: "Whether Environment 1's vase counts as a cost (Environment 2's vases always do).",
    source: "Safety-Gymnasium level 1 (is_constrained=False); the paper's text says vases penalise",
  }),
  physics: setting(z.enum(['fast', 'reference']), 'fast', {
    help: 'fast: closed-form motion where the robot can touch nothing, MuJoCo elsewhere; reference: MuJoCo for every substep.',
    source: 'bench/physics-equivalence.ts',
  }),
})

const tasks = z.strictObject({
  trainingFrom: setting(count(0, 1_000_000), 0, { help: 'First training seed.', source: 'C-MAML paper, appendix F' }),
  trainingTo: setting(count(0, 1_000_000), 300, {
    help: 'Last training seed (inclusive).',
    source: 'C-MAML paper, appendix F',
  }),
  heldOutFrom: setting(count(0, 1_000_000), 301, { help: 'First held-out seed.', source: 'own choice' }),
  heldOutTo: setting(count(0, 1_000_000), 600, { help: 'Last held-out seed (inclusive).', source: 'own choice' }),
  arcDegrees: setting(positive(360), 140, {
    help: 'Only layouts whose first goal lies within this arc around the robot’s heading are tasks.',
    unit: 'degrees',
    source: 'C-MAML paper, appendix F',
  }),
})

const policy = z.strictObject({
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

const advantage = z.strictObject({
  gamma: setting(z.number().min(0).lt(1), 0.99, { help: 'Discount of rewards and costs.', source: omnisafe }),
  gaeReward: setting(z.number().min(0).max(1), 0.95, { help: 'GAE lambda of rewards.', source: omnisafe }),
  gaeCost: setting(z.number().min(0).max(1), 0.95, { help: 'GAE lambda of costs.', source: omnisafe }),
})

const trustRegion = (kl: number, help: string) => ({
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

const critics = z.strictObject({
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

const inner = z.strictObject({
  algorithm: setting(z.enum(['trpo-lag']), 'trpo-lag', {
    help: 'Constrained policy step of the inner loop.',
    source: 'C-MAML paper, section 4.1',
  }),
  steps: setting(count(1, 20), 1, { help: 'Adaptation steps K per task and meta-iteration.', source: ours }),
  episodes: setting(count(1, 200), 5, { help: 'Whole episodes per adaptation batch.', source: ours }),
  ...trustRegion(0.08, 'Trust region of one adaptation step.'),
  backtracks: setting(count(1, 50), 10, { help: 'Most line-search candidates.', source: 'Schulman et al. (2015)' }),
  backtrackRatio: setting(z.number().gt(0).lt(1), 0.8, { help: 'Shrinkage per candidate.', source: omnisafe }),
  multiplierRate: setting(atLeastZero(1), 0.01, {
    help: 'Gradient step of the task multiplier lambda_p per unit of episode cost above the limit.',
    source: ours,
  }),
  multiplierCap: setting(positive(1000), 2, { help: 'Largest lambda_p.', source: ours }),
  multiplierViolationCap: setting(positive(10_000), 1000, {
    help: 'Most of a violation that one update of lambda_p counts; huge by default, so that it never binds.',
    unit: 'cost per episode',
    source: 'C-MAML paper, eq. 22 has no such bound',
  }),
})

const multiplier = (help: string, initial: number) => ({
  initial: setting(atLeastZero(100), initial, { help: `Initial ${help}.`, source: ours }),
  rate: setting(atLeastZero(1), 0.003, {
    help: `Gradient step of ${help} per unit of episode cost above the limit.`,
    source: ours,
  }),
  cap: setting(positive(1000), 2, { help: `Largest ${help}.`, source: ours }),
  violationCap: setting(positive(10_000), 5, {
    help: `Most of a violation that one update of ${help} counts: early costs of 40 would wind it up for good.`,
    unit: 'cost per episode',
    source: ours,
  }),
})

const meta = z.strictObject({
  iterations: setting(count(1, 1_000_000), 500, { help: 'Meta-iterations N of algorithm 1.', source: ours }),
  tasksPerIteration: setting(count(1, 500), 20, {
    help: 'Tasks B per meta-iteration, drawn without replacement.',
    source: ours,
  }),
  outerRule: setting(z.enum(['fomaml']), 'fomaml', {
    help: 'How the outer direction follows from the adapted policies.',
    source: 'C-MAML paper, section 4.3',
  }),
  ...trustRegion(0.03, 'Trust region of one outer step.'),
  finalKlShare: setting(z.number().gt(0).max(1), 0.05, {
    help: 'Share of the outer KL bound that is left in the last iteration; it falls linearly. 1 keeps it constant.',
    source: `${ours}: with a constant bound the last meta-policy is much worse than its neighbours' average`,
  }),
  step: setting(z.enum(['kl-exact', 'kl-max']), 'kl-exact', {
    help: 'Whether the outer step always takes its full KL bound or may be shorter.',
    source: ours,
  }),
  rate: setting(positive(100), 1, {
    help: 'Length of the natural-gradient step under kl-max, before the bound.',
    source: 'own choice',
  }),
  lambda: z.strictObject(multiplier('meta multiplier lambda (eq. 22)', 0.3)).prefault({}),
  eta: z
    .strictObject({
      mode: setting(z.enum(['adaptive', 'fixed']), 'adaptive', {
        help: 'adaptive follows eq. 31; fixed keeps the initial value (0 is the ablation without safety term).',
        source: 'C-MAML paper, figure 3',
      }),
      ...multiplier('safety multiplier eta (eq. 31)', 0.25),
      signal: setting(z.enum(['rollout', 'critic']), 'rollout', {
        help: 'Cost of the meta-policy that eta follows: measured, or kappa times mean V_C(s_0).',
        source: 'C-MAML paper, eq. 31 (critic)',
      }),
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
  criticEpochs: setting(count(0, 100), 2, {
    help: 'Epochs of the meta cost critic on the pooled meta-policy data (eq. 12).',
    source: ours,
  }),
})

const fineTune = z.strictObject({
  tasks: setting(count(0, 1000), 20, {
    help: 'Held-out tasks on which the result is fine-tuned beside a random initialisation; 0 skips it.',
    source: 'C-MAML paper, section 5.1 uses all training tasks',
  }),
  steps: setting(count(0, 100), 5, { help: 'Adaptation steps.', source: 'C-MAML paper, figure 4 shows 10' }),
  episodes: setting(count(1, 1000), 10, { help: 'Whole episodes per adaptation step.', source: ours }),
  initialMultiplier: setting(atLeastZero(100), 0.2, {
    help: 'Starting lambda_p of every initialisation.',
    source: 'docs/method.md, Fine-tuning',
  }),
})

/** The whole configuration of a run. Every setting has a default, so `{}` is a valid run. */
export const runConfigSchema = z.strictObject({
  schemaVersion: z.literal(1).default(1),
  seed: setting(count(0, 2 ** 31 - 1), 1, { help: 'Seed of everything random in the run.', source: 'own choice' }),
  costLimit: setting(atLeastZero(10_000), 5, {
    help: 'Limit d on the undiscounted episode cost.',
    unit: 'cost per episode',
    source: 'C-MAML paper, section 5.1 (5 in Environment 2, 0.75 in Environment 1)',
  }),
  observationScaling: setting(z.enum(['affine', 'running']), 'affine', {
    help: 'Fixed affine scaling, or running mean and variance frozen within each iteration.',
    source: ours,
  }),
  kernels: setting(z.enum(['auto', 'portable']), 'auto', {
    help: 'auto: fused multiply-add where the machine has it; portable: the same bits on every machine.',
    source: 'docs/decisions/kernels.md',
  }),
  milestoneEvery: setting(count(1, 1_000_000), 50, {
    help: 'A checkpoint is kept every so many meta-iterations, besides the newest and the last.',
    source: 'own choice',
  }),
  environment: environment.prefault({}),
  tasks: tasks.prefault({}),
  policy: policy.prefault({}),
  advantage: advantage.prefault({}),
  inner: inner.prefault({}),
  critics: critics.prefault({}),
  meta: meta.prefault({}),
  fineTune: fineTune.prefault({}),
})

export type RunConfig = z.output<typeof runConfigSchema>
export type InnerSettings = RunConfig['inner']
export type CriticSettings = RunConfig['critics']
export type MetaSettings = RunConfig['meta']
