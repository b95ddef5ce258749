import { createHash, type Hash } from 'node:crypto'
import { ftruncateSync, writeFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { Agent as PlainAgent, get as getPlain, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, get as getSecure } from 'node:https'

export interface DownloadOptions {
  /** `sha256-<base64>` or `sha512-<base64>` of the file; null where none is known. */
  readonly integrity: string | null
  readonly signal?: AbortSignal
  /** @param total null where the server does not say */
  readonly onBytes?: (received: number, total: number | null) => void
  /** Proxies (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); the process's environment by default. */
  readonly env?: NodeJS.ProcessEnv
}

/** A file that did not come, or not as it should. */
export class DownloadError extends Error {
  readonly url: string
  /** The answer's HTTP status; null if there was none, or another fault. */
  readonly status: number | null

  constructor(url: string, why: string, status: number | null, options?: ErrorOptions) {
    super(`${url} ${why}`, options)
    this.name = 'DownloadError'
    this.url = url
    this.status = status
  }
}

/** A connection that breaks is taken up again where it broke, as long as each try brings something. */
const FRUITLESS_TRIES = 3
const REDIRECTS = 5
/** Without a byte. */
const PATIENCE_MS = 30_000

/**
 * Downloads a file and checks it. What a failure leaves in `file` is the caller's to remove.
 *
 * @returns SHA-256 of the file, hexadecimal
 * @throws DownloadError, or the signal's reason
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<string> {
  const [algorithm = 'sha256', wanted] = options.integrity?.split(/-(.*)/s) ?? []
  const state: Progress = { received: 0, etag: null, hashes: freshHashes(algorithm) }
  // Appending, so that a truncated file goes on at its start.
  const output = await open(file, 'a')
  try {
    await fetchAll(url, output, state, algorithm, options)
  } finally {
    await output.close()
  }
  const got = state.hashes.wanted.digest('base64')
  if (wanted !== undefined && got !== wanted) {
    throw new DownloadError(url, `is not the file that was expected: its ${algorithm} is ${got}, not ${wanted}`, null)
  }
  return state.hashes.recorded.digest('hex')
}

async function fetchAll(url: string, output: FileHandle, state: Progress, algorithm: string, options: DownloadOptions) {
  for (let fruitless = 0; ;) {
    const before = state.received
    try {
      return await fetchRest(url, output, state, algorithm, options)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof DownloadError) throw error
      fruitless = state.received > before ? 0 : fruitless + 1
      if (fruitless === FRUITLESS_TRIES) throw new DownloadError(url, inWords(error, state), null, { cause: error })
    }
  }
}

interface Progress {
  received: number
  /** Of the file that began to come: a rest of another file must not be appended. */
  etag: string | null
  hashes: { readonly wanted: Hash; readonly recorded: Hash }
}

function freshHashes(algorithm: string): Progress['hashes'] {
  return { wanted: createHash(algorithm), recorded: createHash('sha256') }
}

async function fetchRest(
  url: string,
  output: FileHandle,
  state: Progress,
  algorithm: string,
  options: DownloadOptions,
) {
  const resumable = state.received > 0 && state.etag !== null
  const headers = resumable ? { range: `bytes=${state.received}-`, 'if-range': state.etag! } : {}
  const response = await request(url, headers, options)
  // Anything but the rest that was asked for is the whole file.
  if (response.statusCode !== 206) {
    ftruncateSync(output.fd)
    Object.assign(state, { received: 0, hashes: freshHashes(algorithm) })
  }
  state.etag = response.headers.etag ?? null
  const length = Number(response.headers['content-length'] ?? NaN)
  const total = Number.isNaN(length) ? null : state.received + length
  // Stored as it arrives: what a stream still buffers when the connection breaks would be lost.
  const store = (chunk: Buffer) => {
    try {
      writeFileSync(output.fd, chunk)
    } catch (cause) {
      response.destroy(new DownloadError(url, `cannot be stored (${(cause as Error).message})`, null, { cause }))
      return
    }
    state.hashes.wanted.update(chunk)
    state.hashes.recorded.update(chunk)
    state.received += chunk.length
    options.onBytes?.(state.received, total)
  }
  await new Promise<void>((resolve, reject) => {
    if (response.destroyed) reject(new Error('the connection was closed'))
    response.on('data', store).on('end', resolve).on('error', reject)
    response.on('close', () => reject(new Error('the connection was closed')))
  })
}

/** GET, through the proxy that the environment names and after redirections. */
async function request(
  url: string,
  headers: Record<string, string>,
  options: DownloadOptions,
): Promise<IncomingMessage> {
  let place = new URL(url)
  for (let step = 0; step <= REDIRECTS; step++) {
    const response = await requestOnce(place, headers, options)
    const { statusCode = 0, headers: answer } = response
    if (statusCode === 200 || statusCode === 206) return response
    response.destroy()
    if (statusCode < 300 || statusCode >= 400 || answer.location === undefined) {
      throw new DownloadError(url, `cannot be had: the server answers ${statusCode}`, statusCode)
    }
    const next = new URL(answer.location, place)
    if (place.protocol === 'https:' && next.protocol !== 'https:') {
      throw new DownloadError(url, `leads to ${next.href}, which is not encrypted`, statusCode)
    }
    place = next
  }
  throw new DownloadError(url, 'leads round in circles', null)
}

function requestOnce(
  place: URL,
  headers: Record<string, string>,
  { signal, env = process.env }: DownloadOptions,
): Promise<IncomingMessage> {
  const secure = place.protocol === 'https:'
  const agent = new (secure ? SecureAgent : PlainAgent)({ proxyEnv: env })
  return new Promise((resolve, reject) => {
    const asked = (secure ? getSecure : getPlain)(place, { headers, agent, ...(signal && { signal }) }, resolve)
    asked.on('error', reject)
    asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error(`no byte came for ${PATIENCE_MS / 1000} s`)))
  })
}

function inWords(error: unknown, { received }: Progress): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'cannot be reached: its host is unknown here; is there a network?'
  if (received > 0) return `broke off after ${received} bytes (${message})`
  return `cannot be reached (${message || code})`
}
