// Who may ask in served mode: pages of our own origin, in a browser that was shown the token once. Three secrets, none of
// which tells another: the token lets in, the cookie shows that a browser was let in, the key that a page of our origin was.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { authorization, keyOfOffer } from '../../core/wire/page-key.ts'

export interface Refusal {
  readonly status: 400 | 401 | 403
  readonly reason: string
}

export interface Admission {
  /** Why not; `undefined` where the request is welcome. Its token, if the address has one, is not looked at. */
  refusal(request: IncomingMessage): Refusal | undefined
  /** The same without the cookie: enough to be shown in. */
  foreign(request: IncomingMessage): Refusal | undefined
  /** The same with the key: for what reads and writes runs. */
  refusalOfSocket(request: IncomingMessage): Refusal | undefined
  /** Would a socket of this page be welcome? */
  refusalOfPage(request: IncomingMessage): Refusal | undefined
  readonly token: string
  isToken(offered: string): boolean
  /** Lets the browser in that gets it (`Set-Cookie`). */
  readonly cookie: string
  /** For the page's own storage. */
  readonly key: string
}

const secret = () => randomBytes(32).toString('base64url')

/** @param hosts Host headers that are served, with the port */
export function createAdmission(hosts: readonly string[], port: number): Admission {
  const [token, session, key] = [secret(), secret(), secret()]
  // Cookies know no port: its number in the name keeps two servers on one machine apart.
  const cookieName = `cmaml-${port}`

  function foreign({ headers }: IncomingMessage): Refusal | undefined {
    const host = headers.host?.toLowerCase() ?? ''
    // A foreign name that resolves to our address (DNS rebinding) would otherwise be same-origin with us.
    if (!hosts.includes(host)) return { status: 403, reason: 'This host name is not served.' }
    if (headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${host}`) {
      return { status: 403, reason: 'Other sites may not ask.' }
    }
    return undefined
  }

  function refusal(request: IncomingMessage): Refusal | undefined {
    const refused = foreign(request)
    if (refused !== undefined) return refused
    if (sameSecret(readCookie(request, cookieName) ?? '', session)) return undefined
    return { status: 401, reason: 'The address has no token.' }
  }

  const without: Refusal = { status: 401, reason: 'This page lost its key: open the address with the token again.' }

  return {
    foreign,
    refusal,
    refusalOfSocket: (request) =>
      refusal(request) ??
      (sameSecret(keyOfOffer(request.headers['sec-websocket-protocol']), key) ? undefined : without),
    refusalOfPage: (request) =>
      refusal(request) ?? (sameSecret(request.headers.authorization ?? '', authorization(key)) ? undefined : without),
    token,
    isToken: (offered) => sameSecret(offered, token),
    cookie: `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    key,
  }
}

function sameSecret(offered: string, expected: string): boolean {
  const a = Buffer.from(offered)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

function readCookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
