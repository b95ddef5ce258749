/** What the database knows of a study, as the data that its figures and tables are made of. */
import { totalIterations } from '../../../core/config/settings.ts'
import { sampleTask } from '../../../core/env/tasks.ts'
import { trainingMetricsOf } from '../../../core/study/figures/training-metrics.ts'
import type { PlannedArm, PlannedFineTuning } from '../../../core/study/plan/plan.ts'
import type { AdaptationCurve, ArmResults, StudyData, TrainingCurve } from '../../../core/study/study-data.ts'
import type { IterationMetrics, MetricName } from '../../../core/training/records.ts'
import { worldOf } from '../../../core/training/tasks.ts'
import type { CheckpointRow, FineTuneRow, Run, Store } from '../../store/store.ts'
import { matchTraining } from './matching.ts'
import { fineTuningState, type StudyInStore } from './starts.ts'
import { readTrajectories } from './trajectories.ts'

/** Iterations that are read at a time: a long training's are not held with all their metrics. */
const PAGE = 500

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
function progressOf({ plan, runs }: StudyInStore, arms: readonly ArmResults[]) {
  const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  if (plan.study.kind !== 'validation')
    return {
      done: sumOf(arms.map(({ curves }) => curves.length)),
      total: sumOf(plan.fineTunings.map(({ tasks }) => tasks.length)),
    }
  const matches = plan.trainings.map((planned) => matchTraining(runs, planned))
  return {
    done: sumOf(matches.map((match) => (match.state === 'new' ? 0 : match.run.done))),
    total: sumOf(plan.trainings.map(({ config }) => totalIterations(config))),
  }
}

function collectArm(study: StudyInStore, arm: PlannedArm): ArmResults {
  const { plan, given } = study
  const curves = plan.fineTunings
    .filter((planned) => planned.arm === arm.id)
    .flatMap((planned) => readAdaptation(study, planned))
  return { ...arm, curves, trainings: collectTrainings(study, arm.id), ...(given.has(arm.id) ? { given: true } : {}) }
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
      feasibility: adaptation.feasibility,
    },
  }
}

function collectTrainings({ store, plan, given, runs }: StudyInStore, arm: string): TrainingCurve[] {
  const metrics = trainingMetricsOf(plan.study.kind)
  const checkpoint = given.get(arm)
  if (checkpoint) return [givenTraining(store, checkpoint, metrics)]
  return plan.trainings.flatMap((planned) => {
    if (planned.arm !== arm) return []
    const match = matchTraining(runs, planned)
    if (match.state === 'new') return []
    const { run } = match
    return [readTraining(store, run, run.done, run.envSteps, metrics)]
  })
}

/** Up to the given checkpoint, where its run is in the database; else only what the checkpoint itself says. */
function givenTraining(
  store: Store,
  { id, run, iteration, envSteps }: CheckpointRow,
  metrics: readonly MetricName[],
): TrainingCurve {
  if (run !== null) return { ...readTraining(store, store.run(run), iteration, envSteps, metrics), completed: true }
  const { seed } = store.readCheckpoint(id).config
  return { seed, iterations: [], envSteps, seconds: null, workers: null, completed: true }
}

function readTraining(
  store: Store,
  run: Run,
  last: number,
  envSteps: number,
  metrics: readonly MetricName[],
): TrainingCurve {
  return {
    seed: run.seed,
    iterations: metrics.length === 0 ? [] : readIterations(store, run.id, last, metrics),
    envSteps,
    seconds: (last === run.done ? store.listedRun(run.id)?.activeSeconds : undefined) ?? secondsUpTo(store, run, last),
    workers: run.trainer.workers,
    completed: last >= run.total,
  }
}

/** Of a part of a training, or of one in the bin; null where a bundle left the times of some of these iterations out. */
function secondsUpTo(store: Store, { id }: Run, last: number): number | null {
  const times = store.series(id, 'secondsTotal', { to: last, buckets: Math.max(1, last) })
  const known = times.reduce((sum, { count }) => sum + count, 0)
  return known === last ? times.reduce((sum, { mean, count }) => sum + mean * count, 0) : null
}

/** Every iteration up to the last, with these metrics alone. */
function readIterations(
  store: Store,
  run: string,
  last: number,
  wanted: readonly MetricName[],
): TrainingCurve['iterations'] {
  const pages = Array.from({ length: Math.ceil(last / PAGE) }, (_, page) => page * PAGE)
  return pages.flatMap((before) =>
    store
      .iterations(run, { from: before + 1, to: Math.min(before + PAGE, last) })
      .map(({ iteration, envSteps, metrics }) => ({ iteration, envSteps, metrics: only(metrics, wanted) })),
  )
}

function only(metrics: IterationMetrics, wanted: readonly MetricName[]): IterationMetrics {
  return Object.fromEntries(wanted.flatMap((name) => (metrics[name] === undefined ? [] : [[name, metrics[name]]])))
}
