/** From an order to its figures: everything that `cmaml study` does, for whoever asks. */
import { existsSync, rmdirSync } from 'node:fs'
import type { StudyPlan } from '../../../core/study/plan/plan.ts'
import type { Store } from '../../store/store.ts'
import { assertInstalled } from '../engines/installed.ts'
import type { StopSignals } from '../session.ts'
import { collectStudy } from './collect-study.ts'
import { executeStudy, refuseWorkInProgress, type ExecutionOptions, type StudyListener } from './execute-study.ts'
import { matchTraining, storedRuns, type Match } from './matching.ts'
import { cautions, resolveGivenStarts, type StudyOrder } from './prepare.ts'
import { currentSoftware } from './software.ts'
import { fineTuningState, neededTrainings, startOf, type StudyInStore } from './starts.ts'
import { fineTuningUnit, trainingUnit, type StudyUnit } from './study-progress.ts'
import { prepareFolder, writeStudy, type WrittenStudy } from './write-study.ts'

export interface StudyRun {
  readonly order: StudyOrder
  readonly plan: StudyPlan
  /** References of checkpoints, by the arm whose trainings they stand in for. */
  readonly inits: ReadonlyMap<string, string>
  readonly folder: string
  /** Replace what another order left in the folder. */
  readonly force?: boolean
}

export const studyIn = (store: Store, plan: StudyPlan, inits: StudyRun['inits']): StudyInStore => ({
  store,
  plan,
  given: resolveGivenStarts(store, plan, inits),
  runs: storedRuns(store, currentSoftware(plan.config)),
})

export interface StudyOutcome {
  readonly written: WrittenStudy
  /** Why it could not go on; what there is was written all the same. */
  readonly failure: Error | null
}

/**
 * Figures and tables of what there is are written after a stop or a failure as well: they are partial, and say so. Without
 * a single result a failure is all there is to tell.
 *
 * @throws StoreError before anything is written where a living process works on a run of this study; ConfigError where an
 *   engine that it needs is not installed
 */
export async function runStudy(
  store: Store,
  { order, plan, inits, folder, force = false }: StudyRun,
  options: ExecutionOptions,
  signals: StopSignals,
  listener: StudyListener,
): Promise<StudyOutcome> {
  const study = studyIn(store, plan, inits)
  refuseWorkInProgress(study)
  refuseMissingEngines(plan, study)
  const isNewFolder = !existsSync(folder)
  prepareFolder(folder, { order, plan }, force)
  for (const caution of cautions(plan, inits.keys())) listener.caution(caution)
  let failure: Error | null = null
  try {
    await executeStudy(study, options, signals, listener)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
  }
  const data = collectStudy(study)
  if (failure !== null && data.done === 0) {
    if (isNewFolder) removeEmpty(folder)
    throw failure
  }
  return { written: writeStudy(study, data, order, folder), failure }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something was written into it meanwhile.
  }
}

/** A run of the plan, and what the database has of it. */
export interface UnitState extends StudyUnit {
  readonly label: string
  readonly state: Match['state'] | 'waits'
  readonly run: string | null
  readonly done: number
}

/**
 * What is complete needs no engine any more.
 *
 * @param study null: nothing of it is there
 * @throws ConfigError where an engine that what is left asks for is not installed
 */
export function refuseMissingEngines(plan: StudyPlan, study: StudyInStore | null): void {
  const isLeft = (match: Match) => match.state !== 'completed'
  const left = [
    ...(study ? neededTrainings(study).filter((one) => isLeft(matchTraining(study.runs, one))) : plan.trainings),
    ...plan.fineTunings.filter((one) => study === null || isLeft(fineTuningState(study, one))),
  ]
  for (const engine of new Set(left.map(({ config }) => config.engine))) assertInstalled(engine)
}

/** What would be done. Without a database everything is new. */
export function studyStates(plan: StudyPlan, study: StudyInStore | null): UnitState[] {
  const labelOf = (arm: string) => plan.arms.find(({ id }) => id === arm)!.label
  const found = (match: Match): Pick<UnitState, 'state' | 'run' | 'done'> =>
    match.state === 'new'
      ? { state: 'new', run: null, done: 0 }
      : { state: match.state, run: match.run.id, done: match.run.done }
  const trainings = (study ? neededTrainings(study) : plan.trainings).map((planned): UnitState => {
    const match: Match = study ? matchTraining(study.runs, planned) : { state: 'new' }
    const { arm, seed, config } = planned
    return { ...trainingUnit(arm, seed, config), label: labelOf(arm), ...found(match) }
  })
  const fineTunings = plan.fineTunings.map((planned): UnitState => {
    const { arm, seed, config, tasks } = planned
    const unit = { ...fineTuningUnit(arm, seed, config, tasks.length), label: labelOf(arm) }
    const isTrained = plan.trainings.some((training) => training.arm === arm)
    const start = study ? startOf(study, arm, seed) : isTrained ? 'untrained' : 'random'
    if (start === 'untrained') return { ...unit, state: 'waits', run: null, done: 0 }
    return { ...unit, ...found(study ? fineTuningState(study, planned, start) : { state: 'new' }) }
  })
  return [...trainings, ...fineTunings]
}
