// What the preload script and the main process agree on. Apart from ipc.ts, so that the preload bundle stays tiny.

export const TO_MAIN = 'api:to-main'
export const TO_PAGE = 'api:to-page'

/** What travels on both channels; `data` is a message of the RPC protocol (a string or bytes). */
export interface Envelope {
  /** Chosen by the page when it connects. */
  connection: string
  data: unknown
}
