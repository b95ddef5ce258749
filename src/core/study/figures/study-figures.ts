import type { Figure } from '../figure-data.ts'
import type { StudyData } from '../study-data.ts'
import { ablationFigures } from './ablation.ts'
import { adaptationFigures, seedAdaptationFigures } from './adaptation.ts'
import { layoutFigures, trajectoriesFigure } from './maps.ts'
import { validationFigure } from './validation.ts'

/** Of the resamples behind the intervals of figures and tables. */
export const DEFAULT_BOOTSTRAP_SEED = 1

/** The figures of a study, complete or not: captions say what is missing. */
export function studyFigures(data: StudyData, bootstrapSeed = DEFAULT_BOOTSTRAP_SEED): Figure[] {
  switch (data.plan.study.kind) {
    case 'adaptation':
      return adaptationFigures(data, bootstrapSeed)
    case 'adaptation-over-seeds':
      return seedAdaptationFigures(data)
    case 'ablation':
      return ablationFigures(data, bootstrapSeed)
    case 'trajectories':
      return [trajectoriesFigure(data)]
    case 'layouts':
      return layoutFigures(data)
    case 'validation':
      return [validationFigure(data)]
  }
}
