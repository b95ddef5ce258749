// Closing the window and quitting, while jobs may be computing.
import { app, dialog, type BrowserWindow } from 'electron'
import { askHowToLeave, type BackgroundWork } from './close-dialog.ts'

/** In the background and without work the app stays so long, for whoever follows its last notification. */
const LINGER_MS = 10 * 60_000

export interface Leaving {
  /** Makes closing this window ask. */
  guard(window: BrowserWindow): void
}

/** Makes quitting ask, too. */
export function guardLeaving(work: BackgroundWork, lingerMs = LINGER_MS): Leaving {
  let window: BrowserWindow | undefined
  let asking = false
  let stopping = false
  /** The work was told to start nothing more. */
  let held = false
  /** Nothing is asked any more. */
  let decided = false
  /** The person sent the window away and let the work go on. */
  let inBackground = false
  let lingering: NodeJS.Timeout | undefined

  const mustAsk = () => !decided && work.running().length > 0

  /** @param leave what the person wanted to do */
  async function decide(leave: () => void): Promise<void> {
    if (asking) return
    asking = true
    const parent = window?.isVisible() ? window : undefined
    const answer = await askHowToLeave(work.running(), stopping, parent).finally(() => (asking = false))
    if (answer === 'cancel') return
    if (answer === 'background') {
      inBackground = true
      window?.hide()
      return
    }
    stopping = true
    held = true
    try {
      await (answer === 'stop' ? work.stopAll() : work.abortAll())
    } catch (error) {
      stopping = false
      goOn()
      dialog.showErrorBox('Training could not be stopped', error instanceof Error ? error.message : String(error))
      return
    }
    stopping = false
    decided = true
    leave()
  }

  /** Whoever is still there, or is back, expects that what waits gets its turn. */
  function goOn(): void {
    if (!held) return
    held = false
    void work.goOn().catch((error: unknown) => console.error(error))
  }

  app.on('before-quit', (event) => {
    if (mustAsk()) {
      event.preventDefault()
      void decide(() => app.quit())
    } else decided = true
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
    // The app stays without a window, and may be asked again.
    else decided = false
  })
  work.onBusy((busy) => {
    clearTimeout(lingering)
    if (busy) return
    lingering = setTimeout(() => {
      if (inBackground) app.quit()
    }, lingerMs)
    lingering.unref()
  })

  return {
    guard(opened) {
      window = opened
      goOn()
      opened.on('close', (event) => {
        if (!mustAsk()) return
        event.preventDefault()
        void decide(() => opened.close())
      })
      opened.on('show', () => (inBackground = false))
      opened.on('closed', () => {
        if (window === opened) window = undefined
      })
    },
  }
}
