import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

export interface Question {
  readonly title: string
  /** What will happen, and whether it can be undone. */
  readonly text: string
  /** The verb of the button that does it: `Delete 3 runs`. */
  readonly confirm: string
  readonly cancel?: string
  readonly danger?: boolean
  /** Whether there is nothing left to decide: the question closes then, as one that is cancelled. */
  readonly isMoot?: () => boolean
}

/** Questions that wait for a yes or no, one at a time. */
export const useDialogs = defineStore('dialogs', () => {
  const waiting = ref<readonly { question: Question; answer: (yes: boolean) => void }[]>([])
  const current = computed(() => waiting.value[0]?.question)

  /** Asks; resolves to true where it was confirmed, to false where it was cancelled or closed. */
  function confirm(question: Question): Promise<boolean> {
    return new Promise((answer) => {
      waiting.value = [...waiting.value, { question, answer }]
    })
  }

  function answer(yes: boolean): void {
    const [first, ...others] = waiting.value
    waiting.value = others
    first?.answer(yes)
  }

  watch(
    () => waiting.value.filter(({ question }) => question.isMoot?.()),
    (moot) => {
      if (moot.length === 0) return
      waiting.value = waiting.value.filter((one) => !moot.includes(one))
      for (const { answer } of moot) answer(false)
    },
    // Before anybody can say yes to it.
    { flush: 'sync' },
  )

  return { current, confirm, answer }
})
