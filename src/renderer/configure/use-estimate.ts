import { watchDebounced } from '@vueuse/core'
import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { Estimate, JobRequest } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { refusalOf, type Refusal } from './refusal.ts'

/** What jobs will cost together; runs of one draft differ in their seeds alone, so that the first tells of all. */
export function useEstimate(requests: Ref<readonly JobRequest[]>) {
  const estimate = shallowRef<Estimate>()
  const refusal = shallowRef<Refusal>()
  let asking: AbortController | undefined

  async function ask([first, ...others]: readonly JobRequest[]): Promise<void> {
    asking?.abort()
    if (!first) {
      estimate.value = refusal.value = undefined
      return
    }
    const { signal } = (asking = new AbortController())
    try {
      const one = await client.jobs.estimate({ request: first }, { signal })
      if (signal.aborted) return
      estimate.value = times(one, others.length + 1)
      refusal.value = undefined
    } catch (error) {
      if (signal.aborted) return
      estimate.value = undefined
      refusal.value = refusalOf(error)
    }
  }

  watchDebounced(requests, ask, { debounce: 250, immediate: true })
  onScopeDispose(() => asking?.abort())
  return { estimate, refusal }
}

const times = (one: Estimate, runs: number): Estimate => ({
  ...one,
  envSteps: one.envSteps * runs,
  seconds: one.seconds === null ? null : one.seconds * runs,
  bytes: one.bytes * runs,
})
