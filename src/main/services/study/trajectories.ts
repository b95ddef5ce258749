/** Single episodes before and after adaptation (figure 9), kept with the fine-tuning that they belong to. */
import { sampleTask } from '../../../core/env/tasks.ts'
import type { PlannedFineTuning } from '../../../core/study/plan/plan.ts'
import type { StudyTrajectory } from '../../../core/study/study-data.ts'
import type { Initialisation } from '../../../core/training/jobs.ts'
import { worldOf } from '../../../core/training/tasks.ts'
import type { EpisodeKey, Store } from '../../store/store.ts'
import { spawnTrainer } from '../../trainer/spawn.ts'
import { loadInitialisations } from '../fine-tuning.ts'
import { readRecordedEpisode, saveEpisodeAs } from '../recorded-episode.ts'
import { recordRollout, type StepRecord } from '../rollout.ts'
import type { StopSignals } from '../session.ts'
import type { ExecutionOptions, StudyListener } from './execute-study.ts'
import { fineTuningState, startOf, type StudyInStore } from './starts.ts'

/** The policies that are shown: before the first step and after the last. */
const shownSteps = ({ config }: PlannedFineTuning): number[] => [...new Set([0, config.fineTune.steps])]

const episodeKey = (run: string, task: number, step: number): EpisodeKey => ({
  run,
  initialisation: 0,
  iteration: 0,
  task,
  step,
  episode: 0,
})

function findEpisode(store: Store, run: string, task: number, step: number): number | undefined {
  return store
    .episodes(run)
    .find((row) => row.initialisation === 0 && row.task === task && row.step === step && row.episode === 0)?.id
}

/** A fine-tuning that lacks episodes of some of its tasks. */
interface Missing {
  readonly planned: PlannedFineTuning
  readonly run: string
  readonly tasks: readonly number[]
  readonly initialisation: Initialisation
}

/**
 * Records what is missing. The policies are not stored: the fine-tuning of these few tasks is done once more, which
 * gives the same bits, and each policy drives one episode with a random stream of its own.
 */
export async function recordTrajectories(
  study: StudyInStore,
  options: ExecutionOptions,
  signals: StopSignals,
  listener: Pick<StudyListener, 'recording'>,
): Promise<void> {
  const { fineTunings, seeds } = study.plan
  for (const seed of seeds) {
    if (signals.stop.aborted) return
    const missing = fineTunings.flatMap((planned) => (planned.seed === seed ? whatIsMissing(study, planned) : []))
    if (missing.length > 0) await recordSeed(study.store, missing, options, signals, listener)
  }
}

function whatIsMissing(study: StudyInStore, planned: PlannedFineTuning): Missing[] {
  const { store } = study
  const { arm, seed, config } = planned
  const start = startOf(study, arm, seed)
  if (start === 'untrained') return []
  const match = fineTuningState(study, planned, start)
  if (match.state !== 'completed') return []
  const run = match.run.id
  const tasks = planned.tasks.filter((task) =>
    shownSteps(planned).some((step) => findEpisode(store, run, task, step) === undefined),
  )
  if (tasks.length === 0) return []
  const input = { label: arm, checkpoint: start === 'random' ? null : start.id }
  return loadInitialisations(store, config, [input]).map(({ initialisation }) => {
    return { planned, run, tasks, initialisation }
  })
}

/** All arms of a seed share one trainer: their settings are the same. */
async function recordSeed(
  store: Store,
  missing: readonly Missing[],
  options: ExecutionOptions,
  signals: StopSignals,
  listener: Pick<StudyListener, 'recording'>,
): Promise<void> {
  const { config } = missing[0]!.planned
  const jobs = missing.flatMap(({ tasks }, initialisation) => tasks.map((task) => ({ initialisation, task })))
  const policies: (readonly Float32Array[] | undefined)[] = []
  const trainer = await spawnTrainer({ ...options, config })
  const stop = () => trainer.stop()
  const abort = () => void trainer.close()
  signals.stop.addEventListener('abort', stop)
  signals.abort.addEventListener('abort', abort)
  try {
    const initialisations = missing.map(({ initialisation }) => initialisation)
    await trainer.fineTune({ config, jobs, initialisations, keepPolicies: true }, (index, result) => {
      policies[index] = result.policies
    })
  } catch (error) {
    if (!signals.abort.aborted) throw error
  } finally {
    signals.stop.removeEventListener('abort', stop)
    signals.abort.removeEventListener('abort', abort)
    await trainer.close()
  }
  for (const [index, { initialisation, task }] of jobs.entries()) {
    const ofTask = policies[index]
    if (ofTask) await recordTask(store, missing[initialisation]!, task, ofTask, listener)
  }
}

async function recordTask(
  store: Store,
  { planned, run, initialisation }: Missing,
  task: number,
  policies: readonly Float32Array[],
  listener: Pick<StudyListener, 'recording'>,
): Promise<void> {
  const { arm, seed, config } = planned
  listener.recording(arm, seed, task)
  for (const step of shownSteps(planned)) {
    const records: StepRecord[] = []
    const driver = {
      kind: 'policy',
      theta: policies[step]!,
      moments: initialisation.moments,
      stochastic: true,
    } as const
    await recordRollout(config, task, driver, (record) => records.push(record))
    saveEpisodeAs(store, episodeKey(run, task, step), records)
  }
}

/** The episodes that the database has, in the plan's order. */
export function readTrajectories(study: StudyInStore): StudyTrajectory[] {
  const { store, plan } = study
  if (plan.study.kind !== 'trajectories') return []
  return plan.fineTunings.flatMap((planned) => {
    const match = fineTuningState(study, planned)
    if (match.state === 'new') return []
    const { arm, seed, tasks } = planned
    return tasks.flatMap((task) =>
      shownSteps(planned).flatMap((step) => {
        const id = findEpisode(store, match.run.id, task, step)
        return id === undefined
          ? []
          : [{ arm, seed, task, step, ...pathOf(study, task, readRecordedEpisode(store, id)) }]
      }),
    )
  })
}

/** The robot's place in the world: its slides lie along its initial heading. */
function pathOf(
  { plan }: StudyInStore,
  task: number,
  records: readonly StepRecord[],
): Pick<StudyTrajectory, 'x' | 'y' | 'cost'> {
  const { robot } = sampleTask(worldOf(plan.config), task).layout
  const [cos, sin] = [Math.cos(robot.yaw), Math.sin(robot.yaw)]
  const slide = (record: StepRecord, axis: 0 | 1) => record.qpos[axis]!
  return {
    x: records.map((record) => robot.x + cos * slide(record, 0) - sin * slide(record, 1)),
    y: records.map((record) => robot.y + sin * slide(record, 0) + cos * slide(record, 1)),
    cost: records.map(({ cost }) => cost),
  }
}
