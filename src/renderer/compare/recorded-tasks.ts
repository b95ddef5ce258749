/** Of which tasks of a comparison there is something to play. */
import { shallowRef, watch, type ShallowRef } from 'vue'
import { client } from '../api/client.ts'

/** undefined: not known, and so nothing is said about it. */
export function useRecordedTasks(
  runs: () => readonly string[],
  wanted: () => boolean = () => true,
): Readonly<ShallowRef<ReadonlySet<number> | undefined>> {
  const recorded = shallowRef<ReadonlySet<number>>()
  let turn = 0
  watch(
    [() => runs().join(), wanted],
    async () => {
      const mine = ++turn
      recorded.value = undefined
      if (!wanted() || runs().length === 0) return
      const answer = await client.episodes.figure9({ runs: [...runs()], task: null }).catch(() => undefined)
      if (mine === turn && answer !== undefined) recorded.value = new Set(answer.recordedTasks)
    },
    { immediate: true },
  )
  return recorded
}
