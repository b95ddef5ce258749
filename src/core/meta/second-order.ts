import type { AdaptationBatch, TaskContext } from '../rl/adaptation.ts'
import { lagrangianAdvantages } from '../rl/trpo-lagrangian.ts'
import type { PolicyData } from '../training/jobs.ts'
import { bindTransitions } from '../training/pooled.ts'
import type { LearnerContext } from '../training/worker-context.ts'

/** A plain gradient step of the inner loop (eq. 3) as its derivative needs it. */
export interface InnerStep extends Pick<PolicyData, 'rows' | 'observations' | 'actions' | 'logProbs'> {
  /** The policy that the step left. */
  readonly theta: Float32Array
  /** Of the Lagrangian surrogate whose gradient the step took, [rows]. */
  readonly weights: Float32Array
}

/** The context's batch and the step about to be taken on it, in memory of their own. */
export function keepInnerStep(
  { engine, batch }: TaskContext,
  theta: Float32Array,
  { evaluated, multiplier }: AdaptationBatch,
): InnerStep {
  const { observationSize, actionSize } = engine.policyShape
  return {
    theta,
    rows: batch.size,
    observations: batch.observations.slice(0, batch.size * observationSize),
    actions: batch.actions.slice(0, batch.size * actionSize),
    logProbs: batch.logProbs.slice(0, batch.size),
    weights: lagrangianAdvantages(evaluated.rewardAdvantages, evaluated.costAdvantages, multiplier),
  }
}

/**
 * The meta-gradient of MAML (Finn et al., 2017, eq. 1): with theta_{k+1} = theta_k + alpha grad S_k(theta_k) its chain
 * rule is g <- (I + alpha H_k) g from the last step to the first, H_k the Hessian of the surrogate S_k at theta_k. As
 * S_k is a mean of ratios, H_k has the outer product of the scores too (the low-variance curvature of Rothfuss et al., 2019).
 * The projection of the log standard deviations to their bounds counts as the identity: its own derivative, zero beyond
 * a bound, would leave those of the meta-policy there without a gradient.
 */
export async function secondOrderGradient(
  worker: LearnerContext,
  firstOrder: Float32Array,
  steps: readonly InnerStep[],
): Promise<Float32Array> {
  const { engine, config } = worker
  const { gradientRate, fisherStride } = config.inner
  let gradient = firstOrder
  for (const step of steps.toReversed()) {
    await bindTransitions(worker, step, step.theta, fisherStride)
    const product = await engine.surrogateHessianProduct(step.theta, step.weights, gradient)
    gradient = gradient.map((g, i) => g + gradientRate * product[i]!)
  }
  return gradient
}
