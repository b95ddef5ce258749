/** Trainings as in a published benchmark: seeds of an algorithm in one world, and nothing else. */
import { ConfigError, parseRunConfig } from '../../config/parse.ts'
import { arms, type AlgorithmArmId, type Settings } from './arms.ts'
import { merge, NO_OWN_FINE_TUNING, unique, type PlannedTraining, type StudyPlan } from './plan.ts'
import { scaleOf, type ScaleName } from './scales.ts'
import { validationStudyOf, type ValidationStudyId } from './studies.ts'

/** What a person asks for. */
export interface ValidationRequest {
  readonly study: ValidationStudyId
  readonly scale: ScaleName
  /** Settings of each arm's preset. */
  readonly presets: Readonly<Record<AlgorithmArmId, Settings>>
  /** Changes to the settings of all trainings, as nested settings. */
  readonly changes?: Settings
  readonly seeds?: readonly number[]
  readonly arms?: readonly AlgorithmArmId[]
}

/** @throws ConfigError for settings that cannot be used, no seed or no arm */
export function planValidation(request: ValidationRequest): StudyPlan {
  const { presets, changes = {} } = request
  const study = validationStudyOf(request.study)
  const scale = scaleOf(request.scale)
  const seeds = unique(request.seeds ?? scale.seeds)
  const ids = request.arms ?? study.arms
  const configOf = (arm: AlgorithmArmId, seed: number) => {
    const world = { environment: { world: study.world } }
    return parseRunConfig(merge(presets[arm], scale.validation ?? {}, world, changes, { seed }, NO_OWN_FINE_TUNING))
  }
  const trainings = seeds.flatMap((seed) =>
    ids.map((arm): PlannedTraining => ({ arm, seed, config: configOf(arm, seed) })),
  )
  const [first] = trainings
  if (!first) throw new ConfigError(['A validation needs at least one seed and one arm, e.g. --seeds 1..3 --arms trpo'])
  return {
    id: request.study,
    study: { ...study, costLimit: first.config.costLimit },
    scale: request.scale,
    taskSet: 'fresh',
    tasks: [],
    seeds,
    arms: ids.map((id) => {
      const { label, role, description } = arms[id]
      return { id, label, role, description }
    }),
    repeated: [],
    trainings,
    fineTunings: [],
    config: first.config,
  }
}
