// What no page of this app may do: leave, open windows, embed pages, use the network, ask for devices.
import { app, session, type Session, type WebContents } from 'electron'
import { APP_ORIGIN } from './protocol.ts'

/** Schemes of what the app itself makes; `devtools` are Chromium's own pages. */
const OWN_SCHEMES = ['app:', 'blob:', 'data:', 'devtools:']

/** All that a page of ours needs of the browser: to copy text, and to show one chart on the whole screen. */
const PERMISSIONS = ['clipboard-sanitized-write', 'fullscreen']

export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => confineContents(contents))
  confineSession(session.defaultSession)
}

function confineContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  // Frames too: the content security policy allows none, and this does not rely on it.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault()
  })
}

function confineSession(pages: Session): void {
  pages.setPermissionRequestHandler((contents, permission, decide) =>
    decide(isOwn(contents.getURL()) && PERMISSIONS.includes(permission)),
  )
  pages.setPermissionCheckHandler((_contents, permission, origin) => isOwn(origin) && PERMISSIONS.includes(permission))
  pages.setDevicePermissionHandler(() => false)
  pages.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !OWN_SCHEMES.includes(new URL(url).protocol) }),
  )
  // Exports leave as blobs that the page made; Electron asks where to save them.
  pages.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) event.preventDefault()
  })
}

function isOwn(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)
}
