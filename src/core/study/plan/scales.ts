import type { Settings } from './arms.ts'

/** How large a study is. */
export interface StudyScale {
  readonly description: string
  readonly seeds: readonly number[]
  /** Most tasks; all where left out. */
  readonly tasks?: number
  /** On top of the environment's preset, for training and fine-tuning alike. */
  readonly settings: Settings
  /** On top of the presets of a validation; these are as published where left out. */
  readonly validation?: Settings
}

export const scales = {
  smoke: {
    description: 'seconds: 4 tasks, 2 steps, tiny networks; shows that everything runs, means nothing',
    seeds: [1, 2],
    tasks: 4,
    settings: {
      environment: { horizon: 40 },
      policy: { hidden: [8, 8] },
      inner: { episodes: 2 },
      meta: { iterations: 2, tasksPerIteration: 2 },
      preTraining: { iterations: 2, tasksPerIteration: 2, episodes: 2 },
      fineTune: { steps: 2, episodes: 2 },
    },
    validation: {
      environment: { horizon: 40 },
      policy: { hidden: [8, 8] },
      preTraining: { iterations: 2, tasksPerIteration: 2 },
    },
  },
  small: {
    description: 'all tasks, 3 seeds, 10 steps of 4,000 transitions (horizon 400)',
    seeds: [1, 2, 3],
    settings: { fineTune: { steps: 10, episodes: 10 } },
  },
  paper: {
    description: 'all tasks, 3 seeds, 10 steps of 10,000 transitions (horizon 1000)',
    seeds: [1, 2, 3],
    settings: { environment: { horizon: 1000 }, fineTune: { steps: 10, episodes: 10 } },
  },
} as const satisfies Record<string, StudyScale>

export type ScaleName = keyof typeof scales
export const SCALE_NAMES = Object.keys(scales) as ScaleName[]
export const scaleOf = (name: ScaleName): StudyScale => scales[name]
