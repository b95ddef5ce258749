// Desktop notifications of jobs that end while nobody looks.
import { Notification } from 'electron'
import type { EndedJob } from './close-dialog.ts'

export interface Notifier {
  jobEnded(job: EndedJob): void
}

export interface NotifierOptions {
  /** Whether the person wants notifications. */
  readonly wanted: () => boolean
  /** Whether the person sees the window anyway. */
  readonly watching: () => boolean
  /** After a click. */
  readonly open: (run: string | null) => void
}

export function desktopNotifier({ wanted, watching, open }: NotifierOptions): Notifier {
  // Without a reference the garbage collector takes the click handler along.
  const shown = new Set<Notification>()
  return {
    jobEnded(job) {
      // Who stopped it knows.
      if (job.how === 'stopped' || !wanted() || watching() || !Notification.isSupported()) return
      const notification = new Notification(words(job))
      shown.add(notification)
      notification.on('click', () => open(job.run))
      notification.on('close', () => shown.delete(notification))
      notification.show()
    },
  }
}

function words({ name, how, reason }: EndedJob): { title: string; body: string } {
  return how === 'done'
    ? { title: `${name} is complete`, body: 'Open it to see its results.' }
    : { title: `${name} failed`, body: reason ?? 'Open it to see what happened.' }
}
