import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { useActivity } from '../stores/activity.ts'
import { usePreferences } from '../stores/preferences.ts'
import { useToasts } from '../stores/toasts.ts'
import { placeOf } from './jobs.ts'
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
    // The queue has what an interrupted job needs to go on.
    const place = router.resolve((job.state === 'interrupted' ? null : placeOf(job)) ?? '/queue')
    const isHere = router.currentRoute.value.fullPath === place.fullPath
    const isSeen = job.state !== 'failed' && isHere && document.visibilityState === 'visible'
    const open = () => router.push(place)
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
