import { mergeMoments } from '../nn/observation-scaling.ts'
import { meanStd } from '../nn/policy.ts'
import { stream } from '../random/stream.ts'
import { dot } from '../rl/conjugate-gradient.ts'
import { assertFinite } from '../rl/finite.ts'
import { followCost } from '../rl/multiplier.ts'
import { safetyWeight, withoutLogStd } from './safety-term.ts'
import { iterationMetrics } from './iteration-metrics.ts'
import type { AdaptTaskJob, AdaptTaskResult, Executor, MetaCriticJob, OuterStepJob } from '../training/jobs.ts'
import type { IterationResult, TrainingEnvironment } from '../training/iteration.ts'
import { poolData } from '../training/pooled.ts'
import type { IterationRecord } from '../training/records.ts'
import { policyShapeOf, trainingLimit, type TrainingState } from '../training/state.ts'

/** One pass of Algorithm 1's outer loop, lines 5-16. Pure: the given state is not changed. */
export async function metaIteration(environment: TrainingEnvironment, state: TrainingState): Promise<IterationResult> {
  const { config, executor, now } = environment
  const { meta } = config
  const limit = trainingLimit(config)
  const started = now()
  const iteration = state.iteration + 1
  const { theta, thetaMoments, costCritic, moments } = state

  // Line 5: B tasks without replacement. Lines 6-15: each task's inner loop, independent of the others.
  const tasks = drawTasks(environment, iteration)
  const adaptJobs = tasks.map((task): AdaptTaskJob => ({
    kind: 'adapt-task',
    iteration,
    task,
    theta,
    costCritic,
    lambda: state.lambda.value,
    moments,
  }))
  const results = await executor.runAll(adaptJobs)
  const tasksDone = now()

  // Eq. 14: mean_p g_p - g_eta; reduced in task order, so that the bits do not depend on who computed what.
  const costBefore = meanOver(results, (result) => result.steps[0]!.cost)
  const metaGradient = meanVector(results.map((result) => result.metaGradient))
  const weight = safetyWeight(meta.eta, state.eta.value, costBefore, limit)
  const pooledSafety = pooledSafetyGradient(results)
  const safetyTerm = (meta.eta.includeLogStd ? pooledSafety : withoutLogStd(policyShapeOf(config), pooledSafety)).map(
    (g) => weight * g,
  )

  // Line 16. The policy step and the critic's regression (eq. 12) use the same data and are independent.
  const pooled = poolData(results, environment.allocate)
  const outerJobs: [OuterStepJob, MetaCriticJob] = [
    {
      kind: 'outer-step',
      iteration,
      theta,
      metaGradient,
      safetyTerm,
      safetyWeight: weight,
      moments: thetaMoments,
      pooled,
    },
    { kind: 'meta-critic', iteration, costCritic, displacement: meanDisplacement(results), pooled },
  ]
  const [outer, critic] = await runOuter(executor, outerJobs)

  // Eq. 22 and 31: both multipliers ascend on violation.
  const costAfter = meanOver(results, (result) => result.after.cost)
  const kappa = updateKappa(state, results, costBefore)
  const costSignalCritic = kappa * meanOver(results, (result) => result.initialCostValue)
  const costSignalAdapted = kappa * meanOver(results, (result) => result.adaptedInitialCostValue)
  const lambdaSignal = meta.lambda.signal === 'critic' ? costSignalAdapted : costAfter
  const etaSignal = meta.eta.signal === 'critic' ? costSignalCritic : costBefore
  const next: TrainingState = {
    iteration,
    theta: outer.theta,
    thetaMoments: outer.moments,
    costCritic: critic.costCritic,
    rewardCritic: null,
    recentCosts: [],
    lambda: followCost(state.lambda, lambdaSignal, limit, meta.lambda),
    eta: followCost(state.eta, etaSignal, limit, meta.eta),
    kappa,
    moments: results.reduce((merged, result) => mergeMoments(merged, result.moments), moments),
    envSteps: state.envSteps + results.reduce((sum, result) => sum + transitionsOf(result), 0),
  }
  assertFinite('lambda', next.lambda.value, `iteration ${iteration}`)
  assertFinite('eta', next.eta.value, `iteration ${iteration}`)

  const record: IterationRecord = {
    iteration,
    envSteps: next.envSteps,
    metrics: iterationMetrics({
      state,
      results,
      outer,
      critic,
      costLimit: config.costLimit,
      algorithm: config.inner.algorithm,
      metaGradientNorm: Math.sqrt(dot(metaGradient, metaGradient)),
      safetyGradientNorm: Math.sqrt(dot(safetyTerm, safetyTerm)),
      std: meanStd(policyShapeOf(config), theta),
      costSignalCritic,
      costSignalAdapted,
      kappa,
      secondsTasks: tasksDone - started,
      secondsOuter: now() - tasksDone,
    }),
    tasks: results.map(({ task, steps, after }) => ({ task, steps, after })),
  }
  return { state: next, record }
}

function drawTasks({ config, trainingTasks }: TrainingEnvironment, iteration: number): number[] {
  const shuffled = stream(config.seed, 'tasks', iteration).shuffle([...trainingTasks])
  return shuffled.slice(0, config.meta.tasksPerIteration)
}

async function runOuter(executor: Executor, jobs: [OuterStepJob, MetaCriticJob]) {
  const [outer, critic] = await Promise.all([executor.runAll([jobs[0]]), executor.runAll([jobs[1]])])
  return [outer[0]!, critic[0]!] as const
}

/** mean_p (phi_p - phi); empty unless the meta cost critic learns by it. */
function meanDisplacement(results: readonly AdaptTaskResult[]): Float32Array {
  return Float32Array.from(meanVector(results.map((result) => result.costCriticDisplacement)))
}

/** E over all rows of D_p1 of grad log pi W_t: tasks weigh in by their rows. */
function pooledSafetyGradient(results: readonly AdaptTaskResult[]): Float64Array {
  const rows = results.reduce((sum, result) => sum + result.rows, 0)
  const pooled = new Float64Array(results[0]!.safetyGradient.length)
  for (const { safetyGradient, rows: own } of results)
    for (let i = 0; i < pooled.length; i++) pooled[i]! += (safetyGradient[i]! * own) / rows
  return pooled
}

/** Weight of the newest iteration in kappa's running mean. */
const KAPPA_RATE = 0.1

/**
 * kappa: exponential running mean of undiscounted / discounted episode cost, begun with the first ratio that can be
 * measured and kept where there was no cost. The ratio moves as the policy does.
 */
function updateKappa(state: TrainingState, results: readonly AdaptTaskResult[], cost: number): number {
  const discounted = meanOver(results, (result) => result.discountedCost)
  if (!(discounted > 0)) return state.kappa
  const ratio = cost / discounted
  return state.kappa === 0 ? ratio : state.kappa + KAPPA_RATE * (ratio - state.kappa)
}

function transitionsOf({ steps, after }: AdaptTaskResult): number {
  return steps.reduce((sum, step) => sum + step.transitions, after.transitions)
}

function meanOver<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0) / items.length
}

function meanVector(vectors: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]!.length)
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length
  return mean
}
