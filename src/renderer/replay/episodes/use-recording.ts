import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { RecordRequest } from '../../../main/api/contract.ts'
import { client } from '../../api/client.ts'
import { messageOf } from '../../shell/report.ts'

export type RecordingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'recording'; readonly done: number; readonly total: number; readonly ids: readonly number[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly ids: readonly number[] }

export interface Recording {
  readonly state: Readonly<ShallowRef<RecordingState>>
  /** Resolves with the ids of what was recorded, be it stopped or failed before the end. */
  start(request: RecordRequest): Promise<readonly number[]>
  stop(): void
}

/** One recording at a time; it is stopped with the component that began it. */
export function useRecording(): Recording {
  const state = shallowRef<RecordingState>({ kind: 'idle' })
  let abort = new AbortController()

  async function start(request: RecordRequest): Promise<readonly number[]> {
    abort = new AbortController()
    const { signal } = abort
    const ids: number[] = []
    state.value = { kind: 'recording', done: 0, total: 0, ids }
    try {
      for await (const progress of await client.episodes.record(request, { signal })) {
        ids.push(...progress.ids)
        if (signal.aborted) break
        state.value = { kind: 'recording', done: progress.done, total: progress.total, ids: [...ids] }
      }
      state.value = { kind: 'idle' }
    } catch (error) {
      state.value = signal.aborted ? { kind: 'idle' } : { kind: 'failed', reason: messageOf(error), ids }
    }
    return ids
  }

  const stop = () => abort.abort()
  onScopeDispose(stop)
  return { state, start, stop }
}
