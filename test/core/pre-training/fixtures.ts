import type { RunConfig } from '../../../src/core/config/settings.ts'
import { costlyConfig } from '../../support/costly.ts'

/** Two tasks of three episodes: a part of five and a part of one. */
export const preTraining = (...assignments: string[]): RunConfig =>
  costlyConfig(
    'method=pre-train',
    'preTraining.iterations=4',
    'preTraining.tasksPerIteration=2',
    'preTraining.episodes=3',
    'preTraining.lambda.violationCap=1000',
    ...assignments,
  )
