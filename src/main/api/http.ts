// Served mode: the same page and the same router over HTTP, on loopback, for whoever holds the token.
import { RPCHandler } from '@orpc/server/node'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readPage, SECURITY_HEADERS } from './pages.ts'
import { router, type ApiServices } from './router.ts'

/** The router answers below this path. */
const RPC_PREFIX = '/rpc'

export interface ServedInterface {
  /** The address with the token: whoever opens it is let in. */
  url: string
  /** Address without the token. */
  origin: string
  close(): Promise<void>
}

/** Serves the interface on 127.0.0.1; `port` 0 takes any free one. */
export async function serveOverHttp(options: {
  rendererFolder: string
  services: ApiServices
  port?: number
}): Promise<ServedInterface> {
  const token = randomBytes(32).toString('base64url')
  const rpc = new RPCHandler(router)
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(`${request.method ?? ''} ${request.url ?? ''}:`, error)
      if (!response.headersSent) refuse(response, 500, 'The server failed; its terminal says why.')
      else response.destroy()
    })
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(options.port ?? 0, '127.0.0.1', listening)
  })
  const { port } = server.address() as AddressInfo
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  // Cookies know no port: its number in the name keeps two servers on one machine apart.
  const cookieName = `cmaml-${port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? ''
    // A foreign name that resolves to 127.0.0.1 (DNS rebinding) would otherwise be same-origin with us.
    if (!hosts.includes(host)) return refuse(response, 403, 'This host name is not served.')
    const origin = request.headers.origin
    if (origin !== undefined && origin !== `http://${host}`) return refuse(response, 403, 'Other sites may not ask.')

    const url = new URL(request.url ?? '/', `http://${host}`)
    const offered = url.searchParams.get('token')
    if (offered !== null) {
      if (request.method !== 'GET' || !sameSecret(offered, token)) return refuse(response, 403, 'Wrong token.')
      return admit(response)
    }
    if (!sameSecret(cookie(request, cookieName) ?? '', token)) {
      return refuse(response, 401, 'Open the address with the token that the terminal shows.')
    }

    if (url.pathname.startsWith(`${RPC_PREFIX}/`)) {
      // Browsers send Origin with every POST: a question without it does not come from our page.
      if (request.method !== 'POST' || origin === undefined) return refuse(response, 405, 'Questions are POSTed.')
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
      const { matched } = await rpc.handle(request, response, { prefix: RPC_PREFIX, context: options.services })
      if (!matched) refuse(response, 404, 'No such question.')
      return
    }
    if (request.method !== 'GET') return refuse(response, 405, 'Pages are read only.')
    const page = await readPage(options.rendererFolder, url.pathname)
    if (page === undefined) return refuse(response, 404, 'No such page.')
    response.writeHead(200, page.headers).end(page.body)
  }

  // The token moves from the address, where history and screenshots keep it, into a cookie. A refresh from our own
  // page, not a redirect: after a click on another site a redirect would count as theirs and lose a Strict cookie.
  function admit(response: ServerResponse): void {
    response
      .writeHead(200, {
        ...SECURITY_HEADERS,
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'Set-Cookie': `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
      })
      .end(
        '<!doctype html><meta http-equiv="refresh" content="0;url=/"><link rel="icon" href="/icon.svg"><title>C-MAML Studio</title>',
      )
  }

  const origin = `http://127.0.0.1:${port}`
  return {
    url: `${origin}/?token=${token}`,
    origin,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response
    .writeHead(status, {
      ...SECURITY_HEADERS,
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    .end(`${reason}\n`)
}

function sameSecret(offered: string, secret: string): boolean {
  const a = Buffer.from(offered)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
