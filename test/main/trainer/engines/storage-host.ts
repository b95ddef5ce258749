// Stands in for the registry and the storage host: serves bytes over real HTTP, with the faults of real hosts.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { create } from 'tar'

export interface StorageHost {
  readonly url: string
  /** Path -> what it answers. */
  readonly files: Map<string, Buffer | ((request: IncomingMessage, response: ServerResponse) => void)>
  /** Requests so far, as `path` or `path from BYTE`. */
  readonly asked: string[]
  close(): Promise<void>
}

export async function startHost(): Promise<StorageHost> {
  const files: StorageHost['files'] = new Map()
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url!
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
    asked.push(from === undefined ? path : `${path} from ${from}`)
    const answer = files.get(path)
    if (answer === undefined) response.writeHead(404).end()
    else if (typeof answer === 'function') answer(request, response)
    else sendBytes(response, answer, Number(from ?? 0))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** From a byte on; `cut` bytes after it the connection breaks. */
export function sendBytes(response: ServerResponse, bytes: Buffer, from: number, cut = Infinity): void {
  const rest = bytes.subarray(from)
  const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, etag: '"1"', ...(from > 0 && range) })
  if (cut >= rest.length) response.end(rest)
  // What was sent arrives: a reset connection may lose it.
  else response.write(rest.subarray(0, cut), () => response.socket?.end())
}

/** An archive as npm packs it: everything in the folder `package`. */
export async function pack(folder: string, contents: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const root = join(folder, 'to-pack')
  for (const [path, text] of Object.entries(contents)) {
    const file = join(root, 'package', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const archive = join(folder, 'packed.tgz')
  await create({ gzip: true, cwd: root, file: archive }, ['package'])
  rmSync(root, { recursive: true })
  return readFileSync(archive)
}

export const integrityOf = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`
