/** A study as files: figures, their data, tables, and what is behind them. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RunConfig } from '../../../core/config/settings.ts'
import { DEFAULT_BOOTSTRAP_SEED, studyFigures } from '../../../core/study/figures/study-figures.ts'
import { studyTables, type StudyTable } from '../../../core/study/figures/study-tables.ts'
import type { ArmResults, StudyData } from '../../../core/study/study-data.ts'
import { csvText } from '../../../core/text/csv.ts'
import { writeWhole } from '../../export/files.ts'
import { writeFigure, type FigureFiles } from '../../export/figures/write-figure.ts'
import { makeFolder } from '../../make-folder.ts'
import type { Run } from '../../store/store.ts'
import { appVersion } from '../database.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { matchTraining } from './matching.ts'
import { cautions, type StudyOrder } from './prepare.ts'
import type { StudyRun } from './run-study.ts'
import { enginesBehind, softwareCautions, type Software } from './software.ts'
import { fineTuningState, neededTrainings, type StudyInStore } from './starts.ts'

/** What decides whether results are those of an order: its words, or what they mean. */
export type OrderedPlan = Pick<StudyRun, 'order' | 'plan'>

/** Of everything that a plan computes, and of the checkpoints that were named for it. */
function planHash({ order, plan }: OrderedPlan): string {
  const { id, scale, taskSet, tasks, seeds, arms, trainings, fineTunings, config } = plan
  const computed = { arms: arms.map((arm) => arm.id), trainings, fineTunings, given: [...(order.init ?? [])].sort() }
  const facts = { id, scale, taskSet, tasks, seeds, config, ...computed }
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

/** The same words are the same order also where defaults have changed since: the command goes on with its figures. */
const isSameOrder = ({ request, plan }: EarlierReport, asked: OrderedPlan): boolean =>
  JSON.stringify(request) === JSON.stringify(asked.order) || plan === planHash(asked)

/**
 * Makes the folder if it is not there, so that hours of work do not end in front of a closed door. What another order
 * left there is not replaced, and files of others get no company, unless `force` says so: a quick variant must not wipe the
 * figures of an hour.
 */
export function prepareFolder(folder: string, asked: OrderedPlan, force: boolean): void {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new InvalidRequest(`${folder} is a file, so it cannot be the folder of the study; name another by --out.`)
  const obstacle = force ? null : obstacleIn(folder, asked)
  if (obstacle !== null) throw new InvalidRequest(obstacle)
  makeFolder(folder)
}

/**
 * Why an order's results do not go into a folder: it has those of another plan, or files that are no study's; null where
 * nothing speaks against it.
 */
export function obstacleIn(folder: string, asked: OrderedPlan): string | null {
  const earlier = earlierReport(folder)
  if (earlier === null)
    return isEmpty(folder)
      ? null
      : `${folder} holds files that are not a study's; name another folder by --out, or write into it by --force.`
  const { request } = earlier
  return request === undefined || isSameOrder(earlier, asked)
    ? null
    : `${folder} holds the results of another order, ${JSON.stringify(request)}; name another folder by --out, or ` +
        'replace them by --force.'
}

/** What systems leave in every folder that they show (.DS_Store, for one) does not count. */
const isEmpty = (folder: string): boolean =>
  !existsSync(folder) || readdirSync(folder).every((name) => name.startsWith('.'))

interface EarlierReport {
  readonly request?: unknown
  /** Since version 0.3.0. */
  readonly plan?: unknown
  readonly files?: unknown
}

/** `study.json` of an earlier call, as far as it can be read. */
function earlierReport(folder: string): EarlierReport | null {
  try {
    const report: unknown = JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'))
    const isStudy = typeof report === 'object' && report !== null && 'study' in report
    return isStudy ? (report as EarlierReport) : null
  } catch {
    return null // There was no study here, or nothing that could be read.
  }
}

/** Names of the files that an order has in a folder: what `writeStudy` writes, of which some may be gone. */
export function writtenFiles(folder: string, asked: OrderedPlan): string[] {
  const earlier = earlierReport(folder)
  if (earlier === null || !isSameOrder(earlier, asked)) return []
  return [...figureFiles(earlier.files), 'tables.csv', 'study.json']
}

/** A file of that name may have been written by anybody. */
const figureFiles = (files: unknown): string[] =>
  Array.isArray(files)
    ? files.filter((file): file is string => typeof file === 'string' && /^[a-z0-9-]+\.(svg|png|csv)$/.test(file))
    : []

export interface WrittenStudy {
  readonly folder: string
  readonly figures: readonly FigureFiles[]
  readonly tables: readonly StudyTable[]
  readonly report: StudyReport
}

/** What `study.json` holds beside the tables. */
export interface StudyReport {
  readonly study: string
  readonly title: string
  readonly scale: string
  readonly request: object
  /** SHA-256 of the plan that the request was resolved to. */
  readonly plan: string
  readonly appVersion: string
  readonly software: Omit<Software, 'engines'> & { readonly engine: string }
  readonly bootstrapSeed: number
  readonly seeds: readonly number[]
  readonly taskSet: string
  readonly tasks: readonly number[]
  readonly world: string
  readonly costLimit: number
  /** What is fine-tuned with, under every seed, else what the first training is; the trainings' settings are stored with their runs. */
  readonly settings: RunConfig
  /** Fine-tuning results (of a validation: iterations), and whether all that the plan asks for are there. */
  readonly done: number
  readonly total: number
  readonly partial: boolean
  readonly notes: readonly string[]
  readonly arms: readonly ArmReport[]
}

/** Runs and interaction behind an initialisation. */
export interface ArmReport {
  readonly id: string
  readonly label: string
  readonly trainings: readonly { readonly seed: number; readonly run: string }[]
  /** The checkpoint that was given in the place of trainings. */
  readonly given: { readonly checkpoint: string; readonly sha256: string; readonly run: string | null } | null
  readonly fineTunings: readonly { readonly seed: number; readonly run: string; readonly done: number }[]
  readonly trainingEnvSteps: readonly number[]
  readonly fineTuningTransitions: number
}

export function writeStudy(study: StudyInStore, data: StudyData, order: StudyOrder, folder: string): WrittenStudy {
  makeFolder(folder)
  const figures = studyFigures(data, DEFAULT_BOOTSTRAP_SEED).map((figure) => writeFigure(figure, folder))
  const tables = studyTables(data, DEFAULT_BOOTSTRAP_SEED)
  const report = reportOf(study, data, order)
  const files = figures.flatMap(({ svg, png, csv }) => [svg, png, csv].map((file) => basename(file)))
  removeStale(folder, files)
  const write = (name: string, text: string) => writeWhole(join(folder, name), new TextEncoder().encode(text))
  write('tables.csv', tablesCsv(tables))
  write('study.json', `${JSON.stringify({ ...report, files, tables }, null, 2)}\n`)
  return { folder, figures, tables, report }
}

/** Figures that an earlier call drew and this one does not: beside the new ones they would tell of other data. */
function removeStale(folder: string, kept: readonly string[]): void {
  for (const file of figureFiles(earlierReport(folder)?.files))
    if (!kept.includes(file)) rmSync(join(folder, file), { force: true })
}

/** Of each table title, columns, rows and notes; an empty line parts it from the next. */
export const tablesCsv = (tables: readonly StudyTable[]): string =>
  tables
    .map(({ title, columns, rows, notes }) =>
      csvText([[title], columns, ...rows, ...notes.map((note) => [note])], '\n'),
    )
    .join('\n')

function reportOf(study: StudyInStore, data: StudyData, order: StudyOrder): StudyReport {
  const { plan, given, runs } = study
  const { engines, ...software } = runs.software
  const behind = runsBehind(study)
  const partial = isPartial(data)
  return {
    study: plan.id,
    title: plan.study.title,
    scale: plan.scale,
    request: order,
    plan: planHash({ order, plan }),
    appVersion,
    // Of what is not computed yet it is not known where the configuration leaves it open.
    software: { engine: enginesBehind(behind) ?? engines.join(' or '), ...software },
    bootstrapSeed: DEFAULT_BOOTSTRAP_SEED,
    seeds: plan.seeds,
    taskSet: plan.taskSet,
    tasks: plan.tasks,
    world: plan.config.environment.world,
    costLimit: plan.config.costLimit,
    settings: plan.config,
    done: data.done,
    total: data.total,
    partial,
    notes: [
      ...(partial ? [partialNote(data)] : []),
      ...cautions(plan, given.keys()),
      ...softwareCautions(behind, runs.software),
    ],
    arms: data.arms.map((arm) => armReport(study, arm)),
  }
}

export const isPartial = ({ done, total }: StudyData): boolean => done < total

export const partialNote = ({ plan, done, total }: StudyData): string => {
  const things = plan.study.kind === 'validation' ? 'training iterations' : 'fine-tuning results'
  return `Partial: ${done} of ${total} ${things} are there. The same command goes on.`
}

/** The runs that the results come from; what a given checkpoint comes from is its giver's to know. */
function runsBehind(study: StudyInStore): Run[] {
  const matches = [
    ...neededTrainings(study).map((planned) => matchTraining(study.runs, planned)),
    ...study.plan.fineTunings.map((planned) => fineTuningState(study, planned)),
  ]
  return matches.flatMap((match) => (match.state === 'new' ? [] : [match.run]))
}

function armReport(study: StudyInStore, { id, label, curves, trainings }: ArmResults): ArmReport {
  const { plan, given, runs } = study
  const checkpoint = given.get(id)
  return {
    id,
    label,
    trainings: neededTrainings(study).flatMap((planned) => {
      const match = planned.arm === id ? matchTraining(runs, planned) : { state: 'new' as const }
      return match.state === 'new' ? [] : [{ seed: planned.seed, run: match.run.id }]
    }),
    given: checkpoint ? { checkpoint: checkpoint.id, sha256: checkpoint.sha256, run: checkpoint.run } : null,
    fineTunings: plan.fineTunings.flatMap((planned) => {
      const match = planned.arm === id ? fineTuningState(study, planned) : { state: 'new' as const }
      return match.state === 'new' ? [] : [{ seed: planned.seed, run: match.run.id, done: match.run.done }]
    }),
    trainingEnvSteps: trainings.map(({ envSteps }) => envSteps),
    fineTuningTransitions: curves.reduce(
      (sum, { steps }) => sum + steps.reduce((all, { transitions }) => all + transitions, 0),
      0,
    ),
  }
}
