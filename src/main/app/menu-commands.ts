// Commands of the native menu and of notifications, on their way to the page, where its registry of commands runs them.

/** Ids under which the page registers what the menu offers. */
export type MenuCommandId =
  | 'go.new-run'
  | 'runs.open'
  | 'go.runs'
  | 'go.queue'
  | 'go.sql'
  | 'go.settings'
  | 'theme.light'
  | 'theme.dark'
  | 'theme.system'
  | 'palette.open'
  | 'shortcuts.show'
  | 'help.about'

export interface MenuCommand {
  readonly command: MenuCommandId
  /** Of `runs.open`: the id of the run. */
  readonly argument?: string
}

export interface MenuCommands {
  send(command: MenuCommand): void
  /** What is sent from now on, until the signal; the stream of the page. */
  follow(signal: AbortSignal): AsyncGenerator<MenuCommand, void>
}

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
