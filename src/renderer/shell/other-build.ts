// A page that was opened before the program was updated asks for parts of itself that are no longer there.
import type { Router } from 'vue-router'
import { useToasts } from '../stores/toasts.ts'

/** The script that a page is started by, e.g. `./assets/index-B1x.js`; undefined where there is none. */
export const entryOf = (page: Document): string | undefined =>
  page.querySelector('script[type="module"][src]')?.getAttribute('src') ?? undefined

/** Whether the address of this page answers another build by now; false where that cannot be known. */
async function isOtherBuild(): Promise<boolean> {
  try {
    const answer = await fetch(window.location.pathname, { cache: 'no-store' })
    if (!answer.ok) return false
    const entry = entryOf(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    return entry !== undefined && entry !== entryOf(document)
  } catch {
    return false
  }
}

/**
 * Tells failures of loading a part of the page apart from all others, and offers to load the page anew where that helps.
 * Nothing is loaded anew by itself: what is being written on this page would be lost, and it could go on for ever.
 *
 * @returns whether it has said what is to be said about an error, or `false` where it is an error like others
 */
export function handleLoading(router: Router): (error: unknown) => Promise<boolean> {
  const toasts = useToasts()
  const failures = new WeakSet<object>()
  let offer: number | undefined
  /** Where the reader wanted to go. */
  let target = ''

  window.addEventListener('vite:preloadError', ({ payload }) => failures.add(payload))
  router.onError((error, to) => {
    if (failures.has(error as object)) target = router.resolve(to).href
  })

  function reload(): void {
    if (target !== '') window.location.hash = target
    window.location.reload()
  }

  return async (error) => {
    if (!(error instanceof Error) || !failures.has(error) || !(await isOtherBuild())) return false
    if (toasts.toasts.some(({ id }) => id === offer)) return true
    offer = toasts.show({
      tone: 'warn',
      text: 'C-MAML Studio was updated',
      detail: 'This page is of the version before. Load it again to go on; runs are not touched by it.',
      action: { label: 'Reload', run: reload },
      seconds: Infinity,
    })
    return true
  }
}
