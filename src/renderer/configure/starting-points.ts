// What a draft can begin with, and what the address of the screen says it shall begin with.
import { onMounted, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { PresetRow, StudyRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { messageOf } from '../shell/report.ts'
import { useDraft } from '../stores/draft.ts'
import { useToasts } from '../stores/toasts.ts'
import { fromPreset, fromRun, TABS, type Draft, type Tab } from './draft.ts'
import { ofCheckpoint, ofImported, type FineTuningDraft } from './fine-tuning-draft.ts'

/**
 * Reads presets and studies, and begins the draft that the address asks for: `?preset=NAME`, `?from=RUN` (a run once
 * more), `?run=RUN` with `&checkpoint=ID` (its fine-tuning) or `?imported=ID` (of a checkpoint without its run). Once it
 * has, the address forgets them.
 */
export function useStartingPoints() {
  const store = useDraft()
  const toasts = useToasts()
  const route = useRoute()
  const router = useRouter()

  const presets = shallowRef<readonly PresetRow[]>()
  const studies = shallowRef<readonly StudyRow[]>()
  const failure = ref<string>()
  /** A draft that is asked for is still being read: the form of another one must not be edited, nor started. */
  const beginning = ref(asksForDraft())

  function asksForDraft(): boolean {
    return ['preset', 'from', 'run', 'imported'].some((key) => key in route.query)
  }

  async function load(): Promise<void> {
    failure.value = undefined
    beginning.value = asksForDraft()
    try {
      ;[presets.value, studies.value] = await Promise.all([client.app.presets(), client.app.studies()])
      await startFromAddress()
    } catch (error) {
      failure.value = messageOf(error)
    } finally {
      beginning.value = false
    }
  }

  async function startFromAddress(): Promise<void> {
    const { preset, from, run, checkpoint, imported, tab } = route.query
    if (typeof preset === 'string') {
      const found = presets.value?.find(({ name }) => name === preset)
      if (found) begin(fromPreset(store.draft, found))
      else toasts.show({ tone: 'alarm', text: `There is no preset ${preset}` })
    }
    if (typeof from === 'string') await attempt('The run cannot be duplicated', () => beginFromRun(from))
    if (typeof run === 'string')
      await attempt('The run cannot be fine-tuned', () =>
        beginFineTuning(run, typeof checkpoint === 'string' ? checkpoint : undefined),
      )
    if (typeof imported === 'string')
      await attempt('The checkpoint cannot be fine-tuned', () => beginFromImported(imported))
    if (typeof tab === 'string' && Object.hasOwn(TABS, tab)) store.change({ ...store.draft, tab: tab as Tab })
    if (Object.keys(route.query).length > 0) await router.replace({ path: route.path, query: {} })
  }

  async function attempt(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      toasts.show({ tone: 'alarm', text: what, detail: messageOf(error) })
    }
  }

  const beginFromRun = async (run: string) => begin(fromRun(store.draft, await client.runs.detail({ run })))

  async function beginFineTuning(run: string, checkpoint: string | undefined): Promise<void> {
    showFineTuning(ofCheckpoint(store.draft.fineTuning, await client.runs.detail({ run }), checkpoint))
  }

  async function beginFromImported(id: string): Promise<void> {
    const point = (await client.checkpoints.imported()).find((one) => one.id === id)
    if (point === undefined) throw new Error('It is not there any more.')
    showFineTuning(ofImported(store.draft.fineTuning, point))
  }

  /** Only the checkpoint is another: the protocol that was being written is for it too. */
  const showFineTuning = (fineTuning: FineTuningDraft) =>
    store.change({ ...store.draft, tab: 'fine-tuning', fineTuning })

  function begin(draft: Draft): void {
    const { hasUnstarted } = store
    store.change(draft)
    if (hasUnstarted)
      toasts.show({ text: 'The changes you were making were put aside', action: { label: 'Undo', run: store.undo } })
  }

  onMounted(load)
  watch(
    () => route.query,
    async () => {
      if (presets.value && Object.keys(route.query).length > 0) await load()
    },
  )

  return { presets, studies, failure, beginning, load }
}
