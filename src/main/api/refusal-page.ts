// What somebody sees who is not let in: why, and where the address is that lets in.
import type { IncomingMessage } from 'node:http'
import type { Refusal } from './admission.ts'

export const WRONG_TOKEN: Refusal = {
  status: 403,
  reason: 'The token in this address is not the one of this start: every start has a new one.',
}

/** What that page is made of; nothing in them is about runs. */
export const OPEN_FILES: readonly string[] = ['/refused.css', '/icon.svg']

/** Whether a browser will show the answer to somebody; programs get one line. */
export const asksForPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/html')

/** @param reason in words of this program: nothing of the request stands in it */
export const refusalPage = (reason: string, address: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/refused.css"><title>C-MAML Studio</title>` +
  `<main><img src="/icon.svg" alt="" width="40" height="40"><h1>C-MAML Studio does not let this page in</h1>` +
  `<p>${reason}</p><p>The terminal in which <code>npm start</code> or <code>cmaml serve</code> was ` +
  `called shows the whole address, with the token of this start:</p>` +
  `<p><code>${address}</code></p></main></html>`
