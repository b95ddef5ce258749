// Which runs have words in their notes. The machine answers: a list of runs does not carry notes, which may be long.
import { useThrottleFn } from '@vueuse/core'
import { computed, shallowReactive, watch, type Ref } from 'vue'
import type { NotesHave } from '../../core/runs/match.ts'
import type { RunRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'

export interface NotedRuns {
  /** false too while it is being asked for. */
  readonly have: NotesHave
  readonly isReading: (text: string) => boolean
}

/** As many texts as the machine answers at once; nobody writes more words into a filter. */
const MOST = 20
/** Runs in progress change all the time, their notes hardly ever (ms). */
const ASK_AGAIN_MS = 1000

/** @param texts that are looked for now, in small letters */
export function useNotedRuns(texts: Ref<readonly string[]>, runs: Ref<readonly RunRow[]>): NotedRuns {
  const found = shallowReactive(new Map<string, ReadonlySet<string>>())
  const noted = computed((before: readonly RunRow[] = []): readonly RunRow[] => {
    const now = runs.value.filter(({ hasNotes }) => hasNotes)
    return now.length === before.length && now.every((run, index) => run === before[index]) ? before : now
  })
  const wanted = computed(() => texts.value.slice(0, MOST))
  /** Answers to an older question than the newest are dropped: the notes may have changed between them. */
  let question = 0

  async function read(asked: readonly string[]): Promise<void> {
    if (asked.length === 0) return
    const mine = ++question
    const answers = noted.value.length === 0 ? asked.map(() => []) : await client.runs.noting({ texts: [...asked] })
    if (mine !== question) return
    for (const known of found.keys()) if (!wanted.value.includes(known)) found.delete(known)
    asked.forEach((text, index) => found.set(text, new Set(answers[index])))
  }

  watch(wanted, (now) => void read(now), { immediate: true })
  // Any of their changes may be one of the notes.
  watch(
    noted,
    useThrottleFn(() => void read(wanted.value), ASK_AGAIN_MS, true),
  )

  return {
    have: (run, text) => found.get(text)?.has(run.id) ?? false,
    isReading: (text) => wanted.value.includes(text) && !found.has(text),
  }
}
