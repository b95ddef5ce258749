import type { JobRequest } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { refusalOf, type Refusal } from './refusal.ts'

/** How far queueing came. */
export interface Launched {
  /** Jobs that are in the queue now. */
  readonly added: number
  /** Why the rest is not. */
  readonly refusal: Refusal | undefined
}

/**
 * Queues jobs. In front of others, the first goes first, since an idle machine begins with it at once; each of the rest
 * goes before those in front already, so from the last to the second.
 */
export async function launch(requests: readonly JobRequest[], front: boolean): Promise<Launched> {
  const order = front ? [...requests.slice(0, 1), ...requests.slice(1).toReversed()] : requests
  let added = 0
  for (const request of order) {
    try {
      await client.jobs.add({ request, front })
      added++
    } catch (error) {
      return { added, refusal: refusalOf(error) }
    }
  }
  return { added, refusal: undefined }
}
