import type { IconName } from './icon-paths.ts'

/** One line of a menu. */
export interface Action {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  /** Shown beside it; the shortcut itself is declared with the command. */
  readonly keys?: string
  readonly danger?: boolean
  readonly disabled?: boolean
  /** Why it is disabled. */
  readonly why?: string
  /** Of a line that is on or off. */
  readonly checked?: boolean
  readonly run: () => unknown
}

export type MenuEntry = Action | 'separator'
