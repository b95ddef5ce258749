// Failures that no view handles: said once, in a message with a report to copy.
import type { App } from 'vue'
import { Disconnected } from '../api/connection.ts'
import { useToasts } from '../stores/toasts.ts'
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
export function handleProblems(app: App, version: () => string | undefined): void {
  const toasts = useToasts()

  function show(error: unknown): void {
    // The banner says it already.
    if (error instanceof Disconnected) return
    // What a page or a stream that is closing aborts is no failure.
    if (error instanceof DOMException && error.name === 'AbortError') return
    console.error(error)
    const report = reportHere(error, version())
    toasts.show({
      tone: 'alarm',
      text: 'Something failed',
      detail: messageOf(error),
      action: { label: 'Copy report', run: () => navigator.clipboard.writeText(report) },
    })
  }

  app.config.errorHandler = show
  window.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    show(event.reason)
  })
  window.addEventListener('error', (event) => {
    // A loop of resize observers is put off to the next frame by the browser: nothing is lost.
    if (event.message.startsWith('ResizeObserver loop')) return
    show(event.error ?? event.message)
  })
}
