/** From what a person types to a plan that can be carried out: names, settings, sweeps, given checkpoints. */
import { describeSettings } from '../../../core/config/describe.ts'
import { applyAssignments, ConfigError } from '../../../core/config/parse.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import {
  ALGORITHM_ARM_IDS,
  arms,
  INITIALISATION_ARM_IDS,
  type AlgorithmArmId,
  type Settings,
} from '../../../core/study/plan/arms.ts'
import { mostSteps } from '../../../core/study/plan/budget.ts'
import { merge, planStudy, type StudyPlan, type StudyRequest, type SweepAxis } from '../../../core/study/plan/plan.ts'
import { omnisafeBenchmark } from '../../../core/study/plan/published.ts'
import { SCALE_NAMES, scaleOf, type ScaleName } from '../../../core/study/plan/scales.ts'
import {
  isValidation,
  paperStudyOf,
  STUDY_IDS,
  type PaperStudyId,
  type StudyId,
  type ValidationStudyId,
} from '../../../core/study/plan/studies.ts'
import { planValidation } from '../../../core/study/plan/validation-plan.ts'
import { didYouMean } from '../../../core/text/near-miss.ts'
import type { CheckpointRow, Store } from '../../store/store.ts'
import { loadConfigurationSource, resolveConfiguration } from '../configuration.ts'
import { assertHeldOut, checkFits } from '../fine-tuning.ts'
import { RANDOM_LABEL } from '../../../core/study/plan/initialisation-label.ts'
import { resolveCheckpoint } from '../initialisations.ts'
import { InvalidRequest } from '../invalid-request.ts'

/** A study as it is asked for, in words. */
export interface StudyOrder {
  readonly study: string
  readonly scale: string
  readonly seeds?: readonly number[]
  /** `key=a,b` */
  readonly sweep?: readonly string[]
  /** `key=value` */
  readonly set?: readonly string[]
  readonly tasks?: Exclude<StudyRequest['tasks'], undefined>
  readonly arms?: readonly string[]
  /** `ARM=CHECKPOINT` */
  readonly init?: readonly string[]
}

/** @throws InvalidRequest or ConfigError where it cannot be done as asked */
export function planFromOrder(order: StudyOrder): StudyPlan {
  const study = named('study', order.study, STUDY_IDS)
  const scale: ScaleName = named('scale', order.scale, SCALE_NAMES)
  return isValidation(study) ? validationFromOrder(study, scale, order) : paperStudyFromOrder(study, scale, order)
}

function paperStudyFromOrder(study: PaperStudyId, scale: ScaleName, order: StudyOrder): StudyPlan {
  const { kind, world, arms: own } = paperStudyOf(study)
  const { settings } = loadConfigurationSource(world)
  const changes = changesOf(study, [merge(settings, scaleOf(scale).settings)], order.set ?? [])
  const chosen = order.arms?.map((arm) => named('arm', arm, INITIALISATION_ARM_IDS))
  const planned = chosen ?? own
  if (kind === 'layouts' && (chosen || order.sweep))
    throw new InvalidRequest(`${study} shows layouts: it has no arms, and nothing is trained that could be swept.`)
  if (order.sweep && !planned.includes('c-maml'))
    throw new InvalidRequest('--sweep makes variants of c-maml, which is not among the arms of this study.')
  return planStudy({
    study,
    scale,
    preset: settings,
    changes,
    ...(order.sweep ? { sweep: order.sweep.map(sweepAxis) } : {}),
    ...(order.seeds ? { seeds: order.seeds } : {}),
    ...(order.tasks === undefined ? {} : { tasks: order.tasks }),
    ...(chosen ? { arms: [...new Set(chosen)] } : {}),
  })
}

function validationFromOrder(study: ValidationStudyId, scale: ScaleName, order: StudyOrder): StudyPlan {
  const refused = (['tasks', 'init', 'sweep'] as const).filter((option) => order[option] !== undefined)
  if (refused.length > 0)
    throw new InvalidRequest(
      `${study} holds trainings against published results: it fine-tunes nothing and has no variants, so ` +
        `${refused.map((option) => `--${option}`).join(' and ')} cannot be used with it.`,
    )
  const presetOf = (arm: AlgorithmArmId) => loadConfigurationSource(arms[arm].preset).settings
  const presets = { trpo: presetOf('trpo'), 'trpo-lag': presetOf('trpo-lag'), cpo: presetOf('cpo') }
  const bases = Object.values(presets).map((preset) => merge(preset, scaleOf(scale).validation ?? {}))
  const chosen = order.arms?.map((arm) => named('arm', arm, ALGORITHM_ARM_IDS))
  return planValidation({
    study,
    scale,
    presets,
    changes: changesOf(study, bases, order.set ?? [], ALGORITHM_SETTING),
    ...(order.seeds ? { seeds: order.seeds } : {}),
    ...(chosen ? { arms: [...new Set(chosen)] } : {}),
  })
}

function named<Name extends string>(what: string, name: string, names: readonly Name[]): Name {
  const found = names.find((candidate) => candidate === name)
  if (found !== undefined) return found
  throw new InvalidRequest(`There is no ${what} "${name}"; there are ${names.join(', ')}.${didYouMean(name, names)}`)
}

/** Settings that a study decides itself, and where to say otherwise. */
const OWN_SETTINGS: Readonly<Record<string, string>> = {
  seed: 'name the seeds by --seeds, e.g. --seeds 1..5',
  method: "it is the arms' own; choose them by --arms",
  'environment.world': 'every study has its own; choose another figure',
}

/** The same for validations, whose arms are the algorithms. */
const ALGORITHM_SETTING = { 'inner.algorithm': "it is the arms' own; choose them by --arms" }

/** @param bases settings that the assignments change, each checked with them */
function changesOf(
  study: StudyId,
  bases: readonly Settings[],
  assignments: readonly string[],
  furtherOwn: Readonly<Record<string, string>> = {},
): Settings {
  const own = { ...OWN_SETTINGS, ...furtherOwn }
  for (const assignment of assignments) {
    const key = assignment.split('=', 1)[0]!
    const advice = own[key]
    if (advice !== undefined)
      throw new ConfigError([{ path: key, message: `${key} cannot be set for ${study}: ${advice}` }])
    if (key === 'costLimit' && isInfinite(assignment.slice(key.length + 1)))
      throw new ConfigError([
        {
          path: key,
          message: isValidation(study)
            ? 'costLimit must be a finite number. For no constraint use the arm trpo'
            : 'costLimit must be a finite number. For no constraint use --set inner.algorithm=trpo, or the arm maml, ' +
              'whose training knows none',
        },
      ])
  }
  // Checked together with the preset, so that a misspelt setting gets its suggestion.
  for (const settings of bases) resolveConfiguration({ settings }, assignments)
  return applyAssignments({}, assignments) as Settings
}

/** Also where it is too large for a number. */
const isInfinite = (text: string): boolean => /^\s*\+?inf(inity)?\s*$/i.test(text) || Number(text) === Infinity

function sweepAxis(text: string): SweepAxis {
  const at = text.indexOf('=')
  const key = text.slice(0, Math.max(at, 0))
  const values = at < 0 ? [] : splitValues(text.slice(at + 1))
  if (key === '' || values.length === 0 || values.includes(''))
    throw new InvalidRequest(`"${text}" is not of the form key=a,b, e.g. --sweep meta.kl=0.01,0.03`)
  const known = describeSettings().map(({ path }) => path)
  if (!known.includes(key))
    throw new ConfigError([{ path: key, message: `${key} is not a setting.${didYouMean(key, known)}` }])
  if (key === 'engine')
    throw new ConfigError([
      { path: key, message: 'engine cannot be swept: one engine computes a study; cmaml bench engines compares them' },
    ])
  return { key, values: [...new Set(values)].map(parseValue) }
}

/** At the commas outside brackets: a value may be a list. */
const splitValues = (text: string): string[] => text.split(/,(?![^[]*\])/).map((value) => value.trim())

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Checkpoints that take the place of an arm's trainings, by arm. */
export type GivenStarts = ReadonlyMap<string, CheckpointRow>

/** `ARM=REFERENCE` pairs. */
export function parseInits(plan: StudyPlan, texts: readonly string[]): Map<string, string> {
  const given = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const [arm, reference] = [text.slice(0, at), text.slice(at + 1)]
    if (at <= 0 || reference === '')
      throw new InvalidRequest(`"${text}" is not of the form ARM=CHECKPOINT, e.g. --init c-maml=latest`)
    const id = named('arm', arm, INITIALISATION_ARM_IDS)
    if (!plan.arms.some((planned) => planned.id === id))
      throw new InvalidRequest(
        `--init ${arm}: ${plan.id} has no such arm; it has ${plan.arms.map((planned) => planned.id).join(', ') || 'none'}.`,
      )
    if (arms[id].training === null) throw new InvalidRequest(`--init ${arm}: nothing is trained for this arm.`)
    if (reference === RANDOM_LABEL)
      throw new InvalidRequest(
        `--init ${arm}=${reference} names a checkpoint for ${arm}, and a random network is none: it is an arm of its own, ` +
          `--arms ${arm},random. A run called so is named by its id.`,
      )
    if (given.has(id)) throw new InvalidRequest(`--init ${arm} is given twice.`)
    given.set(id, reference)
  }
  return given
}

/** The checkpoints behind the references. @throws where one is missing or does not belong to the study's tasks */
export function resolveGivenStarts(store: Store, plan: StudyPlan, inits: ReadonlyMap<string, string>): GivenStarts {
  const given = new Map<string, CheckpointRow>()
  for (const [arm, reference] of inits) {
    const row = resolveCheckpoint(store, reference)
    const { config } = store.readCheckpoint(row.id)
    const [own, asked] = [config.environment.world, plan.config.environment.world]
    if (own !== asked)
      throw new InvalidRequest(
        `--init ${arm}=${reference}: this policy was trained on ${own}, but ${plan.id} is a study of ${asked}.`,
      )
    checkFits(arm, config, plan.config)
    refuseSeenTasks(store, plan, arm, row)
    given.set(arm, row)
  }
  return given
}

/** Where a study says held-out tasks, no start may have been trained on them. */
export function refuseSeenTasks(store: Store, plan: StudyPlan, arm: string, { id }: CheckpointRow): void {
  if (plan.taskSet === 'held-out')
    assertHeldOut(store, [{ label: arm, checkpoint: id }], plan.config.environment.world, plan.tasks)
}

/**
 * What a reader must know before believing the numbers.
 *
 * @param given arms whose trainings a given checkpoint stands in for
 */
export function cautions(plan: StudyPlan, given: Iterable<string> = []): string[] {
  const { seeds, study, scale, config, tasks } = plan
  if (study.kind === 'layouts') return []
  if (study.kind === 'validation') return validationCautions(plan)
  const notes = plan.repeated.map(({ label, as }) => `${label} is left out: its training is that of ${as}.`)
  if (scale === 'smoke') notes.push('Scale smoke shows that everything runs; its numbers mean nothing.')
  if (seeds.length === 1) notes.push('One seed only: there is no interval over seeds.')
  if (tasks.length === 1) notes.push('One task only: there is no interval over tasks.')
  if (config.fineTune.steps === 0)
    notes.push('fineTune.steps is 0: nothing is adapted, the initialisations are only evaluated.')
  if (seeds.length > 1)
    for (const arm of given)
      notes.push(
        `${arm} is one training, fine-tuned with ${seeds.length} seeds: its spread over seeds holds for other ` +
          'fine-tunings of this checkpoint, not for other trainings.',
      )
  return [...notes, ...limitCautions(config)]
}

/** A step costs at most 1, whatever its parts are. */
function limitCautions({ costLimit, environment: { horizon } }: RunConfig): string[] {
  if (costLimit === 0) return ['costLimit is 0: any cost at all is a violation.']
  if (costLimit < horizon) return []
  return [
    `costLimit is ${costLimit}, and an episode of ${horizon} steps costs ${horizon} at most: the limit never binds, and ` +
      'nothing is constrained.',
  ]
}

function validationCautions({ seeds, scale, config }: StudyPlan): string[] {
  const { envSteps, costLimit, name } = omnisafeBenchmark
  const steps = mostSteps(config)
  const number = (value: number) => value.toLocaleString('en-US')
  const notes: string[] = []
  if (scale === 'smoke') notes.push('Scale smoke shows that everything runs; its numbers mean nothing.')
  else if (steps !== envSteps)
    notes.push(`Trained for ${number(steps)} environment steps; ${name}'s results are of ${number(envSteps)}.`)
  if (config.costLimit !== costLimit)
    notes.push(`The cost limit is ${config.costLimit}; ${name}'s results are of ${costLimit}.`)
  if (seeds.length === 1) notes.push('One seed only: there is no spread over seeds.')
  return [...notes, ...limitCautions(config)]
}
