// The main window.
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { join } from 'node:path'
import { APP_ORIGIN } from './protocol.ts'
import { keepWindowState, openingBounds, readWindowState, SMALLEST } from './window-state.ts'

/** Paper of both themes (`--paper` in src/renderer/styles/theme.css), so that nothing flashes before the first frame. */
const PAPER = { light: '#fbfbf9', dark: '#16181b' }

/** @param guard sees the window before anything can happen in it */
export async function openMainWindow(preload: string, guard: (window: BrowserWindow) => void): Promise<void> {
  const stateFile = join(app.getPath('userData'), 'window.json')
  const kept = readWindowState(stateFile)
  const primary = screen.getPrimaryDisplay().workArea
  const workAreas = [primary, ...screen.getAllDisplays().map(({ workArea }) => workArea)]
  const window = new BrowserWindow({
    title: 'C-MAML Studio',
    ...openingBounds(kept?.bounds, workAreas),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false },
  })
  guard(window)
  keepWindowState(window, stateFile)
  window.once('ready-to-show', () => {
    if (kept?.maximised) window.maximize()
    window.show()
  })
  try {
    await window.loadURL(`${APP_ORIGIN}/`)
  } catch (error) {
    // Closed before it had loaded.
    if (!window.isDestroyed()) throw error
  }
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
