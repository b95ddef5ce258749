/** Single episodes before and after adaptation (figure 9), kept with the fine-tuning that they belong to. */
import type { Episode } from '../../../core/episode/episode.ts'
import type { PlannedFineTuning } from '../../../core/study/plan/plan.ts'
import type { StudyTrajectory } from '../../../core/study/study-data.ts'
import type { Initialisation } from '../../../core/training/jobs.ts'
import type { EpisodeKey, Store } from '../../store/store.ts'
import { spawnTrainer } from '../../trainer/spawn.ts'
import { loadInitialisations } from '../fine-tuning.ts'
import { readRecordedEpisode, savePackedEpisode } from '../recorded-episode.ts'
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
  stochastic: true,
})

function findEpisode(store: Store, run: string, task: number, step: number): number | undefined {
  return store
    .episodes(run)
    .find(
      (row) =>
        row.initialisation === 0 && row.task === task && row.step === step && row.episode === 0 && row.stochastic,
    )?.id
}

/** A fine-tuning that lacks episodes of some of its tasks. */
interface Missing {
  readonly planned: PlannedFineTuning
  readonly run: string
  readonly tasks: readonly number[]
  readonly initialisation: Initialisation
}

/** Records what is missing: the fine-tuning of these few tasks is done once more, as far as the policies are needed. */
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
  const jobs = missing.flatMap(({ planned, tasks }, initialisation) =>
    tasks.map((task) => ({
      ...{ initialisation, task, adaptationSteps: shownSteps(planned) },
      ...{ episodes: 1, stochastic: true },
    })),
  )
  const trainer = await spawnTrainer({ ...options, engine: 'simd', config })
  const stop = () => trainer.stop()
  const abort = () => void trainer.close()
  signals.stop.addEventListener('abort', stop)
  signals.abort.addEventListener('abort', abort)
  try {
    const initialisations = missing.map(({ initialisation }) => initialisation)
    await trainer.record({ jobs, initialisations }, (index, recorded) => {
      const { task, initialisation } = jobs[index]!
      const { planned, run } = missing[initialisation]!
      listener.recording(planned.arm, planned.seed, task)
      for (const episode of recorded) savePackedEpisode(store, episodeKey(run, task, episode.step), episode)
    })
  } catch (error) {
    if (!signals.abort.aborted) throw error
  } finally {
    signals.stop.removeEventListener('abort', stop)
    signals.abort.removeEventListener('abort', abort)
    await trainer.close()
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
        return id === undefined ? [] : [{ arm, seed, task, step, ...pathOf(readRecordedEpisode(store, id)) }]
      }),
    )
  })
}

function pathOf({ robot, costs }: Episode): Pick<StudyTrajectory, 'x' | 'y' | 'cost'> {
  const column = (index: number) => Array.from({ length: robot.length / 3 }, (_, row) => robot[3 * row + index]!)
  return { x: column(0), y: column(1), cost: [0, ...costs] }
}
