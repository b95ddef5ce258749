import { beforeAll, expect, it } from 'vitest'
import { recordEpisodes } from '../../../src/core/episode/record-episodes.ts'
import { emptyMoments } from '../../../src/core/nn/observation-scaling.ts'
import { stream } from '../../../src/core/random/stream.ts'
import { rollout } from '../../../src/core/rl/rollout.ts'
import { fineTune } from '../../../src/core/study/fine-tune.ts'
import type { Initialisation, RecordJob } from '../../../src/core/training/jobs.ts'
import { initialTrainingState, scalingOf } from '../../../src/core/training/state.ts'
import type { WorkerContext } from '../../../src/core/training/worker-context.ts'
import { tinyConfig, tinyWorker } from '../../support/worker.ts'
import { bitsOf } from './episodes.ts'

const config = tinyConfig()
const { theta, costCritic } = initialTrainingState(config)
const initialisation: Initialisation = { theta, costCritic, lambda: null, moments: emptyMoments(44) }
const job = (overrides: Partial<RecordJob> = {}): RecordJob => ({
  ...{ kind: 'record', task: 5, initialisation, adaptationSteps: [0], episodes: 1, stochastic: true },
  ...overrides,
})
let worker: WorkerContext
beforeAll(async () => {
  worker = await tinyWorker(config)
})

it('follows the policy as a rollout does', async () => {
  const [only] = (await recordEpisodes(worker, job())).recorded
  const { engine, batch } = worker
  const random = stream(config.seed, 'single rollout', 5)
  const scaling = scalingOf(config, initialisation.moments)
  const [tally] = rollout(engine, engine.policyShape, theta, worker.environments([5]), scaling, batch, random)
  const { episode } = only!
  expect(episode.length).toBe(tally!.length)
  expect(episode.rewards.reduce((sum, value) => sum + value, 0)).toBe(tally!.return)
  expect(episode.actions).toEqual(batch.actions.slice(0, 2 * episode.length))
})

it('shows the policies that fine-tuning goes through, whichever of them are asked for', async () => {
  const both = (await recordEpisodes(worker, job({ adaptationSteps: [0, 2] }))).recorded
  expect(both.map(({ step, number }) => [step, number])).toEqual([
    [0, 0],
    [2, 0],
  ])
  const [adapted] = (await recordEpisodes(worker, job({ adaptationSteps: [2] }))).recorded
  expect(bitsOf(adapted!.episode)).toEqual(bitsOf(both[1]!.episode))
  expect(bitsOf(both[0]!.episode)).not.toEqual(bitsOf(both[1]!.episode))

  const { policies } = await fineTune(worker, { kind: 'fine-tune', task: 5, initialisation, keepPolicies: true })
  const start = { ...initialisation, theta: policies![2]! }
  const [direct] = (await recordEpisodes(worker, job({ initialisation: start }))).recorded
  expect(bitsOf(direct!.episode)).toEqual(bitsOf(adapted!.episode))
})

it('gives each number an episode of its own, the same one every time', async () => {
  const { recorded } = await recordEpisodes(worker, job({ episodes: 3 }))
  const [second] = (await recordEpisodes(worker, job({ firstEpisode: 1 }))).recorded
  expect(bitsOf(second!.episode)).toEqual(bitsOf(recorded[1]!.episode))
  expect(new Set(recorded.map(({ episode }) => episode.actions[0])).size).toBe(3)
})

it('acts with the mean where that is asked for', async () => {
  const { recorded } = await recordEpisodes(worker, job({ episodes: 2, stochastic: false }))
  expect(bitsOf(recorded[0]!.episode)).toEqual(bitsOf(recorded[1]!.episode))
})

it('takes a random network where there is no initialisation', async () => {
  const random = { ...initialisation, theta: null, costCritic: null }
  const { recorded } = await recordEpisodes(worker, job({ initialisation: random, adaptationSteps: [0, 1] }))
  expect(recorded).toHaveLength(2)
  expect(recorded[0]!.episode.actions).not.toEqual(recorded[1]!.episode.actions)
})
