/** A policy at work: its episode as it would pass before one's eyes. */
import { setTimeout as pause } from 'node:timers/promises'
import { SENSOR_VALUES } from '../../core/env/point-robot.ts'
import { VASE_VALUES, vaseCount, type Episode } from '../../core/episode/episode.ts'
import type { LiveEpisode } from '../api/contract/episodes.ts'
import type { Store } from '../store/store.ts'
import { unpackEpisode } from '../trainer/packed-episode.ts'
import { loadInitialisations } from './fine-tuning.ts'
import type { LiveTrainer } from './live-trainer.ts'

export interface LiveRequest {
  readonly checkpoint: string
  readonly task: number
  readonly stochastic: boolean
  /** Another number, another episode. */
  readonly episode: number
  /** 1: real time; null: as fast as it can be handed out. */
  readonly speed: number | null
}

const STEPS_PER_SECOND = 50
/** A chunk is at least so far from the next (ms). */
const CHUNK_MS = 100
const STEPS_AT_ONCE = 100

/**
 * The policy runs in a worker, which takes milliseconds for an episode of seconds: no step of it is waited for. Steps are
 * handed out at their own time.
 * Nothing is stored.
 */
export async function* liveEpisode(
  store: Store,
  trainer: LiveTrainer,
  request: LiveRequest,
  signal?: AbortSignal,
): AsyncGenerator<LiveEpisode, void, void> {
  const { id } = store.checkpoint(request.checkpoint)
  const { config } = store.readCheckpoint(id)
  const [start] = loadInitialisations(store, config, [{ label: 'policy', checkpoint: id }])
  const { task, stochastic, episode: number } = request
  const job = { task, adaptationSteps: [0], episodes: 1, firstEpisode: number, stochastic }
  const [recorded] = await trainer.record(config, start!.initialisation, job)
  if (signal?.aborted) return
  const episode = unpackEpisode(recorded!.bytes)
  const beginning = { ...episode, ...rowsOf(episode, 0, 0, true), terminated: false, truncated: false }
  yield { kind: 'start', episode: beginning, horizon: config.environment.horizon }
  const { speed } = request
  const startedAt = performance.now()
  for (let from = 0; from < episode.length;) {
    const count = speed === null ? STEPS_AT_ONCE : Math.max(1, Math.round((speed * STEPS_PER_SECOND * CHUNK_MS) / 1000))
    const to = Math.min(from + count, episode.length)
    if (speed !== null) {
      const due = startedAt + (to * 1000) / (speed * STEPS_PER_SECOND)
      if (!(await pausedUntil(due, signal))) return
    }
    if (signal?.aborted) return
    yield { kind: 'steps', from, steps: rowsOf(episode, from, to, false) }
    from = to
  }
  yield { kind: 'end', terminated: episode.terminated, truncated: episode.truncated }
}

/** Steps `from` to `to`; with the row of the state before them, if asked for. */
function rowsOf(episode: Episode, from: number, to: number, withStart: boolean) {
  const first = withStart ? from : from + 1
  const states = (values: Float64Array, width: number) => values.slice(first * width, (to + 1) * width)
  return {
    length: to - from,
    robot: states(episode.robot, 3),
    velocity: states(episode.velocity, 3),
    vases: states(episode.vases, vaseCount(episode) * VASE_VALUES),
    sensors: states(episode.sensors, SENSOR_VALUES),
    goal: states(episode.goal, 2),
    actions: episode.actions.slice(2 * from, 2 * to),
    rewards: episode.rewards.slice(from, to),
    costs: episode.costs.slice(from, to),
    costParts: episode.costParts.slice(from, to),
    goalReached: episode.goalReached.slice(from, to),
  }
}

/** Whether the time came before the signal. */
async function pausedUntil(due: number, signal: AbortSignal | undefined): Promise<boolean> {
  const milliseconds = due - performance.now()
  if (milliseconds <= 0) return signal?.aborted !== true
  try {
    await pause(milliseconds, undefined, signal ? { signal } : {})
    return true
  } catch {
    return false
  }
}
