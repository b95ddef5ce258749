// A page that crashed or hangs: training goes on in other processes, and the window offers to load it again.
import { dialog, type BrowserWindow } from 'electron'

export function offerReload(window: BrowserWindow): void {
  let asking = false

  async function ask(message: string, otherwise: string): Promise<void> {
    if (asking) return
    asking = true
    const { response } = await dialog
      .showMessageBox(window, {
        type: 'warning',
        title: 'C-MAML Studio',
        message,
        detail: 'Training is not affected: it runs in a process of its own, and every iteration is stored.',
        buttons: ['Reload', otherwise],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      })
      .finally(() => (asking = false))
    if (response === 0 && !window.isDestroyed()) window.webContents.reload()
  }

  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void ask(`The window stopped working (${reason}).`, 'Leave It')
  })
  window.on('unresponsive', () => void ask('The window does not respond.', 'Wait'))
}
