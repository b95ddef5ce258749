// The main window, and what no window of this app may do.
import { app, BrowserWindow, nativeTheme, session } from 'electron'
import { APP_ORIGIN } from './protocol.ts'

/** Paper of both themes (`--paper` in src/renderer/styles/theme.css), so that nothing flashes before the first frame. */
const PAPER = { light: '#fbfbf9', dark: '#16181b' }

export async function openMainWindow(preload: string): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    title: 'C-MAML Studio',
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false },
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${APP_ORIGIN}/`)
  return window
}

/** Denies leaving the page, opening windows, embedding pages and every browser permission. */
export function confineWindows(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
}
