// Who may ask in served mode: pages of our own origin, in a browser that was shown the token once.
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Refusal {
  readonly status: 400 | 401 | 403
  readonly reason: string
}

export interface Admission {
  /** Why not; `undefined` where the request is welcome. Its token, if the address has one, is not looked at. */
  refusal(request: IncomingMessage): Refusal | undefined
  /** The same without the cookie: enough to be shown in. */
  foreign(request: IncomingMessage): Refusal | undefined
  isToken(offered: string): boolean
  /** Lets the browser in that gets it (`Set-Cookie`). */
  readonly cookie: string
}

/** @param hosts Host headers that are served, with the port */
export function createAdmission(hosts: readonly string[], port: number, token: string): Admission {
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

  return {
    foreign,
    refusal: (request) => {
      const refused = foreign(request)
      if (refused !== undefined) return refused
      if (sameSecret(readCookie(request, cookieName) ?? '', token)) return undefined
      return { status: 401, reason: 'Open the address with the token that the terminal shows.' }
    },
    isToken: (offered) => sameSecret(offered, token),
    cookie: `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`,
  }
}

function sameSecret(offered: string, secret: string): boolean {
  const a = Buffer.from(offered)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}

function readCookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
