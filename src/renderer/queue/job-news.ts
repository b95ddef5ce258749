import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { useActivity } from '../stores/activity.ts'
import { usePreferences } from '../stores/preferences.ts'
import { useToasts } from '../stores/toasts.ts'
import { runPath } from './jobs.ts'
import { newsOf } from './news.ts'

/** Follows the queue while the frame lives, and tells when a job ends, wherever the reader is. */
export function useJobNews(): void {
  const activity = useActivity()
  const preferences = usePreferences()
  const toasts = useToasts()
  const router = useRouter()
  const stop = new AbortController()

  const ignore = activity.onEnded((job) => {
    const news = newsOf(job)
    // Who has the run before them sees it end.
    const path = job.run === null ? '/queue' : runPath(job.run)
    const isSeen =
      job.state !== 'failed' && router.currentRoute.value.path === path && document.visibilityState === 'visible'
    const open = () => router.push(path)
    if (!isSeen) toasts.show({ ...news, action: { label: 'Open', run: open } })
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
