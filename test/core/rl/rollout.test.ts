import { beforeAll, describe, expect, it } from 'vitest'
import type { Environment } from '../../../src/core/env/environment.ts'
import type { WorkerContext } from '../../../src/core/training/worker-context.ts'
import { affineScaling } from '../../../src/core/nn/observation-scaling.ts'
import { randomPolicy, scalingOf } from '../../../src/core/training/state.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { rollout, summariseEpisodes } from '../../../src/core/rl/rollout.ts'
import { repeated } from '../../../src/core/training/worker-context.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'

/** Counts its steps and ends after a length of its own: every number of a rollout can be foretold. */
class Countdown implements Environment {
  readonly observationSize = 44
  readonly actionSize = 2
  reward = 0
  cost = 0
  costParts = 0
  goalReached = false
  terminated = false
  truncated = false
  steps = 0
  readonly id: number
  readonly length: number
  readonly terminates: boolean
  constructor(id: number, length: number, terminates: boolean) {
    this.id = id
    this.length = length
    this.terminates = terminates
  }
  reset() {
    this.steps = 0
    this.terminated = this.truncated = false
  }
  step() {
    this.steps++
    this.reward = this.id
    this.cost = this.steps % 2
    this.costParts = this.cost ? 1 : 0
    this.terminated = this.terminates && this.steps === this.length
    this.goalReached = this.terminated
    this.truncated = !this.terminates && this.steps === this.length
  }
  observe(out: Float64Array, offset: number) {
    out.fill(0, offset, offset + 44)
    out[offset] = this.id
    out[offset + 1] = this.steps
  }
}

const identity = affineScaling({
  offset: new Float64Array(44),
  gain: new Float64Array(44).fill(1),
  limit: new Float64Array(44).fill(1e9),
})

describe('rollout', () => {
  const config = tinyConfig()
  let worker: WorkerContext
  beforeAll(async () => {
    worker = await tinyWorker(config)
  })
  const theta = () => randomPolicy(config, [1, 'theta'])

  it('holds exactly the whole episodes, linked in order, bootstrapped where truncated', () => {
    const { engine, batch } = worker
    const environments = [new Countdown(1, 3, true), new Countdown(2, 7, false), new Countdown(3, 1, true)]
    const episodes = rollout(engine, engine.policyShape, theta(), environments, identity, batch, stream(1))
    expect(batch.size).toBe(11)
    expect(episodes.map((e) => [e.length, e.return, e.cost, e.goals])).toEqual([
      [3, 3, 2, 1],
      [7, 14, 4, 0],
      [1, 3, 1, 1],
    ])
    const observation = (row: number) => [...batch.observations.subarray(44 * row, 44 * row + 2)]
    for (const [start, id, length] of [
      [0, 1, 3],
      [1, 2, 7],
      [2, 3, 1],
    ] as const) {
      let row: number = start
      for (let t = 0; t < length; t++) {
        expect(observation(row)).toEqual([id, t])
        expect(batch.rewards[row]).toBe(id)
        if (t < length - 1) row = batch.next[row]!
      }
      expect(batch.next[row]).toBe(id === 2 ? -2 : -1)
    }
    expect(batch.bootstrapSize).toBe(1)
    expect([...batch.bootstrapObservations.subarray(0, 2)]).toEqual([2, 7])
  })

  it('records the log-probability of what it sampled', () => {
    const { engine, batch } = worker
    const policy = theta()
    rollout(engine, engine.policyShape, policy, [new Countdown(1, 20, true)], identity, batch, stream(2))
    const std = Math.exp(config.policy.initialLogStd)
    for (let row = 0; row < batch.size; row++) {
      let logProb = 0
      for (let a = 0; a < 2; a++) {
        const z = (batch.actions[2 * row + a]! - batch.means[2 * row + a]!) / std
        logProb += -0.5 * z * z - Math.log(std) - 0.5 * Math.log(2 * Math.PI)
      }
      expect(batch.logProbs[row]).toBeCloseTo(logProb, 4)
    }
  })

  it('acts with the mean where asked to', () => {
    const { engine, batch } = worker
    const environments = [new Countdown(1, 5, true)]
    rollout(engine, engine.policyShape, theta(), environments, identity, batch, stream(2), { stochastic: false })
    expect(batch.actions.slice(0, 10)).toEqual(batch.means.slice(0, 10))
  })

  it('depends on its stream alone, not on what the environments did before', () => {
    const { engine, batch } = worker
    const scaling = scalingOf(config, { count: 0, mean: new Float64Array(44), squares: new Float64Array(44) })
    const run = (task: number) => {
      const environments = worker.environments(repeated(task, 3))
      const episodes = rollout(engine, engine.policyShape, theta(), environments, scaling, batch, stream(5, task))
      return { episodes, observations: batch.observations.slice(0, 44 * batch.size) }
    }
    const first = run(1)
    run(4)
    expect(run(1)).toEqual(first)
    expect(summariseEpisodes(first.episodes)).toMatchObject({ episodes: 3, transitions: 90, length: 30 })
  })
})
