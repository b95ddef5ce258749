// The page's own scheme. A file: page could read every file of the user; this one reads the built renderer and no more.
import { protocol } from 'electron'
import { readPage, SECURITY_HEADERS } from '../api/pages.ts'

const SCHEME = 'app'

/** Origin of the interface in the desktop app. */
export const APP_ORIGIN = `${SCHEME}://studio`

/** To be called before the app is ready: makes the scheme behave like https (origins, secure context, fetch). */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function handleAppScheme(rendererFolder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url)
    const known = request.method === 'GET' && host === new URL(APP_ORIGIN).host
    const page = known ? await readPage(rendererFolder, pathname) : undefined
    if (page === undefined) return new Response('No such page.', { status: 404, headers: { ...SECURITY_HEADERS } })
    return new Response(page.body, { headers: { ...page.headers } })
  })
}
