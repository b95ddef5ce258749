// The desktop app around whatever answers its page: one instance, one window, a menu, notifications, an orderly end.
import { app, BrowserWindow, Menu } from 'electron'
import { createSleepBlocker } from './awake.ts'
import type { BackgroundWork } from './close-dialog.ts'
import { confinePages } from './confine.ts'
import { guardLeaving } from './leaving.ts'
import { menuTemplate } from './menu.ts'
import type { MenuCommands } from '../api/menu-commands.ts'
import { desktopNotifier } from './notifier.ts'
import { offerReload } from './page-failure.ts'
import { handleAppScheme, registerAppScheme } from './protocol.ts'
import { bringToFront, openMainWindow } from './window.ts'

export interface DesktopParts {
  readonly preload: string
  readonly rendererFolder: string
  /** Goes to the page by its router. */
  readonly menuCommands: MenuCommands
  readonly work: BackgroundWork
  readonly wantsNotifications: () => boolean
  /** Begins to answer the page. */
  serve(): void | Promise<void>
  /** Ends what answers the page. */
  stop(): Promise<void>
}

/** To be called before Electron is ready. Resolves when the window shows the page, or when another instance has it. */
export async function runDesktop(parts: DesktopParts): Promise<void> {
  registerAppScheme()
  // Two instances on one database would both train: the second only brings the first to the front.
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  const { work, menuCommands } = parts
  const leaving = guardLeaving(work)

  async function showWindow(): Promise<void> {
    const [window] = BrowserWindow.getAllWindows()
    if (window) return bringToFront(window)
    if (!app.isReady()) return
    await openMainWindow(parts.preload, (opened) => {
      leaving.guard(opened)
      offerReload(opened)
    })
  }
  const show = () => void showWindow().catch((error: unknown) => console.error(error))

  app.on('second-instance', show)
  app.on('activate', show)
  stopOnQuit(parts)
  await app.whenReady()
  confinePages()
  handleAppScheme(parts.rendererFolder)
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        appName: app.name,
        platform: process.platform,
        developer: !app.isPackaged,
        send: (command) => {
          menuCommands.send({ command })
          // On macOS the menu is there without a window.
          show()
        },
      }),
    ),
  )
  work.onBusy(createSleepBlocker())
  const notifier = desktopNotifier({
    wanted: parts.wantsNotifications,
    watching: () => BrowserWindow.getAllWindows().some((window) => window.isFocused()),
    open: (run) => {
      menuCommands.send(run === null ? { command: 'go.queue' } : { command: 'runs.open', argument: run })
      show()
    },
  })
  work.onEnded((job) => notifier.jobEnded(job))
  await parts.serve()
  await showWindow()
}

function stopOnQuit({ stop }: DesktopParts): void {
  let stopping = false
  app.on('will-quit', (event) => {
    event.preventDefault()
    if (stopping) return
    stopping = true
    stop()
      .catch((error: unknown) => console.error(error))
      .finally(() => app.exit(0))
  })
}
