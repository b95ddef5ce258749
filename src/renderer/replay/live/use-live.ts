import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { Episode } from '../../../core/episode/episode.ts'
import { appendSteps } from '../../../core/episode/growing.ts'
import type { LiveEpisode } from '../../../main/api/contract.ts'
import { client } from '../../api/client.ts'
import { messageOf } from '../../shell/report.ts'

export interface LiveRequest {
  readonly checkpoint: string
  readonly task: number
  readonly stochastic: boolean
  /** Another number, another episode. */
  readonly episode: number
}

export interface Live {
  /** Steps that the episode may get. */
  readonly horizon: Readonly<ShallowRef<number>>
  readonly episode: Readonly<ShallowRef<Episode | undefined>>
  readonly state: Readonly<ShallowRef<'idle' | 'starting' | 'running' | 'ended' | 'failed'>>
  /** Why it failed. */
  readonly problem: Readonly<ShallowRef<string | undefined>>
  /** Begins anew; what ran before is left. */
  start(request: LiveRequest): Promise<void>
  stop(): void
}

/** A policy at work, in real time. It is stopped with the component that began it. */
export function useLive(): Live {
  const horizon = shallowRef(0)
  const episode = shallowRef<Episode>()
  const state = shallowRef<'idle' | 'starting' | 'running' | 'ended' | 'failed'>('idle')
  const problem = shallowRef<string>()
  let abort = new AbortController()

  function take(news: LiveEpisode): void {
    switch (news.kind) {
      case 'start':
        episode.value = news.episode
        horizon.value = news.horizon
        state.value = 'running'
        return
      case 'steps':
        if (episode.value !== undefined) episode.value = appendSteps(episode.value, news.steps)
        return
      case 'end':
        if (episode.value !== undefined)
          episode.value = { ...episode.value, terminated: news.terminated, truncated: news.truncated }
        state.value = 'ended'
    }
  }

  async function start(request: LiveRequest): Promise<void> {
    abort.abort()
    const { signal } = (abort = new AbortController())
    state.value = 'starting'
    problem.value = undefined
    try {
      for await (const news of await client.episodes.live({ ...request, speed: 1 }, { signal })) {
        if (signal.aborted) return
        take(news)
      }
    } catch (error) {
      if (signal.aborted) return
      state.value = 'failed'
      problem.value = messageOf(error)
    }
  }

  function stop(): void {
    abort.abort()
    if (state.value === 'running' || state.value === 'starting') state.value = 'ended'
  }

  onScopeDispose(stop)
  return { horizon, episode, state, problem, start, stop }
}
