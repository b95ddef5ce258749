// node --import test/electron/register.ts out/main/index.js: every import of 'electron' gets the stand-in.
import { registerHooks } from 'node:module'

const standIn = new URL('./electron.ts', import.meta.url).href

// Electron's mark of its main process.
Object.defineProperty(process, 'type', { value: 'browser' })

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
