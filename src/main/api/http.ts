// Served mode: the same page over HTTP and the same router over WebSocket, on loopback unless asked otherwise, for
// whoever holds the token.
import { MAX_MESSAGE_BYTES } from '../../core/wire/upload.ts'
import type { Context } from '@orpc/server'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { PAGE_KEY_STORAGE } from '../../core/wire/page-key.ts'
import { createAdmission, type Admission, type Refusal } from './admission.ts'
import { exposureWarning, servedNames, shownName } from './hosts.ts'
import { readPage, SECURITY_HEADERS } from './pages.ts'
import { asksForPage, OPEN_FILES, refusalPage, WRONG_TOKEN } from './refusal-page.ts'
import type { Api } from './rpc.ts'
import { refuseUpgrade, serveOverWebSocket, SOCKET_PATH } from './websocket.ts'

/** A page that lost its socket asks here whether it would still be let in. */
const SESSION_PATH = '/session'

/** Stores the key of the page that lets in; inline the policy would not let it run. It holds no secret itself. */
const ADMITTED_PATH = '/admitted.js'
const ADMITTED_SCRIPT =
  `localStorage.setItem('${PAGE_KEY_STORAGE}', document.documentElement.dataset.key)\n` +
  "location.replace('/' + location.hash)\n"

export interface ServedInterface {
  /** The address with the token: whoever opens it is let in. */
  url: string
  /** Address without the token. */
  origin: string
  port: number
  /** What to tell who serves beyond this machine. */
  warning: string | undefined
  close(): Promise<void>
}

export interface ServeOptions<T extends Context> extends Api<T> {
  readonly rendererFolder: string
  /** Address or name to bind to; 127.0.0.1 if missing. */
  readonly host?: string | undefined
  /** 0 or missing: any free one. */
  readonly port?: number | undefined
  /** Where `port` is missing: taken if it is free. The secrets are new all the same. */
  readonly preferredPort?: number | undefined
  readonly messageLimit?: number
  /** Hears of what was refused from sockets; standard error if missing. */
  report?(problem: string): void
}

export async function serveOverHttp<T extends Context>(options: ServeOptions<T>): Promise<ServedInterface> {
  const { rendererFolder, host = '127.0.0.1', messageLimit = MAX_MESSAGE_BYTES, report = console.error } = options
  const sockets = serveOverWebSocket(options, { messageLimit, report })
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(`${request.method ?? ''} ${request.url ?? ''}:`, error)
      if (!response.headersSent) refuse(response, 500, 'The server failed; its terminal says why.')
      else response.destroy()
    })
  })
  server.on('upgrade', upgrade)
  const { preferredPort } = options
  if (options.port !== undefined || preferredPort === undefined) await listen(server, host, options.port)
  else await listen(server, host, preferredPort).catch(() => listen(server, host, 0))
  const { port } = server.address() as AddressInfo
  // Browsers leave HTTP's own port out.
  const suffix = port === 80 ? '' : `:${port}`
  const hosts = servedNames(host).map((name) => name + suffix)
  const admission = createAdmission(hosts, port)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const foreign = admission.foreign(request)
    if (foreign !== undefined) return refuse(response, foreign.status, foreign.reason)
    const turnAway = ({ status, reason }: Refusal) =>
      asksForPage(request)
        ? send(response, status, 'text/html', refusalPage(reason, `http://${request.headers.host}/?token=…`))
        : refuse(response, status, reason)
    const url = URL.parse(request.url ?? '/', `http://${request.headers.host}`)
    if (url === null) return refuse(response, 400, 'This is no address.')
    const offered = url.searchParams.get('token')
    if (offered !== null) {
      if (request.method !== 'GET' || !admission.isToken(offered)) return turnAway(WRONG_TOKEN)
      return admit(response, admission)
    }
    if (request.method === 'GET' && OPEN_FILES.includes(url.pathname)) return sendFile(url.pathname)
    const isSession = url.pathname === SESSION_PATH
    const refused = isSession ? admission.refusalOfPage(request) : admission.refusal(request)
    if (refused !== undefined) return turnAway(refused)
    if (request.method !== 'GET') return refuse(response, 405, 'Pages are read only.')
    if (isSession) return send(response, 204)
    if (url.pathname === ADMITTED_PATH) return send(response, 200, 'text/javascript', ADMITTED_SCRIPT)
    return sendFile(url.pathname)

    async function sendFile(path: string): Promise<void> {
      const page = await readPage(rendererFolder, path)
      if (page === undefined) return refuse(response, 404, 'No such page.')
      response.writeHead(200, page.headers).end(page.body)
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refused = admission.refusalOfSocket(request)
    if (refused !== undefined) return refuseUpgrade(socket, refused)
    // Browsers name the origin of every socket: without it, it is not one of our page.
    if (request.headers.origin === undefined) return refuseUpgrade(socket, { status: 403, reason: 'No origin.' })
    if (request.url !== SOCKET_PATH) return refuseUpgrade(socket, { status: 400, reason: 'Sockets open elsewhere.' })
    sockets.upgrade(request, socket, head)
  }

  const origin = `http://${shownName(host)}${suffix}`
  return {
    url: `${origin}/?token=${admission.token}`,
    origin,
    port,
    warning: exposureWarning(host, port),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        sockets.close()
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port = 0): Promise<void> {
  return new Promise((listening, failed) => {
    const onError = (error: NodeJS.ErrnoException) => failed(explained(error, host, port))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      listening()
    })
  })
}

// What lets in leaves the address, where history and screenshots keep it: the cookie comes with this answer, and its script
// puts the key into the storage of our origin. Then a navigation of our own page, not a redirect: after a click on another
// site a redirect would count as theirs and lose a Strict cookie.
function admit(response: ServerResponse, { cookie, key }: Admission): void {
  response.setHeader('Set-Cookie', cookie)
  send(
    response,
    200,
    'text/html',
    `<!doctype html><html lang="en" data-key="${key}"><link rel="icon" href="/icon.svg"><title>C-MAML Studio</title>` +
      `<script src="${ADMITTED_PATH}"></script>`,
  )
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  send(response, status, 'text/plain', `${reason}\n`)
}

/** What is made here, and not kept by anybody on the way. */
function send(response: ServerResponse, status: number, type?: string, body?: string): void {
  response
    .writeHead(status, {
      ...SECURITY_HEADERS,
      ...(type === undefined ? {} : { 'Content-Type': `${type}; charset=utf-8` }),
      'Cache-Control': 'no-store',
    })
    .end(body)
}

/** The usual failures of binding, with what to do. */
function explained(error: NodeJS.ErrnoException, host: string, port = 0): Error {
  const because = (text: string) => new Error(text, { cause: error })
  switch (error.code) {
    case 'EADDRINUSE':
      return because(`Port ${port} is in use already. Choose another with --port; without it any free one is taken.`)
    case 'EACCES':
      return because(`This user may not open port ${port}. Choose one above 1023 with --port.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return because(`${host} is no address of this machine: --host takes one of its own, or 0.0.0.0 for all of them.`)
    default:
      return error
  }
}
