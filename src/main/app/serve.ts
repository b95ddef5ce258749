// Entry of served mode: `npm start` falls back on it where Electron cannot open a window.
import { fileURLToPath } from 'node:url'
import { serveOverHttp, type ServedInterface } from '../api/http.ts'
import { createServices } from './services.ts'

/** Starts the server; the caller shows the address and closes it. Runs from out/main, beside out/renderer. */
export function serveInterface(port = 0): Promise<ServedInterface> {
  const rendererFolder = fileURLToPath(new URL('../renderer', import.meta.url))
  return serveOverHttp({ rendererFolder, services: createServices(), port })
}
