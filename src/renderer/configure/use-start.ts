import { computed, ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { JobRequest } from '../../main/api/contract.ts'
import { queuedWords } from '../queue/news.ts'
import { useActivity } from '../stores/activity.ts'
import { useCommands } from '../stores/commands.ts'
import { useDraft } from '../stores/draft.ts'
import { useToasts } from '../stores/toasts.ts'
import type { Draft } from './draft.ts'
import { launch } from './launch.ts'

/** Starting what is configured, at once or behind what waits: by buttons and by keys. */
export function useStart(requests: Readonly<Ref<readonly JobRequest[]>>) {
  const store = useDraft()
  const toasts = useToasts()
  const router = useRouter()
  /** Where it is being put. */
  const starting = ref<'front' | 'queue'>()
  const canStart = computed(() => requests.value.length > 0 && starting.value === undefined)

  async function start(front: boolean): Promise<void> {
    if (!canStart.value) return
    const { draft } = store
    const count = requests.value.length
    starting.value = front ? 'front' : 'queue'
    const { paused, running, waiting } = useActivity()
    const { added, refusal } = await launch(requests.value, front)
    starting.value = undefined
    if (refusal === undefined) store.noteStarted(draft)
    // What is told then is told on the screen that stays.
    if (added > 0 && front) await router.push('/queue')
    if (refusal && 'problems' in refusal) store.refuse(draft, refusal.problems)
    if (refusal)
      toasts.show({
        tone: 'alarm',
        text: count === 1 ? 'It could not be started' : `${added} of ${count} runs are queued, the others are not`,
        detail: 'message' in refusal ? refusal.message : refusal.problems.map(({ message }) => message).join('\n'),
      })
    else {
      const what = count === 1 ? nameOf(draft) : `${count} runs`
      toasts.show({ tone: 'ok', text: queuedWords(what, count, front, { paused, running, waiting }) })
    }
  }

  useCommands().register(
    {
      ...{ id: 'new-run.start', title: 'Start now', group: 'New run', keys: 'mod+enter' },
      when: () => canStart.value,
      run: () => start(true),
    },
    {
      ...{ id: 'new-run.queue', title: 'Add to queue', group: 'New run', keys: 'mod+shift+enter' },
      when: () => canStart.value,
      run: () => start(false),
    },
  )

  return { starting, canStart, start }
}

function nameOf({ tab, name, study, fineTuning }: Draft): string {
  return { run: name.trim(), study: study.study, 'fine-tuning': fineTuning.name.trim() }[tab]
}
