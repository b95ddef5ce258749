import { CostPart, type Environment } from '../env/environment.ts'
import type { PolicyForward } from '../nn/learner.ts'
import type { ObservationScaling, RunningMoments } from '../nn/observation-scaling.ts'
import { logStdOf, type PolicyShape } from '../nn/policy.ts'
import type { Stream } from '../random/stream.ts'
import type { Batch } from './batch.ts'

/** One whole episode. */
export interface Episode {
  /** Undiscounted sum of rewards. */
  readonly return: number
  /** Undiscounted sum of indicator costs. */
  readonly cost: number
  /** Steps with each part of the cost. */
  readonly hazardSteps: number
  readonly contactSteps: number
  readonly velocitySteps: number
  readonly goals: number
  readonly length: number
  /** Longest run of consecutive steps with a cost. */
  readonly longestCostRun: number
}

export interface RolloutOptions {
  /** Sample actions (as in all figures of the paper), or act with the mean. */
  readonly stochastic: boolean
}

/** What a rollout leaves beside its transitions. */
export interface RolledOut {
  /** One per environment, in their order. */
  readonly episodes: readonly Episode[]
  /** Of the raw observations; empty where the scaling needs none. */
  readonly moments: RunningMoments
  /** Of whoever rolled out. */
  readonly seconds: number
}

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI)

/**
 * Runs every environment for one whole episode under theta and fills `batch` with all transitions.
 *
 * The environments step in lock step with one policy forward per step over those still running; none is dropped, cut
 * or refilled, so a batch is exactly `environments.length` episodes and its size is reported, not fixed.
 */
export function rollout(
  forward: PolicyForward,
  shape: PolicyShape,
  theta: Float32Array,
  environments: readonly Environment[],
  scaling: ObservationScaling,
  batch: Batch,
  random: Stream,
  options: RolloutOptions = { stochastic: true },
): Episode[] {
  const { actionSize, observationSize } = shape
  for (const environment of environments)
    if (environment.observationSize !== observationSize || environment.actionSize !== actionSize)
      throw new RangeError(
        `The policy takes ${observationSize} observations and ${actionSize} actions; ` +
          `the environment has ${environment.observationSize} and ${environment.actionSize}`,
      )
  const logStd = logStdOf(shape, theta)
  const std = Float64Array.from(logStd, Math.exp)
  const logProbAtMean = -logStd.reduce((sum, value) => sum + value, 0) - actionSize * HALF_LOG_2PI
  const raw = new Float64Array(observationSize)
  const tallies = environments.map(() => new Tally())
  const running = environments.map((_, index) => index)
  const lastRow = new Int32Array(environments.length).fill(-1)

  forward.loadPolicy(theta)
  batch.size = 0
  batch.bootstrapSize = 0
  for (const environment of environments) environment.reset()

  while (running.length > 0) {
    const first = batch.size
    batch.size += running.length
    if (batch.size > batch.capacity) throw new RangeError(`The batch holds ${batch.capacity} rows; episodes need more`)
    for (let k = 0; k < running.length; k++) {
      environments[running[k]!]!.observe(raw, 0)
      scaling.apply(raw, batch.observations, (first + k) * observationSize)
    }
    forward.forwardPolicy(batch, first, running.length)

    let kept = 0
    for (let k = 0; k < running.length; k++) {
      const index = running[k]!
      const environment = environments[index]!
      const row = first + k
      const at = row * actionSize
      let logProb = logProbAtMean
      for (let a = 0; a < actionSize; a++) {
        const noise = options.stochastic ? random.normal() : 0
        batch.actions[at + a] = batch.means[at + a]! + std[a]! * noise
        logProb -= 0.5 * noise * noise
      }
      batch.logProbs[row] = logProb
      environment.step(batch.actions, at)
      batch.rewards[row] = environment.reward
      batch.costs[row] = environment.cost
      tallies[index]!.add(environment)
      if (lastRow[index]! >= 0) batch.next[lastRow[index]!] = row
      lastRow[index] = row

      if (environment.terminated) batch.next[row] = -1
      else if (environment.truncated) {
        const bootstrap = batch.bootstrapSize++
        batch.next[row] = -2 - bootstrap
        environment.observe(raw, 0)
        scaling.apply(raw, batch.bootstrapObservations, bootstrap * observationSize)
      } else running[kept++] = index
    }
    running.length = kept
  }
  return tallies
}

class Tally implements Episode {
  return = 0
  cost = 0
  hazardSteps = 0
  contactSteps = 0
  velocitySteps = 0
  goals = 0
  length = 0
  longestCostRun = 0
  private costRun = 0

  add(environment: Environment): void {
    const parts = environment.costParts
    this.return += environment.reward
    this.cost += environment.cost
    if (parts & CostPart.hazard) this.hazardSteps++
    if (parts & CostPart.vaseContact) this.contactSteps++
    if (parts & CostPart.vaseVelocity) this.velocitySteps++
    this.costRun = environment.cost > 0 ? this.costRun + 1 : 0
    if (this.costRun > this.longestCostRun) this.longestCostRun = this.costRun
    if (environment.goalReached) this.goals++
    this.length++
  }
}

/** Means over a batch of episodes, as every record reports them. */
export interface EpisodeStatistics {
  readonly episodes: number
  readonly transitions: number
  readonly return: number
  readonly cost: number
  readonly hazardSteps: number
  readonly contactSteps: number
  readonly velocitySteps: number
  readonly goals: number
  readonly length: number
  /** Longest run of consecutive steps with a cost, mean over the episodes. */
  readonly longestCostRun: number
}

export function summariseEpisodes(episodes: readonly Episode[]): EpisodeStatistics {
  const mean = (of: (episode: Episode) => number) => episodes.reduce((sum, e) => sum + of(e), 0) / episodes.length
  return {
    episodes: episodes.length,
    transitions: episodes.reduce((sum, episode) => sum + episode.length, 0),
    return: mean((e) => e.return),
    cost: mean((e) => e.cost),
    hazardSteps: mean((e) => e.hazardSteps),
    contactSteps: mean((e) => e.contactSteps),
    velocitySteps: mean((e) => e.velocitySteps),
    goals: mean((e) => e.goals),
    length: mean((e) => e.length),
    longestCostRun: mean((e) => e.longestCostRun),
  }
}
