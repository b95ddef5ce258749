import type { FineTuneJob, FineTuneResult } from '../training/jobs.ts'
import { randomPolicy } from '../training/state.ts'
import { repeated, type LearnerContext } from '../training/worker-context.ts'
import { startMultiplier } from '../rl/multiplier.ts'
import { createPhaseClock } from '../rl/phases.ts'
import { adaptationStep, collect, startAdaptation } from '../rl/adaptation.ts'
import type { AdaptationStepRecord, TaskContext } from '../rl/adaptation.ts'

/**
 * Section 5's protocol on one task: K steps of the same constrained algorithm from any initialisation, with the return
 * and cost of the policy before the first and after each step. Every initialisation starts from the same lambda_p and
 * a fresh reward critic; the cost critic comes from the initialisation where it has one, else it is fresh too. Fresh
 * critics are warmed up on the first batch.
 */
export async function fineTune(worker: LearnerContext, job: FineTuneJob): Promise<FineTuneResult> {
  const { config, engine, batch } = worker
  const { fineTune: protocol } = config
  const randomPath = [config.seed, 'fine-tune', job.task]
  const { moments } = job.initialisation
  // A researcher without any initialisation would start each task from a network of its own.
  const theta = job.initialisation.theta ?? randomPolicy(config, [config.seed, 'random initialisation', job.task])
  const context: TaskContext = {
    engine,
    rollOut: worker.rollouts(repeated(job.task, protocol.episodes), moments, batch),
    batch,
    config,
    algorithm: protocol.algorithm === 'inner' ? config.inner.algorithm : protocol.algorithm,
    costLimit: config.costLimit,
    randomPath,
    where: `fine-tuning, task ${job.task}`,
    clock: createPhaseClock(worker.now),
  }
  const { policyShape } = engine
  const costCritic = job.initialisation.costCritic?.parameters ?? null
  const carried = protocol.carryMultiplier ? job.initialisation.lambda : null
  const multiplier = startMultiplier(carried ?? protocol.initialMultiplier)
  const state = startAdaptation(policyShape, theta, costCritic, multiplier, randomPath)

  const steps: AdaptationStepRecord[] = []
  const policies = [state.theta]
  for (let k = 0; k < protocol.steps; k++) {
    steps.push(await adaptationStep(context, state, k))
    policies.push(state.theta)
  }
  const { statistics: last } = await collect(context, state.theta, 'rollout', protocol.steps)
  return { task: job.task, evaluations: [...steps, last], steps, ...(job.keepPolicies ? { policies } : {}) }
}
