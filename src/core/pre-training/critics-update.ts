import { copyCritic, type CriticState } from '../nn/critic.ts'
import { stream } from '../random/stream.ts'
import { explainedVariance } from '../rl/advantages.ts'
import { fitCritics } from '../rl/critics.ts'
import { assertFinite } from '../rl/finite.ts'
import type { CriticsUpdateJob, CriticsUpdateResult } from '../training/jobs.ts'
import { loadPooled } from '../training/pooled.ts'
import type { LearnerContext } from '../training/worker-context.ts'

/** Regression of both critics on pooled lambda-returns; explained variances are of the discounted returns. */
export async function updateCritics(worker: LearnerContext, job: CriticsUpdateJob): Promise<CriticsUpdateResult> {
  const started = worker.now()
  const { config, engine, pool } = worker
  const { pooled, iteration } = job
  const rewardCritic = copyCritic(job.rewardCritic)
  const costCritic = copyCritic(job.costCritic)
  loadPooled(worker, pooled)
  const explained = async (critic: CriticState, returns: Float32Array) =>
    explainedVariance(await engine.values(critic.parameters, pool.observations, pooled.rows), returns)
  const before = [await explained(rewardCritic, pooled.rewardReturns), await explained(costCritic, pooled.costReturns)]
  const fits = [
    { critic: rewardCritic, targets: pooled.rewardTargets },
    { critic: costCritic, targets: pooled.costTargets },
  ]
  const { criticEpochs, criticLearningRate: learningRate } = config.preTraining
  const random = stream(config.seed, 'pre-training critics', iteration)
  await fitCritics(engine, pool, fits, criticEpochs, { ...config.critics, learningRate }, random)
  assertFinite('reward critic', rewardCritic.parameters, `iteration ${iteration}`)
  assertFinite('cost critic', costCritic.parameters, `iteration ${iteration}`)
  const report = async (critic: CriticState, returns: Float32Array, explainedVarianceBefore: number) => ({
    critic,
    explainedVarianceBefore,
    explainedVarianceAfter: await explained(critic, returns),
  })
  return {
    reward: await report(rewardCritic, pooled.rewardReturns, before[0]!),
    cost: await report(costCritic, pooled.costReturns, before[1]!),
    seconds: worker.now() - started,
  }
}
