// Entry of the desktop app: one instance, one window, one router.
import { app, BrowserWindow, ipcMain } from 'electron'
import { fileURLToPath } from 'node:url'
import { serveOverIpc } from '../api/ipc.ts'
import { APP_ORIGIN, handleAppScheme, registerAppScheme } from './protocol.ts'
import { createServices } from './services.ts'
import { confineWindows, openMainWindow } from './window.ts'

// The bundle runs from out/main, beside out/preload and out/renderer.
const RENDERER_FOLDER = fileURLToPath(new URL('../renderer', import.meta.url))
const PRELOAD = fileURLToPath(new URL('../preload/index.cjs', import.meta.url))

registerAppScheme()
// Two instances on one database would both train: the second only brings the first to the front.
if (app.requestSingleInstanceLock()) start().catch(fail)
else app.quit()

async function start(): Promise<void> {
  app.on('second-instance', showWindow)
  app.on('activate', showWindow)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  await app.whenReady()
  confineWindows()
  handleAppScheme(RENDERER_FOLDER)
  serveOverIpc(ipcMain, createServices(), APP_ORIGIN, (url) =>
    console.error(`Refused a message from ${url || 'a page'}.`),
  )
  await openMainWindow(PRELOAD)
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) {
    if (app.isReady()) openMainWindow(PRELOAD).catch(fail)
    return
  }
  if (window.isMinimized()) window.restore()
  window.focus()
}

function fail(error: unknown): void {
  console.error(error)
  app.exit(1)
}
