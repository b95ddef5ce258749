import { assertFinite } from '../rl/finite.ts'
import { strideAcrossEpisodes } from '../rl/fisher-rows.ts'
import { policyStep } from '../rl/policy-step.ts'
import type { PolicyUpdateJob, PolicyUpdateResult } from '../training/jobs.ts'
import { bindTransitions } from '../training/pooled.ts'
import type { LearnerContext } from '../training/worker-context.ts'

/** One constrained policy step on pooled data: `inner.algorithm` within the trust region of pre-training. */
export async function updatePolicy(worker: LearnerContext, job: PolicyUpdateJob): Promise<PolicyUpdateResult> {
  const started = worker.now()
  const { config, engine } = worker
  const { inner, preTraining, policy } = config
  const { pooled, theta, lambda, violation } = job
  const where = `iteration ${job.iteration}, policy update`
  await bindTransitions(worker, pooled, theta, strideAcrossEpisodes(preTraining.fisherStride, job.lockStep))
  const { kl, damping, conjugateGradientSteps } = preTraining
  const step = await policyStep(inner.algorithm, {
    learner: engine,
    theta,
    rewardAdvantages: pooled.rewardAdvantages,
    costAdvantages: pooled.costAdvantages,
    lambda,
    violation,
    settings: { ...inner, kl, damping, conjugateGradientSteps },
    bounds: policy,
    where,
  })
  assertFinite('theta', step.theta, where)
  return { ...step, seconds: worker.now() - started }
}
