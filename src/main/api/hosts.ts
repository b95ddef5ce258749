// Under which names the served interface answers, and whether others than this machine can reach it.
import { hostname, networkInterfaces } from 'node:os'

/** Addresses that mean every interface of the machine. */
const WILDCARDS = ['0.0.0.0', '::']

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** The names that the Host header may carry, in the form it has there, without the port. */
export function servedNames(host: string): string[] {
  const loopback = ['127.0.0.1', 'localhost', '[::1]']
  if (isLoopback(host)) return loopback
  if (!WILDCARDS.includes(host)) return [inUrl(host)]
  return [...loopback, ...addresses().map(inUrl), hostname().toLowerCase()]
}

/** The name to show for a server bound to `host`. */
export function shownName(host: string): string {
  if (!WILDCARDS.includes(host)) return inUrl(host === 'localhost' ? '127.0.0.1' : host)
  return inUrl(addresses()[0] ?? '127.0.0.1')
}

/** What to know before serving beyond this machine; `undefined` on loopback. */
export function exposureWarning(host: string, port: number): string | undefined {
  if (isLoopback(host)) return undefined
  return (
    `Other machines can reach C-MAML Studio at ${shownName(host)}:${port}, and nothing on the way is encrypted. Whoever ` +
    'has the address with the token can read, start and delete runs and write files beside the database, and whoever ' +
    'can listen to the network sees the token pass. Safer: leave --host out, and on your own machine open a tunnel with ' +
    `"ssh -L ${port}:127.0.0.1:${port} ${hostname()}".`
  )
}

function inUrl(host: string): string {
  return (host.includes(':') ? `[${host}]` : host).toLowerCase()
}

/** Of every interface but loopback, IPv4 first; link-local IPv6 is left out, because its names cannot stand in a URL. */
function addresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? [])
  return all
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .sort((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address)
}
