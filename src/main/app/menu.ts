// The native menu as data. What the page does is sent there; what the window does is a role of Electron's.
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommandId } from '../api/menu-commands.ts'

export interface MenuOptions {
  readonly appName: string
  readonly platform: NodeJS.Platform
  /** Developer tools are for whoever runs the app from its sources. */
  readonly developer: boolean
  readonly send: (command: MenuCommandId) => void
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }

export function menuTemplate({ appName, platform, developer, send }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const item = (command: MenuCommandId, label: string, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => send(command),
  })
  const settings = item('go.settings', 'Settings', 'CmdOrCtrl+,')
  const about = item('help.about', `About ${appName}`)

  const appMenu: MenuItemConstructorOptions = {
    label: appName,
    submenu: [
      about,
      SEPARATOR,
      settings,
      SEPARATOR,
      { role: 'services' },
      SEPARATOR,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      SEPARATOR,
      { role: 'quit' },
    ],
  }
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      item('go.new-run', 'New Run', 'CmdOrCtrl+N'),
      SEPARATOR,
      { role: 'close' },
      ...(mac ? [] : [{ role: 'quit' } as const]),
    ],
  }
  const edit: MenuItemConstructorOptions = {
    label: '&Edit',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      SEPARATOR,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'delete' },
      { role: 'selectAll' },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      item('go.runs', 'Runs', 'CmdOrCtrl+1'),
      item('go.queue', 'Queue', 'CmdOrCtrl+2'),
      item('go.sql', 'SQL', 'CmdOrCtrl+3'),
      ...(mac ? [] : [settings]),
      item('palette.open', 'Command Palette', 'CmdOrCtrl+K'),
      SEPARATOR,
      {
        label: 'Theme',
        submenu: [item('theme.light', 'Light'), item('theme.dark', 'Dark'), item('theme.system', 'As the System')],
      },
      SEPARATOR,
      { role: 'reload' },
      ...(developer ? [{ role: 'toggleDevTools' } as const] : []),
      SEPARATOR,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      SEPARATOR,
      { role: 'togglefullscreen' },
    ],
  }
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [item('shortcuts.show', 'Keyboard Shortcuts', 'CmdOrCtrl+/'), ...(mac ? [] : [SEPARATOR, about])],
  }
  return [...(mac ? [appMenu] : []), file, edit, view, { role: 'windowMenu' }, help]
}
