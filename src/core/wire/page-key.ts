/**
 * The key of a page in served mode. Cookies know no port, so that whoever serves another port of this machine is sent ours;
 * what a page stores is bound to its origin, port included. A socket therefore needs the key as well as the cookie.
 */

/** Where the page stores it (localStorage: every tab of this browser has it, and has it after a reload). */
export const PAGE_KEY_STORAGE = 'cmaml-page-key'

/** The protocol that is spoken over the socket, and that the server chooses of those that are offered. */
export const SOCKET_PROTOCOL = 'cmaml'

const KEY_PREFIX = 'key.'

/** A page cannot give its socket headers, but it can name protocols: ours, and the key as another. */
export const offeredProtocols = (key: string): string[] =>
  key === '' ? [SOCKET_PROTOCOL] : [SOCKET_PROTOCOL, KEY_PREFIX + key]

/** @param header `Sec-WebSocket-Protocol` of a request for a socket */
export function keyOfOffer(header: string | undefined): string {
  const offered = (header ?? '').split(',').map((protocol) => protocol.trim())
  return offered.find((protocol) => protocol.startsWith(KEY_PREFIX))?.slice(KEY_PREFIX.length) ?? ''
}

/** `Authorization` of the page's other requests. */
export const authorization = (key: string): string => `Bearer ${key}`
