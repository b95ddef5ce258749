import type { Router } from 'vue-router'

/**
 * The router hears no address before its first screen has loaded, and then puts that screen's address in the place of
 * whatever was entered meanwhile. This goes where it was meant to go.
 */
export function followEarlyAddress(router: Router, page: Window = window): void {
  let entered: string | undefined
  const note = ({ newURL }: HashChangeEvent) => {
    entered = new URL(newURL).hash.slice(1)
  }
  page.addEventListener('hashchange', note)
  void router.isReady().then(() =>
    // What was entered last is told in a task of its own.
    page.setTimeout(() => {
      page.removeEventListener('hashchange', note)
      if (entered !== undefined && entered !== router.currentRoute.value.fullPath) void router.replace(entered)
    }),
  )
}
