// Runs in the sandbox before the page: the only bridge between the page and the main process.
import { contextBridge, ipcRenderer } from 'electron'
import type { ConnectToMain } from '../api/contract.ts'
import { TO_MAIN, TO_PAGE, type Envelope } from '../api/channels.ts'

const connectToMain: ConnectToMain = (receive) => {
  const connection = crypto.randomUUID()
  ipcRenderer.on(TO_PAGE, (_event, envelope: Envelope) => {
    if (envelope.connection === connection) receive(envelope.data)
  })
  return (data) => ipcRenderer.send(TO_MAIN, { connection, data } satisfies Envelope)
}

contextBridge.exposeInMainWorld('connectToMain', connectToMain)
