import { ConfigError, parseRunConfig } from '../../config/parse.ts'
import type { RunConfig } from '../../config/settings.ts'
import { heldOutTasks, trainingTasks } from '../../training/tasks.ts'
import type { SeriesRole } from '../figure-data.ts'
import { arms, type Arm, type ArmContext, type InitialisationArmId, type Settings } from './arms.ts'
import { mostSteps, mostStepsPerIteration } from './budget.ts'
import { scaleOf, type ScaleName } from './scales.ts'
import { paperStudyOf, type PaperStudy, type PaperStudyId, type Study, type StudyId } from './studies.ts'
import { studyTitle } from './title.ts'

export type TaskSet = 'training' | 'held-out'

/** What a person asks for. */
export interface StudyRequest {
  readonly study: PaperStudyId
  readonly scale: ScaleName
  /** Settings of the study's environment, as its preset has them. */
  readonly preset: Settings
  /** Changes to the settings of everything, as nested settings. */
  readonly changes?: Settings
  /** Values of training settings to try beside the study's C-MAML: each combination is an arm of its own. */
  readonly sweep?: readonly SweepAxis[]
  readonly seeds?: readonly number[]
  /** Fine-tuned on: the training tasks as in the paper, tasks that were not trained on, or seeds. */
  readonly tasks?: TaskSet | readonly number[]
  readonly arms?: readonly InitialisationArmId[]
}

export interface SweepAxis {
  /** Dotted path of a setting. */
  readonly key: string
  readonly values: readonly unknown[]
}

/** An arm of a plan: one of `arms`, or a variant of C-MAML made by a sweep. */
export interface PlannedArm {
  /** Unique in the plan. */
  readonly id: string
  readonly label: string
  readonly role: SeriesRole
  readonly description: string
}

export interface PlannedTraining {
  readonly arm: string
  readonly seed: number
  readonly config: RunConfig
}

export interface PlannedFineTuning {
  readonly arm: string
  readonly seed: number
  readonly config: RunConfig
  readonly tasks: readonly number[]
}

/** Everything that a study computes, in order. A function of the request: asking again continues it. */
export interface StudyPlan {
  readonly id: StudyId
  readonly study: Study
  readonly scale: ScaleName
  /** `fresh`: nothing is fine-tuned, and trainings draw their layouts anew. */
  readonly taskSet: TaskSet | 'named' | 'fresh'
  readonly tasks: readonly number[]
  readonly seeds: readonly number[]
  readonly arms: readonly PlannedArm[]
  /** Variants of a sweep that would only repeat the training of another arm, by their labels. */
  readonly repeated: readonly { readonly label: string; readonly as: string }[]
  /** Seed by seed, so that an early end leaves comparable arms. */
  readonly trainings: readonly PlannedTraining[]
  readonly fineTunings: readonly PlannedFineTuning[]
  /** What is fine-tuned with, else what the first training is; its seed is the first. */
  readonly config: RunConfig
}

/** @throws ConfigError for settings that cannot be used, an empty task set, no seed or no arm */
export function planStudy(request: StudyRequest): StudyPlan {
  const study = paperStudyOf(request.study)
  const scale = scaleOf(request.scale)
  const seeds = unique(request.seeds ?? scale.seeds)
  const armIds = request.arms ?? study.arms
  if (seeds.length === 0) throw new ConfigError(['seeds is empty; name at least one, e.g. --seeds 1..3'])
  // Environment, networks and scale are the same for all; the algorithm and the limit are the constrained arms' own.
  const shared = merge(request.preset, scale.settings, { environment: { world: study.world } }, request.changes ?? {})
  const algorithm = { costLimit: study.costLimit, inner: { algorithm: study.algorithm } }
  const base = merge(shared, algorithm, request.changes ?? {}, NO_OWN_FINE_TUNING)
  const config = parseRunConfig(merge(base, { seed: seeds[0]! }))
  refuseRunningScaling(config)

  const { tasks, taskSet } = chooseTasks(request, study, config)
  const most = scale.tasks === undefined || request.tasks instanceof Array ? tasks : tasks.slice(0, scale.tasks)
  if (most.length === 0) throw new ConfigError([noTasks(taskSet)])
  const context: ArmContext = {
    algorithm: config.inner.algorithm,
    costLimit: config.costLimit,
    presetCostLimit: parseRunConfig(request.preset).costLimit,
    outerRule: config.meta.outerRule,
    firstTrainingTask: firstTrainingTask(config),
  }
  // The C-MAML of this study, whether or not it is among the arms.
  const budget = isSet(request.changes, 'preTraining', 'iterations') ? null : mostSteps(config)
  const trainingOf = ({ training, sharesBudget }: Arm, seed: number): RunConfig | null => {
    if (training === null) return null
    const settings = merge(shared, training(context), { seed }, NO_OWN_FINE_TUNING)
    const own = parseRunConfig(settings)
    if (!sharesBudget || budget === null) return own
    const iterations = Math.ceil(budget / mostStepsPerIteration(own))
    return parseRunConfig(merge(settings, { preTraining: { iterations } }))
  }
  const { variants, repeated } = variantsOf(armIds, request.sweep ?? [], (arm) => trainingOf(arm, seeds[0]!))
  const planned = variants.map(({ id, arm, label }) => ({ id, label, role: arm.role, description: arm.description }))
  const trainings = seeds.flatMap((seed) =>
    variants.flatMap(({ id, arm }): PlannedTraining[] => {
      const training = trainingOf(arm, seed)
      return training === null ? [] : [{ arm: id, seed, config: training }]
    }),
  )
  refuseEqualTrainings(trainings)
  const fineTunings = seeds.flatMap((seed) =>
    variants.map(({ id }): PlannedFineTuning => ({
      arm: id,
      seed,
      config: parseRunConfig(merge(base, { seed })),
      tasks: most,
    })),
  )
  return {
    id: request.study,
    study: {
      ...study,
      title: studyTitle({ study, config, arms: planned, tasks: most }),
      costLimit: config.costLimit,
    },
    scale: request.scale,
    taskSet,
    tasks: most,
    seeds,
    arms: planned,
    repeated,
    trainings,
    fineTunings,
    config,
  }
}

interface Variant {
  readonly id: string
  readonly label: string
  readonly arm: Arm
}

/**
 * The arms, and the variants of a sweep behind C-MAML: those alone that train something else than an arm or a variant
 * before them, since a value may be the study's own.
 */
function variantsOf(
  ids: readonly InitialisationArmId[],
  sweep: readonly SweepAxis[],
  trainingOf: (arm: Arm) => RunConfig | null,
): { readonly variants: Variant[]; readonly repeated: StudyPlan['repeated'] } {
  const labels = new Map<string, string>()
  const settingsOf = (arm: Arm) => JSON.stringify(trainingOf(arm))
  for (const id of ids) labels.set(settingsOf(arms[id]), arms[id].label)
  const repeated: { label: string; as: string }[] = []
  const swept = (ids.includes('c-maml') ? sweepVariants(sweep) : []).filter(({ label, arm }) => {
    const settings = settingsOf(arm)
    const as = labels.get(settings)
    if (as === undefined) labels.set(settings, label)
    else repeated.push({ label, as })
    return as === undefined
  })
  const variants = ids.flatMap((id): Variant[] => [
    { id, label: arms[id].label, arm: arms[id] },
    ...(id === 'c-maml' ? swept : []),
  ])
  return { variants, repeated }
}

/** A study's tasks are the plan's; a training that is resumed by itself has no fine-tuning of its own to make. */
export const NO_OWN_FINE_TUNING: Settings = { fineTune: { tasks: 0 } }

/** Settings that a sweep cannot change: they would make the fine-tunings incomparable, or are the plan's own. */
const NOT_SWEPT =
  /^(seed|costLimit|method|schemaVersion|milestoneEvery|record(Every|Tasks)|observationScaling|kernels|engine|policy\.hidden|(fineTune|preTraining|environment|tasks)(\..*)?)$/

const SWEEP_ROLES = ['other-1', 'other-2', 'other-3', 'other-4'] as const

/** Every combination of the axes' values. */
function sweepVariants(axes: readonly SweepAxis[]): Variant[] {
  if (axes.length === 0) return []
  const refused = axes.filter(({ key }) => NOT_SWEPT.test(key)).map(({ key }) => key)
  if (refused.length > 0)
    throw new ConfigError(
      refused.map((key) => ({
        path: key,
        message: `${key} cannot be swept: only settings of the training can (meta.*, inner.*, critics.*, ...)`,
      })),
    )
  const repeated = axes.map(({ key }) => key).filter((key, i, keys) => keys.indexOf(key) !== i)
  if (repeated.length > 0)
    throw new ConfigError(
      repeated.map((key) => ({
        path: key,
        message: `${key} is swept twice; name all its values at once: ${key}=a,b,c`,
      })),
    )
  const combinations = axes.reduce<readonly (readonly [string, unknown])[][]>(
    (sofar, { key, values }) => sofar.flatMap((chosen) => values.map((value) => [...chosen, [key, value] as const])),
    [[]],
  )
  return combinations.map((chosen, i) => {
    const name = chosen.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(', ')
    const arm: Arm = {
      ...arms['c-maml'],
      role: SWEEP_ROLES[i % SWEEP_ROLES.length]!,
      training: (context) =>
        merge(arms['c-maml'].training(context), ...chosen.map(([key, value]) => nested(key, value))),
    }
    return { id: `c-maml (${name})`, label: `C-MAML (${name})`, arm }
  })
}

function chooseTasks(
  { tasks: asked }: StudyRequest,
  study: PaperStudy,
  config: RunConfig,
): { tasks: readonly number[]; taskSet: StudyPlan['taskSet'] } {
  if (asked === undefined && study.tasks) return { tasks: study.tasks, taskSet: 'named' }
  if (asked === undefined || asked === 'training') return { tasks: trainingTasks(config), taskSet: 'training' }
  if (asked === 'held-out') return { tasks: heldOutTasks(config), taskSet: 'held-out' }
  return { tasks: unique(asked), taskSet: 'named' }
}

function firstTrainingTask(config: RunConfig): number {
  const [first] = trainingTasks(config)
  if (first === undefined) throw new ConfigError([noTasks('training')])
  return first
}

const noTasks = (taskSet: string): string =>
  `The study has no tasks: no ${taskSet} task lies in the seeds that tasks.* name`

/** The arms of a study are separate runs: they cannot share running statistics. */
function refuseRunningScaling({ observationScaling }: RunConfig): void {
  if (observationScaling === 'running')
    throw new ConfigError([
      {
        path: 'observationScaling',
        message:
          'observationScaling is running, but a study needs affine or proximity: all arms must see the same inputs',
      },
    ])
}

/** Changes can undo what sets two arms apart, and a comparison of a training with itself shows nothing. */
function refuseEqualTrainings(trainings: readonly PlannedTraining[]): void {
  const byConfig = new Map<string, string>()
  for (const { arm, seed, config } of trainings) {
    if (seed !== trainings[0]!.seed) continue
    const settings = JSON.stringify(config)
    const other = byConfig.get(settings)
    if (other !== undefined)
      throw new ConfigError([
        `With these settings the arms ${other} and ${arm} are the same training; change the settings, or leave one out ` +
          'by --arms',
      ])
    byConfig.set(settings, arm)
  }
}

export const unique = (values: readonly number[]): number[] => [...new Set(values)]

const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSet = (settings: Settings | undefined, section: string, key: string): boolean => {
  const within = settings?.[section]
  return isSettings(within) && within[key] !== undefined
}

/** Nested settings, later ones winning. */
export function merge(...layers: readonly Settings[]): Settings {
  const result: Record<string, unknown> = {}
  for (const layer of layers)
    for (const [key, value] of Object.entries(layer)) {
      const below = result[key]
      result[key] = isSettings(below) && isSettings(value) ? merge(below, value) : value
    }
  return result
}

/** `a.b=1` as `{ a: { b: 1 } }`. */
const nested = (path: string, value: unknown): Settings =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Settings
