/** Does what a job asks for, by the same services as the command line. */
import type { Run, Store } from '../../store/store.ts'
import type { JobProgress, JobOutcome } from '../../store/jobs.ts'
import { fineTune, resumeFineTuning, type FineTuningListener } from '../fine-tuning.ts'
import { adaptTrained } from '../own-fine-tuning.ts'
import type { Progress } from '../progress.ts'
import type { StopSignals } from '../stop-signals.ts'
import type { StudyListener } from '../study/execute-study.ts'
import { parseInits, planFromOrder } from '../study/prepare.ts'
import { runStudy } from '../study/run-study.ts'
import { runRow, secondsAtItsPace } from '../run-rows.ts'
import { resumeTraining, train, type TrainingListener } from '../training.ts'
import { resumable, studyFolder, type Work } from './work.ts'

/** What a job tells while it is worked on; it keeps what it does not name. */
export type JobListener = (progress: Partial<JobProgress>) => void

/** Rejects where the work failed. */
export async function executeJob(
  store: Store,
  work: Work,
  workers: number | undefined,
  signals: StopSignals,
  listener: JobListener,
): Promise<JobOutcome> {
  if (work.kind === 'study') return study(store, work, workers, signals, listener)
  const worked = await firstRun(store, work, workers, signals, listener)
  const engine = work.kind === 'resume' ? work.engine : undefined
  const adapted =
    worked.kind === 'train' ? await adaptTrained(store, worked, workers, signals, watch(store, listener), engine) : null
  const isDone = worked.status === 'completed' && !isSkipped(worked, adapted) && adapted?.status !== 'stopped'
  return { state: isDone ? 'done' : 'stopped', run: worked.id }
}

/** A stop between a training and its fine-tuning leaves the latter out. */
const isSkipped = ({ kind, config }: Run, adapted: Run | null) =>
  kind === 'train' && config.fineTune.tasks > 0 && adapted === null

function firstRun(
  store: Store,
  work: Exclude<Work, { kind: 'study' }>,
  workers: number | undefined,
  signals: StopSignals,
  listener: JobListener,
): Promise<Run> {
  if (work.kind === 'train') {
    const { name, config } = work
    return train(
      store,
      { name, config, ...(workers === undefined ? {} : { workers }) },
      signals,
      watch(store, listener),
    )
  }
  if (work.kind === 'fine-tune')
    return fineTune(store, { ...work, ...(workers === undefined ? {} : { workers }) }, signals, watch(store, listener))
  // Much may have happened since it was queued.
  const { engine } = work
  const run = resumable(store, work)
  if (work.iterations !== undefined && work.iterations > run.total) store.extendRun(run.id, work.iterations)
  listener(standingOf(store, run.id))
  if (run.kind === 'fine-tune')
    return resumeFineTuning(store, run.id, workers, signals, watch(store, listener), { engine })
  return resumeTraining(store, run.id, workers, signals, watch(store, listener), engine)
}

/** How far a run is before its first new iteration or result: its pace of before tells what is left. */
function standingOf(store: Store, id: string): Pick<JobProgress, 'done' | 'total' | 'remaining'> {
  const row = runRow(store, id)
  return { done: row.done, total: row.total, remaining: secondsAtItsPace(row) }
}

function watch(store: Store, listener: JobListener): TrainingListener & FineTuningListener {
  const advanced = ({ done, total, remaining }: Progress) => listener({ done, total, remaining })
  return {
    started({ id, kind, trainer }) {
      const phase = kind === 'train' ? 'training' : 'fine-tuning'
      listener({ run: id, ...standingOf(store, id), workers: trainer.workers, phase })
    },
    iteration: (_, progress) => advanced(progress),
    result: (_label, _result, progress) => advanced(progress),
    // The run's log has it.
    warning: () => {},
  }
}

async function study(
  store: Store,
  work: Extract<Work, { kind: 'study' }>,
  workers: number | undefined,
  signals: StopSignals,
  listener: JobListener,
): Promise<JobOutcome> {
  const { order } = work
  const plan = planFromOrder(order)
  const labelOf = (arm: string) => plan.arms.find(({ id }) => id === arm)?.label ?? arm
  const seedText = (seed: number) => `seed ${plan.seeds.indexOf(seed) + 1} of ${plan.seeds.length}`
  let current: string | null = null
  const watchStudy: StudyListener = {
    unit({ kind, arm, seed }, _state, run) {
      current = run.id
      listener({ run: run.id, workers: run.trainer.workers, phase: `${kind} ${labelOf(arm)}, ${seedText(seed)}` })
    },
    progress: (_, { done, total, remaining }) => listener({ done, total, remaining }),
    recording: (arm, seed, task) =>
      listener({ phase: `recording task ${task}: ${labelOf(arm)}, ${seedText(seed)}`, remaining: null }),
    // Its results say it too.
    caution: () => {},
    warning: () => {},
  }
  const asked = { order, plan, inits: parseInits(plan, order.init ?? []), folder: studyFolder(store.file, work, plan) }
  const options = workers === undefined ? {} : { workers }
  const { failure } = await runStudy(store, asked, options, signals, watchStudy)
  if (failure) throw failure
  return { state: signals.stop.aborted ? 'stopped' : 'done', run: current }
}
