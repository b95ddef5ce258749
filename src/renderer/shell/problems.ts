// Failures that no view handles: said once, in a message with a report to copy.
import type { App } from 'vue'
import type { Router } from 'vue-router'
import { Disconnected } from '../api/connection.ts'
import { useToasts } from '../stores/toasts.ts'
import { handleLoading } from './other-build.ts'
import { errorReport, messageOf } from './report.ts'

/** The report of a failure, with what is known about this page. */
export function reportHere(error: unknown, version: string | undefined): string {
  return errorReport(error, {
    route: window.location.hash.slice(1) || '/',
    version: version ?? 'of unknown version',
    userAgent: navigator.userAgent,
    time: new Date(),
  })
}

/** Handles what nobody else did: rejected promises, failed event handlers, failed loading of a screen. */
export function handleProblems(app: App, router: Router, version: () => string | undefined): void {
  const toasts = useToasts()
  const isSaid = handleLoading(router)
  const seen = new WeakSet<object>()

  async function show(error: unknown): Promise<void> {
    // A screen that does not load fails the navigation, and what has asked for it.
    if (error instanceof Error) {
      if (seen.has(error)) return
      seen.add(error)
    }
    // The banner says it already.
    if (error instanceof Disconnected) return
    // What a page or a stream that is closing aborts is no failure.
    if (error instanceof DOMException && error.name === 'AbortError') return
    if (await isSaid(error)) return
    console.error(error)
    const report = reportHere(error, version())
    toasts.show({
      tone: 'alarm',
      text: 'Something failed',
      detail: messageOf(error),
      action: { label: 'Copy report', run: () => navigator.clipboard.writeText(report) },
    })
  }

  // A link says nothing of a navigation that fails.
  router.onError((error) => void show(error))
  app.config.errorHandler = (error) => void show(error)
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    void show(event.reason)
  })
  window.addEventListener('error', (event) => {
    // A loop of resize observers is put off to the next frame by the browser: nothing is lost.
    if (event.message.startsWith('ResizeObserver loop')) return
    void show(event.error ?? event.message)
  })
}
