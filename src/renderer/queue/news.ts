import type { JobRow } from '../../main/api/contract.ts'
import type { ToastTone } from '../stores/toasts.ts'

export interface News {
  readonly text: string
  readonly detail?: string
  readonly tone: ToastTone
}

/** The queue before something is put into it. */
export interface QueueStanding {
  readonly paused: boolean
  readonly running: readonly Pick<JobRow, 'name'>[]
  readonly waiting: readonly Pick<JobRow, 'name'>[]
}

/**
 * What is said of jobs that were put into the queue.
 *
 * @param what their name, or how many they are
 * @param front whether before all that waits
 * @param begun what becomes of one whose turn it is at once
 */
export function queuedWords(
  what: string,
  count: number,
  front: boolean,
  { paused, running: [atWork], waiting }: QueueStanding,
  begun = 'started',
): string {
  if (paused) return `${what}: in the queue, which is paused`
  if (front && atWork !== undefined) return `${what}: next in the queue, after ${atWork.name}`
  if (atWork !== undefined || (!front && waiting.length > 0)) return `${what}: in the queue`
  return count === 1 ? `${what}: ${begun}` : `${what}: the first ${begun}, the others in the queue`
}

/** What the button is called that puts work before all that waits, and when that and the last in the queue have their turn. */
export function turnWords({ paused, running: [atWork], waiting }: QueueStanding): { front: string; about?: string } {
  const before = waiting.length === 0 ? '' : waiting.length === 1 ? waiting[0]!.name : `${waiting.length} that wait`
  if (paused) return { front: 'Put first', about: 'The queue is paused: nothing begins until it goes on.' }
  if (atWork === undefined)
    return { front: 'Start now', ...(before === '' ? {} : { about: `Add to queue: after ${before}.` }) }
  const last = before === '' ? '' : ` Add to queue: after ${before} too.`
  return { front: 'Start next', about: `${atWork.name} is at work. Start next: after it.${last}` }
}

/** What is said when a job has ended. */
export function newsOf({ name, state, reason }: JobRow): News {
  if (state === 'done') return { text: `${name} is complete`, tone: 'ok' }
  if (state === 'stopped') return { text: `${name} is stopped`, tone: 'plain' }
  if (state === 'interrupted')
    return { text: `${name} was interrupted`, tone: 'warn', ...(reason === null ? {} : { detail: reason }) }
  return { text: `${name} failed`, tone: 'alarm', ...(reason === null ? {} : { detail: reason }) }
}
