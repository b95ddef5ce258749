import type { RunConfig } from '../../config/settings.ts'
import type { SeriesRole } from '../figure-data.ts'

/** Settings by section, as a configuration file holds them. */
export type Settings = { readonly [key: string]: unknown }

/** An initialisation that a study fine-tunes: how it is made, and what figures call it. */
export interface Arm {
  readonly label: string
  readonly role: SeriesRole
  readonly description: string
  /** Settings of its training on top of the study's; null where nothing is trained. */
  readonly training: ((context: ArmContext) => Settings) | null
  /** Trained for as many environment steps, at most, as C-MAML, unless `preTraining.iterations` is set. */
  readonly sharesBudget?: true
}

export interface ArmContext {
  /** The constrained algorithm that the study fine-tunes with. */
  readonly algorithm: RunConfig['inner']['algorithm']
  readonly costLimit: number
  /** What the preset of the environment has, whatever the study's own limit is. */
  readonly presetCostLimit: number
  readonly outerRule: RunConfig['meta']['outerRule']
  /** What `pre-trained-one-task` is trained on. */
  readonly firstTrainingTask: number
}

const constrained = ({ algorithm, costLimit }: ArmContext): Settings => ({ costLimit, inner: { algorithm } })
const off: Settings = { mode: 'off' }

/** lambda_p of an inner step starts at lambda, which is off, and stays there: a multiplier of 0 leaves the reward alone. */
const gradientWithoutConstraint: Settings = {
  algorithm: 'gradient',
  multiplier: { update: 'gradient', rate: 0 },
}

const preTrained = (context: ArmContext): Settings => ({ ...constrained(context), method: 'pre-train' })

/** The initialisations of the paper's figures, and the ablations beside them. */
const initialisations = {
  'c-maml': {
    label: 'C-MAML',
    role: 'c-maml',
    description: 'Algorithm 1 with adaptive lambda and eta.',
    training: constrained,
  },
  'c-maml-no-eta': {
    label: 'C-MAML, eta = 0',
    role: 'other-1',
    description: 'Algorithm 1 without the safety term (figure 3).',
    training: (context) => ({ ...constrained(context), meta: { eta: off } }),
  },
  'c-maml-literal': {
    label: 'C-MAML, eq. 14 as printed',
    role: 'other-2',
    description: 'The safety term weighted by V_C(s_t), which is zero in expectation.',
    training: (context) => ({ ...constrained(context), meta: { eta: { weight: 'literal' } } }),
  },
  random: {
    label: 'random',
    role: 'random',
    description: 'A fresh network for each task and seed.',
    training: null,
  },
  'pre-trained': {
    label: 'pre-trained',
    role: 'pre-trained',
    description:
      'One policy trained on all tasks at once by the constrained algorithm, with the floor of log std, for as many ' +
      'environment steps (at most) as C-MAML, or for preTraining.iterations where that is set.',
    training: preTrained,
    sharesBudget: true,
  },
  'pre-trained-short': {
    label: 'pre-trained, short',
    role: 'pre-trained',
    description: 'The same for the preTraining.iterations of the preset: a fraction of the interaction of C-MAML.',
    training: preTrained,
  },
  'pre-trained-no-floor': {
    label: 'pre-trained, no floor',
    role: 'other-3',
    description: 'Like pre-trained, budget too, without a floor of the log standard deviation.',
    training: (context) => ({ ...preTrained(context), policy: { minLogStd: -5 } }),
    sharesBudget: true,
  },
  'pre-trained-one-task': {
    label: 'pre-trained on one task',
    role: 'other-4',
    description: 'Like pre-trained, budget too, on the first training task alone.',
    training: (context) => ({
      ...preTrained(context),
      tasks: { trainingFrom: context.firstTrainingTask, trainingTo: context.firstTrainingTask, arcDegrees: 360 },
      preTraining: { tasksPerIteration: 1, episodes: 20 },
    }),
    sharesBudget: true,
  },
  // Its training knows no limit: all studies of an environment share it, whatever theirs is, so it is recorded with the
  // preset's. A second-order outer rule needs the plain gradient step inside.
  maml: {
    label: 'MAML',
    role: 'maml',
    description:
      'MAML with plain TRPO inside (under meta.outerRule maml: plain gradient steps): no constraint anywhere.',
    training: ({ outerRule, presetCostLimit }) => ({
      costLimit: presetCostLimit,
      inner: outerRule === 'maml' ? gradientWithoutConstraint : { algorithm: 'trpo' },
      meta: { lambda: off, eta: off },
    }),
  },
} as const satisfies Record<string, Arm>

/** An algorithm that a validation holds against published results. Its settings are a preset's alone. */
export interface AlgorithmArm extends Omit<Arm, 'training'> {
  readonly preset: string
}

const algorithms = {
  trpo: {
    label: 'TRPO',
    role: 'maml',
    description: 'Trained from scratch without constraint; only in validations.',
    preset: 'omnisafe/trpo',
  },
  'trpo-lag': {
    label: 'TRPO-Lagrangian',
    role: 'c-maml',
    description: 'Trained from scratch; only in validations.',
    preset: 'omnisafe/trpo-lag',
  },
  cpo: {
    label: 'CPO',
    role: 'other-1',
    description: 'Trained from scratch; only in validations.',
    preset: 'omnisafe/cpo',
  },
} as const satisfies Record<string, AlgorithmArm>

export const arms = { ...initialisations, ...algorithms }

export type InitialisationArmId = keyof typeof initialisations
export type AlgorithmArmId = keyof typeof algorithms
export type ArmId = keyof typeof arms
export const INITIALISATION_ARM_IDS = Object.keys(initialisations) as InitialisationArmId[]
export const ALGORITHM_ARM_IDS = Object.keys(algorithms) as AlgorithmArmId[]
export const ARM_IDS: readonly ArmId[] = [...INITIALISATION_ARM_IDS, ...ALGORITHM_ARM_IDS]
