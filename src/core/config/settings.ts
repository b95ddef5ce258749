import { z } from 'zod'
import { environment, tasks } from './sections/environment.ts'
import { fineTune } from './sections/fine-tuning.ts'
import { inner } from './sections/inner.ts'
import { meta } from './sections/meta.ts'
import { advantage, critics, policy } from './sections/networks.ts'
import { preTraining } from './sections/pre-training.ts'
import { ours } from './sections/sources.ts'
import { ENGINES } from './engines.ts'
import { atLeastZero, count, setting } from './setting.ts'

export { ALGORITHMS } from './sections/inner.ts'

/** Of the newest configuration; older ones are brought here by `migrate.ts`. */
export const SCHEMA_VERSION = 4

/** The whole configuration of a run. Every setting has a default, so `{}` is a valid run. */
export const runConfigSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION).default(SCHEMA_VERSION),
  seed: setting(count(0, 2 ** 31 - 1), 1, { help: 'Seed of everything random in the run.', source: 'own choice' }),
  method: setting(z.enum(['meta', 'pre-train']), 'meta', {
    help: 'meta: algorithm 1 over tasks; pre-train: one policy on all tasks at once.',
    source: 'C-MAML paper, section 5.1',
  }),
  costLimit: setting(atLeastZero(10_000), 5, {
    help: 'Limit d on the undiscounted episode cost.',
    unit: 'cost per episode',
    source: 'C-MAML paper, section 5.1 (5 in Environment 2, 0.75 in Environment 1)',
  }),
  observationScaling: setting(z.enum(['affine', 'proximity', 'running']), 'affine', {
    help: 'Fixed affine scaling; the same with lidars by inverse distance; or running mean and variance, frozen within each iteration.',
    source: ours,
  }),
  kernels: setting(z.enum(['auto', 'portable']), 'auto', {
    help: 'auto: fused multiply-add where the machine has it; portable: the same bits on every machine.',
    source: 'docs/decisions/kernels.md',
  }),
  engine: setting(z.enum(ENGINES), 'auto', {
    help: 'What computes updates. auto: what is fastest on this machine; simd: the task workers themselves; tfjs: TensorFlow.js on its best available backend, all tasks of an iteration at once. Rollouts always use the SIMD kernels.',
    source: 'docs/decisions/engines.md',
  }),
  milestoneEvery: setting(count(1, 1_000_000), 50, {
    help: 'A checkpoint is kept every so many iterations, besides the newest and the last.',
    source: 'own choice',
  }),
  recordEvery: setting(count(0, 1_000_000), 0, {
    help: 'An episode of each of a few training tasks is recorded every so many iterations, and after the last; 0: never. It changes nothing of the training.',
    source: 'own choice',
  }),
  recordTasks: setting(count(1, 100), 2, {
    help: 'So many of the training tasks, the first ones, are recorded: with the policy as it is before adaptation.',
    source: 'own choice',
  }),
  environment: environment.prefault({}),
  tasks: tasks.prefault({}),
  policy: policy.prefault({}),
  advantage: advantage.prefault({}),
  inner: inner.prefault({}),
  critics: critics.prefault({}),
  meta: meta.prefault({}),
  preTraining: preTraining.prefault({}),
  fineTune: fineTune.prefault({}),
})

export type RunConfig = z.output<typeof runConfigSchema>
export type InnerSettings = RunConfig['inner']
export type CriticSettings = RunConfig['critics']
export type MetaSettings = RunConfig['meta']
export type PreTrainingSettings = RunConfig['preTraining']

/** Iterations of a run: of the outer loop, or policy steps of pre-training. */
export const totalIterations = ({ method, meta: { iterations }, preTraining: own }: RunConfig): number =>
  method === 'meta' ? iterations : own.iterations
