import { useLocalStorage, usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watch } from 'vue'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** The theme that was chosen, and the one that shows. */
export const useTheme = defineStore('theme', () => {
  const stored = useLocalStorage<string>('theme', 'system')
  const systemDark = usePreferredDark()

  const choice = computed<Theme>({
    get: () => THEMES.find((theme) => theme === stored.value) ?? 'system',
    set: (theme) => {
      stored.value = theme
    },
  })
  const shown = computed<'light' | 'dark'>(() => {
    if (choice.value !== 'system') return choice.value
    return systemDark.value ? 'dark' : 'light'
  })

  // Synchronously: who watches `shown` to read colours from the page finds the new ones.
  watch(
    choice,
    (theme) => {
      const root = document.documentElement
      if (theme === 'system') delete root.dataset['theme']
      else root.dataset['theme'] = theme
    },
    { immediate: true, flush: 'sync' },
  )

  return { choice, shown }
})
