import type { RunConfig } from '../../settings.ts'
import {
  ALGORITHMS_OF,
  FINE_TUNES,
  fineTuneAlgorithm,
  fineTunes,
  isMeta,
  needs,
  usesMultiplier,
  whereNot,
} from './conditions.ts'
import type { Dependency } from './dependency.ts'

const drawsTasks = (config: RunConfig): boolean => isMeta(config) || config.preTraining.layouts === 'tasks'
const DRAWS_TASKS = ['method', 'preTraining.layouts']

/** Rules of the tasks and of fine-tuning (src/core/training/tasks.ts, src/core/study/fine-tune.ts). */
export const tasksAndFineTuning: readonly Dependency[] = [
  {
    settings: ['environment.vasesConstrained'],
    on: ['environment.world'],
    unused: ({ environment: { world } }) =>
      whereNot(world !== 'environment-2' && world !== 'point-goal-2', `not used: the vases of ${world} always cost`),
  },
  {
    settings: ['recordTasks'],
    on: ['recordEvery'],
    unused: ({ recordEvery }) => whereNot(recordEvery > 0, 'not used: nothing is recorded'),
  },
  {
    settings: ['tasks.trainingFrom', 'tasks.trainingTo'],
    on: DRAWS_TASKS,
    unused: (config) => whereNot(drawsTasks(config), 'not used: every batch has fresh layouts'),
  },
  {
    settings: ['tasks.arcDegrees'],
    on: [...DRAWS_TASKS, 'fineTune.tasks'],
    unused: (config) =>
      whereNot(drawsTasks(config) || config.fineTune.tasks > 0, 'not used: every batch has fresh layouts'),
  },
  {
    settings: ['tasks.heldOutFrom', 'tasks.heldOutTo', 'fineTune.steps', 'fineTune.episodes'],
    on: ['fineTune.tasks'],
    unused: ({ fineTune }) => whereNot(fineTune.tasks > 0, 'not used without fine-tuning'),
  },
  {
    settings: ['fineTune.algorithm'],
    on: FINE_TUNES,
    unused: (config) => whereNot(fineTunes(config), 'not used without fine-tuning'),
  },
  {
    settings: ['fineTune.initialMultiplier', 'fineTune.carryMultiplier'],
    on: ALGORITHMS_OF,
    unused: (config) =>
      fineTunes(config) ? needs([fineTuneAlgorithm(config)], usesMultiplier) : 'not used without fine-tuning',
  },
]
