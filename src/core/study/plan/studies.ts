import type { WorldName } from '../../env/world.ts'
import type { AlgorithmArmId, InitialisationArmId } from './arms.ts'
import type { BenchmarkWorld } from './published.ts'

/** What a study of the paper shows. */
type PaperStudyKind =
  /** Return and cost over adaptation; the band is the SD across tasks. */
  | 'adaptation'
  /** The same, averaged over tasks first; the band is the SD across seeds. */
  | 'adaptation-over-seeds'
  /** Meta-training beside fine-tuning. */
  | 'ablation'
  /** Trajectories before and after adaptation on single tasks. */
  | 'trajectories'
  /** Layouts only. */
  | 'layouts'

interface StudyFacts {
  /** With the settings of the paper; a plan of other settings has a title of its own (`title.ts`). */
  readonly title: string
  readonly costLimit: number
}

/** Initialisations, fine-tuned. */
export interface PaperStudy extends StudyFacts {
  readonly kind: PaperStudyKind
  readonly world: Extract<WorldName, 'environment-1' | 'environment-2'>
  readonly algorithm: 'trpo-lag' | 'cpo'
  readonly arms: readonly InitialisationArmId[]
  /** Only these tasks, where the paper names them. */
  readonly tasks?: readonly number[]
}

/** Algorithms, trained as in a published benchmark and held against its results. Nothing is fine-tuned. */
export interface ValidationStudy extends StudyFacts {
  readonly kind: 'validation'
  readonly world: BenchmarkWorld
  readonly arms: readonly AlgorithmArmId[]
}

export type Study = PaperStudy | ValidationStudy
export type StudyKind = Study['kind']

const environment2 = { world: 'environment-2', algorithm: 'trpo-lag', costLimit: 5 } as const
const environment2Cpo = { world: 'environment-2', algorithm: 'cpo', costLimit: 10 } as const
const environment1 = { world: 'environment-1', algorithm: 'trpo-lag', costLimit: 0.75 } as const
const validation = { kind: 'validation', costLimit: 25, arms: ['trpo', 'trpo-lag', 'cpo'] } as const
const four = ['c-maml', 'random', 'pre-trained', 'maml'] as const

/** The studies of the paper, by its figures. */
const paperStudies = {
  'figure-3': {
    ...environment2,
    title: 'Safety multiplier eta, adaptive against 0: meta-training and fine-tuning',
    kind: 'ablation',
    arms: ['c-maml', 'c-maml-no-eta'],
  },
  'figure-4': {
    ...environment2,
    title: 'Four initialisations, fine-tuned by TRPO-Lagrangian',
    kind: 'adaptation',
    arms: four,
  },
  'figure-5': { ...environment2Cpo, title: 'Four initialisations, fine-tuned by CPO', kind: 'adaptation', arms: four },
  'figure-9': {
    ...environment2,
    title: 'Rollouts on tasks 122 and 233 before and after adaptation',
    kind: 'trajectories',
    arms: ['c-maml', 'pre-trained', 'random'],
    tasks: [122, 233],
  },
  'figure-10': {
    ...environment2,
    title: 'Four initialisations, fine-tuned by TRPO-Lagrangian: spread over seeds',
    kind: 'adaptation-over-seeds',
    arms: four,
  },
  'figure-11': {
    ...environment2Cpo,
    title: 'Four initialisations, fine-tuned by CPO: spread over seeds',
    kind: 'adaptation-over-seeds',
    arms: four,
  },
  'figure-12': {
    ...environment2,
    title: 'Difficulty: a task of Environment 2 beside one of Environment 1',
    kind: 'layouts',
    arms: [],
  },
  'figure-13': {
    ...environment1,
    title: 'Environment 1, fine-tuned by TRPO-Lagrangian',
    kind: 'adaptation',
    arms: ['c-maml', 'random', 'pre-trained'],
  },
  tasks: { ...environment2, title: 'All tasks of the distributions (figures 7 and 8)', kind: 'layouts', arms: [] },
} as const satisfies Record<string, PaperStudy>

/** Trainings beside published results of the same benchmark. */
const validationStudies = {
  'omnisafe-point-goal-1': { ...validation, world: 'point-goal-1', title: "PointGoal1 beside OmniSafe's benchmark" },
  'omnisafe-point-goal-2': { ...validation, world: 'point-goal-2', title: "PointGoal2 beside OmniSafe's benchmark" },
} as const satisfies Record<string, ValidationStudy>

const studies = { ...paperStudies, ...validationStudies }

export type PaperStudyId = keyof typeof paperStudies
export type ValidationStudyId = keyof typeof validationStudies
export type StudyId = keyof typeof studies
export const STUDY_IDS = Object.keys(studies) as StudyId[]
export const isValidation = (id: StudyId): id is ValidationStudyId => id in validationStudies
export const studyOf = (id: StudyId): Study => studies[id]
export const paperStudyOf = (id: PaperStudyId): PaperStudy => paperStudies[id]
export const validationStudyOf = (id: ValidationStudyId): ValidationStudy => validationStudies[id]
