// The files of the built renderer, as the custom protocol of the desktop app and the HTTP server both answer them.
import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'

/** Nothing but our own files; no inline script, no inline style, no frame, no form. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with every answer, a refusal included. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface Page {
  body: Buffer<ArrayBuffer>
  headers: Readonly<Record<string, string>>
}

/**
 * The file that `pathname` (percent-encoded, as in a URL) names below `root`; `undefined` where there is none, where
 * it lies outside, or where its kind is not one that the renderer is made of.
 */
export async function readPage(root: string, pathname: string): Promise<Page | undefined> {
  const file = resolveBelow(root, pathname === '/' ? '/index.html' : pathname)
  const contentType = CONTENT_TYPES[extname(file ?? '')]
  if (file === undefined || contentType === undefined) return undefined
  try {
    const body = await readFile(file)
    return { body, headers: { ...SECURITY_HEADERS, 'Content-Type': contentType, 'Cache-Control': 'no-cache' } }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function resolveBelow(root: string, pathname: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  if (path.includes('\0')) return undefined
  const base = resolve(root)
  const file = resolve(join(base, path))
  return file.startsWith(base + sep) ? file : undefined
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR'
}
