import { arms } from '../../../core/study/plan/arms.ts'
import { SCALE_NAMES, scaleOf } from '../../../core/study/plan/scales.ts'
import { STUDY_IDS, studyOf } from '../../../core/study/plan/studies.ts'

export interface StudyRow {
  readonly id: string
  readonly title: string
  readonly arms: string[]
  readonly scales: { readonly name: string; readonly description: string; readonly seeds: number[] }[]
}

/** Every study that can be run, with its arms by what figures call them. */
export function listStudies(): StudyRow[] {
  return STUDY_IDS.map((id) => {
    const { title, arms: ids } = studyOf(id)
    return {
      id,
      title,
      arms: ids.map((arm) => arms[arm].label),
      scales: SCALE_NAMES.map((name) => {
        const { description, seeds } = scaleOf(name)
        return { name, description, seeds: [...seeds] }
      }),
    }
  })
}
