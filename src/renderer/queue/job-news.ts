import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import type { JobRow } from '../../main/api/contract.ts'
import { useActivity } from '../stores/activity.ts'
import { usePreferences } from '../stores/preferences.ts'
import { useToasts, type ToastTone } from '../stores/toasts.ts'
import { runPath } from './jobs.ts'

interface News {
  readonly text: string
  readonly detail?: string
  readonly tone: ToastTone
}

/** Follows the queue while the frame lives, and tells when a job ends, wherever the reader is. */
export function useJobNews(): void {
  const activity = useActivity()
  const preferences = usePreferences()
  const toasts = useToasts()
  const router = useRouter()
  const stop = new AbortController()

  const ignore = activity.onEnded((job) => {
    const news = newsOf(job)
    const open = () => router.push(job.run === null ? '/queue' : runPath(job.run))
    toasts.show({ ...news, action: { label: 'Open', run: open } })
    // Whoever stopped it knows. In the desktop app, the app itself notifies.
    if (job.state !== 'stopped' && preferences.notifiesHere && document.visibilityState === 'hidden') {
      const notification = new Notification(news.text, { body: news.detail ?? '', tag: job.id })
      notification.addEventListener('click', () => {
        window.focus()
        notification.close()
        void open()
      })
    }
  })
  onScopeDispose(() => {
    ignore()
    stop.abort()
  })
  void activity.watchQueue(stop.signal)
}

export function newsOf({ name, state, reason }: JobRow): News {
  if (state === 'done') return { text: `${name} is complete`, tone: 'ok' }
  if (state === 'stopped') return { text: `${name} is stopped`, tone: 'plain' }
  return { text: `${name} failed`, tone: 'alarm', ...(reason === null ? {} : { detail: reason }) }
}
