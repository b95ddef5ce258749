import { mergeMoments } from '../nn/observation-scaling.ts'
import { stream } from '../random/stream.ts'
import { centre, standardise } from '../rl/advantages.ts'
import { violationOf } from '../rl/adaptation.ts'
import { assertFinite } from '../rl/finite.ts'
import { followCost } from '../rl/multiplier.ts'
import { summariseEpisodes, type Episode } from '../rl/rollout.ts'
import type { CollectJob, CriticsUpdateJob, PolicyUpdateJob } from '../training/jobs.ts'
import type { IterationResult, TrainingEnvironment } from '../training/iteration.ts'
import { poolPolicyData } from '../training/pooled.ts'
import type { TaskRecord } from '../training/records.ts'
import { trainingLimit, type TrainingState } from '../training/state.ts'
import { repeated, splitLayouts } from '../training/worker-context.ts'
import { preTrainingMetrics } from './pre-training-metrics.ts'

/** Seeds of fresh layouts are drawn below this bound. */
const FRESH_LAYOUTS = 2 ** 31 - 1

/**
 * One iteration of a constrained on-policy algorithm on all tasks at once (Ray et al., 2019, algorithm 1): roll out,
 * move lambda, one policy step and one fit of both critics on the pooled data. Pure: the given state is not changed.
 */
export async function preTrainingIteration(
  environment: TrainingEnvironment,
  state: TrainingState,
): Promise<IterationResult> {
  const { config, executor, now } = environment
  const { preTraining, inner } = config
  const started = now()
  const iteration = state.iteration + 1
  const { theta, costCritic, moments } = state
  const rewardCritic = state.rewardCritic!

  const layouts = drawLayouts(environment, iteration)
  const split = splitLayouts(layouts)
  const parts = await executor.runAll(
    split.map((part, index): CollectJob => ({
      kind: 'collect',
      iteration,
      part: index,
      layouts: part,
      theta,
      rewardCritic: rewardCritic.parameters,
      costCritic: costCritic.parameters,
      moments,
    })),
  )
  const collected = now()

  const pooled = poolPolicyData(parts, environment.allocate)
  standardise(pooled.rewardAdvantages)
  centre(pooled.costAdvantages)
  const episodes = parts.flatMap((part) => part.episodes)
  const statistics = summariseEpisodes(episodes)
  const limit = trainingLimit(config)
  const costs = [...state.recentCosts, statistics.cost]
  const cost = costs.reduce((sum, value) => sum + value, 0) / costs.length
  const lambda = followCost(state.lambda, cost, limit, preTraining.lambda)
  assertFinite('lambda', lambda.value, `iteration ${iteration}`)

  const policyJob: PolicyUpdateJob = {
    kind: 'policy-update',
    iteration,
    theta,
    pooled,
    lockStep: [...new Set(split.map((part) => part.length))].reduce((product, size) => product * size),
    lambda: lambda.value,
    violation: violationOf({ cost, length: statistics.length }, limit, inner.constraintUnit),
  }
  const criticsJob: CriticsUpdateJob = { kind: 'critics-update', iteration, rewardCritic, costCritic, pooled }
  // Independent of each other: the advantages are already there.
  const [[policy], [critics]] = await Promise.all([executor.runAll([policyJob]), executor.runAll([criticsJob])])

  const next: TrainingState = {
    ...state,
    iteration,
    theta: policy!.theta,
    rewardCritic: critics!.reward.critic,
    costCritic: critics!.cost.critic,
    lambda,
    recentCosts: costs.slice(Math.max(0, costs.length - preTraining.costWindow + 1)),
    moments: parts.reduce((merged, part) => mergeMoments(merged, part.moments), moments),
    envSteps: state.envSteps + statistics.transitions,
  }
  const metrics = preTrainingMetrics({
    config,
    theta,
    statistics,
    byLayout: groupByLayout(layouts, episodes),
    lambda: lambda.value,
    parts,
    policy: policy!,
    critics: critics!,
    secondsCollect: collected - started,
    secondsUpdate: now() - collected,
  })
  // Fresh layouts are met once and never again: nothing is to be said of each.
  const tasks = preTraining.layouts === 'tasks' ? groupByLayout(layouts, episodes) : []
  return { state: next, record: { iteration, envSteps: next.envSteps, metrics, tasks } }
}

/** One entry per episode. */
function drawLayouts({ config, trainingTasks }: TrainingEnvironment, iteration: number): number[] {
  const { layouts, tasksPerIteration, episodes } = config.preTraining
  const random = stream(config.seed, 'tasks', iteration)
  const drawn =
    layouts === 'fresh'
      ? Array.from({ length: tasksPerIteration }, () => random.integer(FRESH_LAYOUTS))
      : random.shuffle([...trainingTasks]).slice(0, tasksPerIteration)
  return drawn.flatMap((seed) => repeated(seed, episodes))
}

function groupByLayout(layouts: readonly number[], episodes: readonly Episode[]): TaskRecord[] {
  const groups = new Map<number, Episode[]>()
  layouts.forEach((layout, i) => groups.set(layout, [...(groups.get(layout) ?? []), episodes[i]!]))
  return [...groups].map(([task, own]) => ({ task, steps: [], after: summariseEpisodes(own) }))
}
