/** What the database knows of a study, as the data that its figures and tables are made of. */
import { totalIterations } from '../../../core/config/settings.ts'
import { sampleTask } from '../../../core/env/tasks.ts'
import type { PlannedArm, PlannedFineTuning } from '../../../core/study/plan/plan.ts'
import type { AdaptationCurve, ArmResults, StudyData, TrainingCurve } from '../../../core/study/study-data.ts'
import { worldOf } from '../../../core/training/tasks.ts'
import type { CheckpointRow, FineTuneRow, Run, Store } from '../../store/store.ts'
import { matchTraining } from './matching.ts'
import { fineTuningState, type StudyInStore } from './starts.ts'
import { readTrajectories } from './trajectories.ts'

/** Most iterations of a training that are read: every n-th of a longer one, and the last. */
const MOST_POINTS = 200

export function collectStudy(study: StudyInStore): StudyData {
  const { plan } = study
  const arms = plan.arms.map((arm) => collectArm(study, arm))
  const world = worldOf(plan.config)
  const { done, total } = progressOf(study, arms)
  return {
    plan,
    arms,
    goalDistances: new Map(plan.tasks.map((task) => [task, sampleTask(world, task).goalDistance])),
    trajectories: readTrajectories(study),
    done,
    total,
  }
}

/** Fine-tuning results; iterations where nothing is fine-tuned. */
function progressOf({ store, plan, software }: StudyInStore, arms: readonly ArmResults[]) {
  const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  if (plan.study.kind !== 'validation')
    return {
      done: sumOf(arms.map(({ curves }) => curves.length)),
      total: sumOf(plan.fineTunings.map(({ tasks }) => tasks.length)),
    }
  const matches = plan.trainings.map((planned) => matchTraining(store, planned, software))
  return {
    done: sumOf(matches.map((match) => (match.state === 'new' ? 0 : match.run.done))),
    total: sumOf(plan.trainings.map(({ config }) => totalIterations(config))),
  }
}

function collectArm(study: StudyInStore, arm: PlannedArm): ArmResults {
  const { plan } = study
  const curves = plan.fineTunings
    .filter((planned) => planned.arm === arm.id)
    .flatMap((planned) => readAdaptation(study, planned))
  return { ...arm, curves, trainings: collectTrainings(study, arm.id) }
}

function readAdaptation(study: StudyInStore, planned: PlannedFineTuning): AdaptationCurve[] {
  const match = fineTuningState(study, planned)
  if (match.state === 'new') return []
  const byTask = new Map<number, FineTuneRow[]>()
  for (const row of study.store.fineTuneRows(match.run.id)) {
    const rows = byTask.get(row.task)
    if (rows) rows.push(row)
    else byTask.set(row.task, [row])
  }
  return planned.tasks.flatMap((task) => {
    const rows = byTask.get(task)
    return rows ? [{ seed: planned.seed, task, steps: rows.map(stepResult) }] : []
  })
}

function stepResult(row: FineTuneRow): AdaptationCurve['steps'][number] {
  const { adaptation, return: value, cost, hazardSteps, contactSteps, velocitySteps, goals, transitions } = row
  return {
    return: value,
    cost,
    hazardSteps,
    contactSteps,
    velocitySteps,
    goals,
    transitions,
    longestCostRun: row.longestCostRun!,
    adaptation: adaptation && {
      multiplier: adaptation.multiplier,
      kl: adaptation.kl,
      accepted: adaptation.accepted,
    },
  }
}

function collectTrainings({ store, plan, given, software }: StudyInStore, arm: string): TrainingCurve[] {
  // The last episodes of a validation are compared: all of them are needed.
  const mostPoints = plan.study.kind === 'validation' ? Infinity : MOST_POINTS
  const checkpoint = given.get(arm)
  if (checkpoint) return [givenTraining(store, checkpoint)]
  return plan.trainings.flatMap((planned) => {
    if (planned.arm !== arm) return []
    const match = matchTraining(store, planned, software)
    if (match.state === 'new') return []
    const { run } = match
    return [readTraining(store, run, run.done, run.envSteps, mostPoints)]
  })
}

/** Up to the given checkpoint, where its run is in the database; else only what the checkpoint itself says. */
function givenTraining(store: Store, { id, run, iteration, envSteps }: CheckpointRow): TrainingCurve {
  if (run !== null) return { ...readTraining(store, store.run(run), iteration, envSteps), completed: true }
  const { seed } = store.readCheckpoint(id).config
  return { seed, iterations: [], envSteps, seconds: null, workers: null, completed: true }
}

function readTraining(store: Store, run: Run, last: number, envSteps: number, mostPoints = MOST_POINTS): TrainingCurve {
  const every = Math.max(1, Math.ceil(last / mostPoints))
  const wanted: number[] = []
  for (let iteration = every; iteration < last; iteration += every) wanted.push(iteration)
  if (last > 0) wanted.push(last)
  const iterations =
    every === 1
      ? store.iterations(run.id, { to: last })
      : wanted.flatMap((iteration) => store.iterations(run.id, { from: iteration, to: iteration }))
  const seconds = store
    .series(run.id, 'secondsTotal', { to: last, buckets: MOST_POINTS })
    .reduce((sum, { mean, count }) => sum + mean * count, 0)
  return {
    seed: run.seed,
    iterations: iterations.map(({ iteration, envSteps: steps, metrics }) => ({ iteration, envSteps: steps, metrics })),
    envSteps,
    seconds,
    workers: run.trainer.workers,
    completed: last >= run.total,
  }
}
