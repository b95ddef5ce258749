// The sample API behind a real server, and pages of it in Node.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { WebSocket } from 'ws'
import { wireSerializers } from '../../../src/core/wire/serializers.ts'
import { offeredProtocols } from '../../../src/core/wire/page-key.ts'
import { serveOverHttp, type ServedInterface, type ServeOptions } from '../../../src/main/api/http.ts'
import { createContext, router, type SampleClient, type SampleContext } from './sample-api.ts'

export interface Served extends ServedInterface {
  readonly context: SampleContext
  /** What the terminal was told. */
  readonly reports: string[]
  /** `Cookie` header of a browser that was let in. */
  readonly cookie: string
  /** What a page of it has in its storage. */
  readonly key: string
  /** A socket with these headers instead of those of our own page. */
  openSocket(headers?: Record<string, string | undefined>, path?: string, key?: string): WebSocket
}

type Options = Partial<Omit<ServeOptions<SampleContext>, 'router'>>

export async function serve({ context = createContext(), ...options }: Options = {}): Promise<Served> {
  const reports: string[] = []
  const served = await serveOverHttp({
    rendererFolder: tmpdir(),
    report: (problem) => reports.push(problem),
    ...options,
    router,
    context,
  })
  const { port } = new URL(served.url)
  const admitted = await fetch(`http://127.0.0.1:${port}/${new URL(served.url).search}`)
  const [cookie = ''] = (admitted.headers.getSetCookie()[0] ?? '').split(';')
  const [, key = ''] = /data-key="([\w-]+)"/.exec(await admitted.text()) ?? []
  const origin = `http://127.0.0.1:${port}`
  return {
    ...served,
    context,
    reports,
    cookie,
    key,
    openSocket: (headers = {}, path = '/rpc', offered = key) => {
      const all: Record<string, string | undefined> = { Cookie: cookie, Origin: origin, ...headers }
      const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined)
      return new WebSocket(`ws://127.0.0.1:${port}${path}`, offeredProtocols(offered), {
        headers: Object.fromEntries(sent),
      })
    },
  }
}

/** ws implements the browser's interface as far as oRPC and our connection use it. */
export const asBrowserSocket = (socket: WebSocket) => socket as unknown as globalThis.WebSocket

export async function connectPage(served: Served): Promise<{ socket: WebSocket; client: SampleClient }> {
  const socket = served.openSocket()
  await once(socket, 'open')
  const link = new RPCLink({ websocket: asBrowserSocket(socket), customJsonSerializers: wireSerializers })
  return { socket, client: createORPCClient(link) }
}
