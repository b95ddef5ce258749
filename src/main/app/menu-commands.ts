// Commands of the native menu and of notifications, on their way to the page, where its registry of commands runs them.
import type { MenuCommand, MenuCommands } from '../api/menu-commands.ts'

export function createMenuCommands(): MenuCommands {
  const followers = new Set<(command: MenuCommand) => void>()
  // A click that opens the window comes before the page listens.
  let unheard: MenuCommand | undefined
  return {
    send(command) {
      if (followers.size === 0) unheard = command
      for (const hear of followers) hear(command)
    },
    async *follow(signal) {
      const waiting = unheard === undefined ? [] : [unheard]
      unheard = undefined
      let wake = () => {}
      const hear = (command: MenuCommand) => {
        waiting.push(command)
        wake()
      }
      const end = () => wake()
      followers.add(hear)
      signal.addEventListener('abort', end)
      try {
        while (!signal.aborted) {
          const next = waiting.shift()
          if (next === undefined) await new Promise<void>((resolve) => (wake = resolve))
          else yield next
        }
      } finally {
        followers.delete(hear)
        signal.removeEventListener('abort', end)
      }
    },
  }
}
