import type { RunConfig } from '../config/settings.ts'
import { adaptTask } from '../meta/adapt-task.ts'
import { fitMetaCritic } from '../meta/meta-critic.ts'
import { outerStep } from '../meta/outer-step.ts'
import type { BatchedLearner } from '../nn/batched-learner.ts'
import { chargeCalls } from '../nn/charge-calls.ts'
import type { Learner } from '../nn/learner.ts'
import { lockStep } from '../nn/lock-step.ts'
import { updateCritics } from '../pre-training/critics-update.ts'
import { updatePolicy } from '../pre-training/policy-update.ts'
import type { Batch } from '../rl/batch.ts'
import { fineTune } from '../study/fine-tune.ts'
import type { Executor, Job, JobResult } from './jobs.ts'
import { remoteRollouts } from './rollouts.ts'
import { requiredRows, type LearnerContext } from './worker-context.ts'

export interface BatchedExecutorOptions {
  readonly config: RunConfig
  readonly engine: BatchedLearner
  /** Rolls out and records: the jobs that need a simulator, and its engine for the policy's forward. */
  readonly simulators: Executor
  /** A batch that the engine reads from a place. */
  readonly createBatch: (place: number, rows: number, episodes: number) => Batch
  /** Wall clock in seconds. */
  readonly now: () => number
}

export interface BatchedExecutor extends Executor {
  /** Jobs of `run` that are worked on at once; more wait. */
  readonly places: number
  run<J extends Job>(job: J): Promise<JobResult<J>>
}

/** Fewest tasks that a run's engine takes at once. */
const PLACES = 10

/** Tasks that the engine of a run should take at once: those of an iteration, or of the fine-tuning. */
export const placesOf = ({ meta, fineTune: { tasks } }: RunConfig): number =>
  Math.max(PLACES, meta.tasksPerIteration, Math.min(tasks, 2 * PLACES))

/**
 * Does jobs on one engine for several tasks, while others roll out for it: all tasks of an iteration adapt in lock step.
 * Jobs on pooled data are done one after the other, since each of them is a large batch already.
 */
export function createBatchedExecutor(options: BatchedExecutorOptions): BatchedExecutor {
  const { config, engine, simulators, createBatch, now } = options
  const { task: taskRows, pool: poolRows, episodes } = requiredRows(config)
  const { learner: charged, secondsOf } = chargeCalls(engine, now)
  const tasks = lockStep(charged)
  const rollouts = remoteRollouts(async (job) => (await simulators.runAll([job]))[0]!)
  const kept = new Map<number, Pick<LearnerContext, 'batch' | 'pool'>>()
  const pools = new Map<number, Batch>()
  let last: Promise<unknown> = Promise.resolve()

  /**
   * A place has memory for a task's data, and for data of an inner step that second-order MAML comes back to. Its clock
   * counts its share of the engine's time: on the wall it waits for all others as well.
   */
  const ofTask = (learner: Learner, place: number): LearnerContext => {
    const own = kept.get(place) ?? {
      batch: createBatch(place, taskRows, episodes),
      pool: createBatch(place, taskRows, 0),
    }
    kept.set(place, own)
    return { config, engine: learner, rollouts, now: () => secondsOf(place), ...own }
  }
  const onTask = <T>(work: (context: LearnerContext) => Promise<T>): Promise<T> =>
    tasks.run((learner, place) => work(ofTask(learner, place)))
  const onPool = <T>(work: (context: LearnerContext) => Promise<T>): Promise<T> => {
    const result = last.then(() =>
      tasks.run((learner, place) => {
        const pool = pools.get(place) ?? createBatch(place, poolRows, 0)
        pools.set(place, pool)
        return work({ ...ofTask(learner, place), pool, now })
      }),
    )
    last = result.catch(() => {})
    return result
  }

  const run = async <J extends Job>(given: J): Promise<JobResult<J>> => {
    const job: Job = given
    const start = (): Promise<JobResult<Job>> => {
      switch (job.kind) {
        case 'adapt-task':
          return onTask((context) => adaptTask(context, job))
        case 'fine-tune':
          return onTask((context) => fineTune(context, job))
        case 'outer-step':
          return onPool((context) => outerStep(context, job))
        case 'meta-critic':
          return onPool((context) => fitMetaCritic(context, job))
        case 'policy-update':
          return onPool((context) => updatePolicy(context, job))
        case 'critics-update':
          return onPool((context) => updateCritics(context, job))
        case 'collect':
        case 'record':
        case 'rollout':
          return simulators.runAll([job]).then(([result]) => result!)
      }
    }
    return (await start()) as JobResult<J>
  }

  return {
    places: tasks.places,
    run,
    runAll: (jobs) => allEnded(jobs.map((job) => run(job))),
  }
}

/** All results, or the first failure once nothing is going on any more: what comes next has the engine to itself. */
async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}
