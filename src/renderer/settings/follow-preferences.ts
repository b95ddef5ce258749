import { watch } from 'vue'
import { connection } from '../api/client.ts'
import { usePreferences } from '../stores/preferences.ts'
import { useTheme } from '../stores/theme.ts'

/** Reads the preferences whenever the machine can be asked again, and keeps the theme and its preference the same. */
export function useFollowedPreferences(): void {
  const store = usePreferences()
  const theme = useTheme()

  watch(
    () => connection.value.status,
    (status) => {
      if (status === 'online') void store.load()
    },
    { immediate: true },
  )
  watch(
    () => store.preferences?.theme,
    (preferred) => {
      if (preferred !== undefined) theme.choice = preferred
    },
  )
  watch(
    () => theme.choice,
    (choice) => {
      if (store.preferences !== undefined && store.preferences.theme !== choice) void store.change({ theme: choice })
    },
  )
}
