import type { JobRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { messageOf } from '../shell/report.ts'
import { useActivity } from '../stores/activity.ts'
import { useToasts } from '../stores/toasts.ts'

/**
 * Removes a waiting job, with time to undo it: meanwhile it is out of sight and has the last turn, so that nothing
 * begins with it. Whoever leaves the page in that time meant it.
 */
export async function removeWithUndo({ id, name }: JobRow): Promise<void> {
  const activity = useActivity()
  const toasts = useToasts()
  const order = activity.waiting.map((other) => other.id)
  const later = order.slice(order.indexOf(id) + 1)

  const remove = () => client.jobs.remove({ id })
  // The best that a page that is closing can do.
  const onLeave = () => void remove()

  async function finish(): Promise<void> {
    window.removeEventListener('pagehide', onLeave)
    try {
      await remove()
    } catch (error) {
      activity.reveal(id)
      toasts.show({ tone: 'alarm', text: `${name} is not removed`, detail: messageOf(error) })
    }
  }

  function undo(): Promise<void> {
    window.removeEventListener('pagehide', onLeave)
    activity.reveal(id)
    const next = later.find((other) => activity.waiting.some((job) => job.id === other))
    return activity.move(id, next ?? null)
  }

  window.addEventListener('pagehide', onLeave)
  activity.hide(id)
  toasts.show({
    text: `${name} is removed from the queue`,
    action: { label: 'Undo', run: undo },
    onExpire: finish,
  })
  await activity.move(id, null)
}
