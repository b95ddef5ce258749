import { usePermission } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppInfo, Preferences } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { messageOf } from '../shell/report.ts'
import { useToasts } from './toasts.ts'

/** What the person prefers, kept by the program. A change applies at once; where it cannot be kept, it is taken back. */
export const usePreferences = defineStore('preferences', () => {
  const toasts = useToasts()
  const preferences = shallowRef<Preferences>()
  const info = shallowRef<AppInfo>()
  /** Of this page, in a browser. */
  const permission = usePermission('notifications')

  const notifiesHere = computed(
    () => preferences.value?.notifications === true && info.value?.host === 'browser' && permission.value === 'granted',
  )

  /** Counts the changes that begin or end: what was read before one of them says nothing about it. */
  let turns = 0

  async function load(): Promise<void> {
    const asked = turns
    const [read, about] = await Promise.all([client.app.preferences(), client.app.info()])
    info.value = about
    if (asked === turns) preferences.value = read
  }

  /** Answers whether it is kept. */
  async function change(changes: Partial<Preferences>): Promise<boolean> {
    const before = preferences.value
    if (before === undefined) return false
    const shown = { ...before, ...changes }
    preferences.value = shown
    turns++
    try {
      const kept = await client.app.setPreferences(changes)
      if (preferences.value === shown) preferences.value = kept
      return true
    } catch (error) {
      if (preferences.value === shown) preferences.value = before
      toasts.show({ tone: 'alarm', text: 'The setting is not saved', detail: messageOf(error) })
      return false
    } finally {
      turns++
    }
  }

  return { preferences, info, permission, notifiesHere, load, change }
})
