// A stand-in for the `electron` module in the main process, for tests on machines without Electron's binary: the main
// process is this Node, every BrowserWindow a page of headless Chromium. It has what src/main/app uses and no more.
// docs/desktop.md lists what it cannot show.
import { app } from './app.ts'
import { answerTest } from './control.ts'
import { Menu } from './menu.ts'
import { dialog, nativeTheme, Notification, powerSaveBlocker, screen } from './native.ts'
import { ipcMain, protocol, session } from './pages.ts'
import { utilityProcess } from './utility-process.ts'
import { BrowserWindow } from './window.ts'

export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  utilityProcess,
}

answerTest({ app, BrowserWindow, dialog, Menu, nativeTheme, Notification, powerSaveBlocker, screen })
