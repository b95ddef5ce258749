import type { RunConfig } from '../../src/core/config/settings.ts'
import type { TrainingEnvironment } from '../../src/core/training/iteration.ts'
import { trainingIteration } from '../../src/core/training/iteration.ts'
import type { Executor, Job, JobResult } from '../../src/core/training/jobs.ts'
import type { IterationRecord } from '../../src/core/training/records.ts'
import { inlineExecutor, runJob } from '../../src/core/training/run-job.ts'
import { initialTrainingState, type TrainingState } from '../../src/core/training/state.ts'
import { trainingTasks } from '../../src/core/training/tasks.ts'
import type { WorkerContext } from '../../src/core/training/worker-context.ts'
import { drivingPolicy } from './costly.ts'
import { tinyWorker } from './worker.ts'

export function environmentOf(worker: WorkerContext, executor: Executor = inlineExecutor(worker)): TrainingEnvironment {
  return {
    config: worker.config,
    trainingTasks: trainingTasks(worker.config),
    executor,
    allocate: (floats) => new Float32Array(floats),
    now: () => performance.now() / 1000,
  }
}

/** Does the last job first. */
export function backwards(worker: WorkerContext): Executor {
  return {
    async runAll(jobs) {
      const results = []
      for (const job of jobs.toReversed()) results.push(await runJob(worker, job))
      return results.toReversed()
    },
  }
}

/** Deals jobs to workers in turn, which work side by side; each worker does one job at a time. */
export function dealt(workers: readonly WorkerContext[]): Executor {
  const queues = workers.map(() => Promise.resolve())
  let next = 0
  return {
    runAll<J extends Job>(jobs: readonly J[]) {
      return Promise.all(
        jobs.map((job) => {
          const turn = next++ % workers.length
          const result = queues[turn]!.then((): Promise<JobResult<J>> => runJob(workers[turn]!, job))
          queues[turn] = result.then(() => undefined)
          return result
        }),
      )
    },
  }
}

/** The first state of a run, of a policy that drives ahead through hazards. */
export function costlyState(config: RunConfig): TrainingState {
  return { ...initialTrainingState(config), theta: drivingPolicy(config) }
}

export interface Training {
  readonly state: TrainingState
  readonly records: readonly IterationRecord[]
}

/** So many iterations of a worker's run. */
export async function iterate(worker: WorkerContext, from: TrainingState, iterations: number): Promise<Training> {
  const environment = environmentOf(worker)
  const records: IterationRecord[] = []
  let state = from
  for (let i = 0; i < iterations; i++) {
    const result = await trainingIteration(environment, state)
    state = result.state
    records.push(result.record)
  }
  return { state, records }
}

/** Two iterations of a run from its costly start, in one go, and by two processes of which the second resumes. */
export async function straightAndResumed(config: RunConfig): Promise<{ straight: Training; resumed: TrainingState }> {
  const straight = await iterate(await tinyWorker(config), costlyState(config), 2)
  const first = await iterate(await tinyWorker(config), costlyState(config), 1)
  const resumed = await iterate(await tinyWorker(config), structuredClone(first.state), 1)
  return { straight, resumed: resumed.state }
}
