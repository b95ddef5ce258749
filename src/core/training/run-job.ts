import { collectPart } from '../pre-training/collect.ts'
import { updateCritics } from '../pre-training/critics-update.ts'
import { updatePolicy } from '../pre-training/policy-update.ts'
import { recordEpisodes } from '../episode/record-episodes.ts'
import { fineTune } from '../study/fine-tune.ts'
import { adaptTask } from '../meta/adapt-task.ts'
import type { Executor, Job, JobResult } from './jobs.ts'
import { fitMetaCritic } from '../meta/meta-critic.ts'
import { outerStep } from '../meta/outer-step.ts'
import { rollOutJob } from './rollouts.ts'
import type { WorkerContext } from './worker-context.ts'

/** Does one job. */
export async function runJob<J extends Job>(worker: WorkerContext, job: J): Promise<JobResult<J>> {
  const run = (): Promise<JobResult<Job>> => {
    switch (job.kind) {
      case 'adapt-task':
        return adaptTask(worker, job)
      case 'outer-step':
        return outerStep(worker, job)
      case 'meta-critic':
        return fitMetaCritic(worker, job)
      case 'collect':
        return collectPart(worker, job)
      case 'policy-update':
        return updatePolicy(worker, job)
      case 'critics-update':
        return updateCritics(worker, job)
      case 'fine-tune':
        return fineTune(worker, job)
      case 'record':
        return recordEpisodes(worker, job)
      case 'rollout':
        return rollOutJob(worker, job)
    }
  }
  return (await run()) as JobResult<J>
}

/** Runs jobs one after the other in this thread, also those that are asked for side by side: a worker does one at a time. */
export function inlineExecutor(worker: WorkerContext): Executor {
  let last: Promise<unknown> = Promise.resolve()
  const enqueue = <J extends Job>(job: J): Promise<JobResult<J>> => {
    const result = last.then(() => runJob(worker, job))
    last = result.catch(() => {})
    return result
  }
  return { runAll: (jobs) => Promise.all(jobs.map(enqueue)) }
}
