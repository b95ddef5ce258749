/// <reference types="vite/client" />
import type { ConnectToMain } from '../main/api/contract.ts'

declare global {
  interface Window {
    /** Exposed by the preload script; absent in a browser. */
    readonly connectToMain?: ConnectToMain
  }
}
