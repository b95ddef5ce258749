import type { FineTuneJob, FineTuneResult } from '../meta/jobs.ts'
import { randomPolicy, scalingOf } from '../meta/state.ts'
import type { WorkerContext } from '../meta/worker-context.ts'
import { createPhaseClock } from '../rl/phases.ts'
import { adaptationStep, collect, startAdaptation } from '../rl/adaptation.ts'
import type { AdaptationStepRecord, TaskContext } from '../rl/adaptation.ts'

/**
 * Section 5's protocol on one task: K steps of the same constrained algorithm from any initialisation, with the return
 * and cost of the policy before the first and after each step. Every initialisation starts from the same lambda_p and
 * a fresh reward critic; the cost critic comes from the initialisation where it has one, else it is fresh too. Fresh
 * critics are warmed up on the first batch.
 */
export async function fineTune(worker: WorkerContext, job: FineTuneJob): Promise<FineTuneResult> {
  const { config, engine, batch } = worker
  const randomPath = [config.seed, 'fine-tune', job.task]
  const { moments } = job.initialisation
  // A researcher without any initialisation would start each task from a network of its own.
  const theta = job.initialisation.theta ?? randomPolicy(config, [config.seed, 'random initialisation', job.task])
  const context: TaskContext = {
    engine,
    environments: worker.environments(job.task, config.fineTune.episodes),
    scaling: scalingOf(config, moments),
    batch,
    config,
    randomPath,
    where: `fine-tuning, task ${job.task}`,
    clock: createPhaseClock(worker.now),
  }
  const { policyShape } = engine
  const costCritic = job.initialisation.costCritic?.parameters ?? null
  const state = startAdaptation(policyShape, theta, costCritic, config.fineTune.initialMultiplier, randomPath)

  const steps: AdaptationStepRecord[] = []
  for (let k = 0; k < config.fineTune.steps; k++) steps.push(await adaptationStep(context, state, k))
  const last = await collect(context, state.theta, 'rollout', config.fineTune.steps)
  return { task: job.task, evaluations: [...steps, last], steps }
}
