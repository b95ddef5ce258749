// Commands of the native menu and of notifications, which the page runs.

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
