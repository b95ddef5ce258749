import { defineStore } from 'pinia'
import { computed, getCurrentScope, onScopeDispose, ref, shallowRef } from 'vue'

/** Something that can be done from the palette, by a shortcut and from the native menu. */
export interface Command {
  /** Unique; `runs.delete`. */
  readonly id: string
  /** An imperative: `Delete the selected runs`. */
  readonly title: string
  /** The heading it stands under in the palette and the shortcut overview. */
  readonly group: string
  /** `mod+k`, `g r`: see shell/keys.ts. */
  readonly keys?: string
  /** Another shortcut of the same. */
  readonly alsoKeys?: string
  /** Whether it goes on while its keys are held. */
  readonly repeats?: boolean
  /** Further words that find it. */
  readonly words?: string
  /** Whether it can be done now; asked whenever it matters. */
  readonly when?: () => boolean
  readonly run: () => unknown
}

const RECENT_KEY = 'recent-commands'
const RECENT_LIMIT = 20

/** Every command of the frame and of the views that are open. */
export const useCommands = defineStore('commands', () => {
  const registered = shallowRef<readonly Command[]>([])
  const recent = ref<readonly string[]>(readRecent())
  const paletteOpen = ref(false)
  const overviewOpen = ref(false)

  /** Those that can be done now. */
  const available = computed(() => registered.value.filter(isAvailable))

  /** Adds commands; they go when the component that added them goes, or by the function that is returned. */
  function register(...commands: readonly Command[]): () => void {
    for (const { id } of commands) {
      if (registered.value.some((command) => command.id === id)) throw new Error(`There are two commands ${id}.`)
    }
    registered.value = [...registered.value, ...commands]
    const remove = () => {
      registered.value = registered.value.filter((command) => !commands.includes(command))
    }
    if (getCurrentScope() !== undefined) onScopeDispose(remove)
    return remove
  }

  /** Runs the command of that id, if it can be done now; answers whether it could. */
  function run(id: string): boolean {
    const command = registered.value.find((one) => one.id === id)
    if (command === undefined || !isAvailable(command)) return false
    recent.value = [id, ...recent.value.filter((other) => other !== id)].slice(0, RECENT_LIMIT)
    writeRecent(recent.value)
    void command.run()
    return true
  }

  return { registered, available, recent, paletteOpen, overviewOpen, register, run }
})

const isAvailable = ({ when }: Command): boolean => when?.() ?? true

function readRecent(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(globalThis.localStorage?.getItem(RECENT_KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** A convenience only: where the browser keeps nothing, nothing is recent next time. */
function writeRecent(ids: readonly string[]): void {
  try {
    globalThis.localStorage?.setItem(RECENT_KEY, JSON.stringify(ids))
  } catch {
    return
  }
}
