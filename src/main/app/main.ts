// Entry of the desktop app: the services, what answers its page, and the window around them.
import { app, ipcMain, nativeTheme } from 'electron'
import { fileURLToPath } from 'node:url'
import { serveOverIpc } from '../api/ipc.ts'
import type { Preferences } from '../api/contract.ts'
import { router } from '../api/router.ts'
import { runDesktop } from './desktop.ts'
import { createMenuCommands } from './menu-commands.ts'
import { APP_ORIGIN } from './protocol.ts'
import { createServices } from './services.ts'

const menuCommands = createMenuCommands()
const services = createServices({ host: 'desktop', menuCommands })
const { context, work } = services

// The bundle runs from out/main, beside out/preload and out/renderer.
runDesktop({
  preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
  rendererFolder: fileURLToPath(new URL('../renderer', import.meta.url)),
  menuCommands,
  work,
  wantsNotifications: () => context.preferences.current().notifications,
  async serve() {
    await services.start()
    // Native menus and dialogs follow the page's theme.
    const follow = ({ theme }: Preferences) => (nativeTheme.themeSource = theme)
    follow(context.preferences.current())
    context.preferences.onChange(follow)
    serveOverIpc(ipcMain, { router, context }, APP_ORIGIN, (url) =>
      console.error(`Refused a message from ${url || 'a page'}.`),
    )
  },
  stop: () => services.stop(),
}).catch((error: unknown) => {
  console.error(error)
  app.exit(1)
})
