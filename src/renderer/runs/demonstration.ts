// The demonstration project beside runs of one's own: it comes and goes whenever it is wanted.
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { RunRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { useRuns } from '../stores/runs.ts'
import { useToasts } from '../stores/toasts.ts'
import { attempt, deleteRuns } from './changes.ts'

/** What its runs and comparisons are marked with. */
const SOURCE = 'demonstration'

export const demonstrationRuns = (rows: readonly RunRow[]): RunRow[] => rows.filter(({ source }) => source === SOURCE)

export interface Demonstration {
  /** Whether the program came with it and it is not open. */
  readonly canOpen: ComputedRef<boolean>
  readonly canRemove: ComputedRef<boolean>
  readonly opening: Ref<boolean>
  open(): Promise<void>
  remove(): Promise<void>
}

export function useDemonstration(): Demonstration {
  const runs = useRuns()
  const opening = ref(false)
  const present = computed(() => demonstrationRuns(runs.rows))
  return {
    canOpen: computed(() => runs.info?.hasDemonstration === true && present.value.length === 0),
    canRemove: computed(() => present.value.length > 0),
    opening,
    async open() {
      if (opening.value) return
      opening.value = true
      const toasts = useToasts()
      // From the palette no button shows that it is at work.
      const busy = toasts.show({ text: 'Opening the demonstration project …', seconds: Infinity })
      const done = await attempt('open the demonstration project', () => client.demonstration.open())
      opening.value = false
      toasts.close(busy)
      if (done) toasts.show({ tone: 'ok', text: 'Opened the demonstration project' })
    },
    async remove() {
      await attempt('remove the demonstration project', async () => {
        const kept = await client.comparisons.list()
        const comparisons = kept.filter(({ source }) => source === SOURCE).map(({ id }) => id)
        await deleteRuns(present.value, { comparisons, what: 'the demonstration project' })
      })
    },
  }
}
