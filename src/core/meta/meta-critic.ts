import { copyCritic } from '../nn/critic.ts'
import { stream } from '../random/stream.ts'
import { explainedVariance } from '../rl/advantages.ts'
import { fitCritics } from '../rl/critics.ts'
import { assertFinite } from '../rl/finite.ts'
import type { MetaCriticJob, MetaCriticResult } from '../training/jobs.ts'
import { loadPooled } from '../training/pooled.ts'
import type { LearnerContext } from '../training/worker-context.ts'

/**
 * Regression of the global meta cost critic on the cost lambda-returns of the pooled meta-policy data (eq. 12). Its
 * explained variance of the discounted returns before the fit, on data it has not seen, tells whether it generalises;
 * against the lambda-returns it would be flattered, since these contain the critic's own values.
 */
export async function fitMetaCritic(worker: LearnerContext, job: MetaCriticJob): Promise<MetaCriticResult> {
  const started = worker.now()
  const { config, engine, pool } = worker
  const { rows, costTargets, costReturns } = job.pooled
  const costCritic = copyCritic(job.costCritic)
  loadPooled(worker, job.pooled)
  const explained = async () =>
    explainedVariance(await engine.values(costCritic.parameters, pool.observations, rows), costReturns)
  const explainedVarianceBefore = await explained()
  if (config.meta.critic === 'meta-gradient') {
    // Algorithm 1, line 16, read literally: phi <- phi + beta mean_p (phi_p - phi).
    for (let i = 0; i < costCritic.parameters.length; i++)
      costCritic.parameters[i]! += config.meta.criticRate * job.displacement[i]!
  } else {
    const random = stream(config.seed, 'meta critic', job.iteration)
    const fits = [{ critic: costCritic, targets: costTargets }]
    await fitCritics(engine, pool, fits, config.meta.criticEpochs, config.critics, random)
  }
  assertFinite('meta cost critic', costCritic.parameters, `iteration ${job.iteration}, meta critic`)
  return {
    costCritic,
    explainedVarianceBefore,
    explainedVarianceAfter: await explained(),
    seconds: worker.now() - started,
  }
}
