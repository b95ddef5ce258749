import type { JobRow } from '../../main/api/contract.ts'
import type { ToastTone } from '../stores/toasts.ts'

export interface News {
  readonly text: string
  readonly detail?: string
  readonly tone: ToastTone
}

/** What is said when a job has ended. */
export function newsOf({ name, state, reason }: JobRow): News {
  if (state === 'done') return { text: `${name} is complete`, tone: 'ok' }
  if (state === 'stopped') return { text: `${name} is stopped`, tone: 'plain' }
  return { text: `${name} failed`, tone: 'alarm', ...(reason === null ? {} : { detail: reason }) }
}
