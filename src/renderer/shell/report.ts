import { ORPCError } from '@orpc/client'

/** What a person can paste into an issue when something failed. */
export interface ReportContext {
  readonly route: string
  readonly version: string
  readonly userAgent: string
  readonly time: Date
}

/** What a person is told. Where a request was not in order, what is wrong with it, not merely that something is. */
export function messageOf(error: unknown): string {
  return firstIssue(error) ?? (error instanceof Error ? error.message : String(error))
}

/** As the router answers what its contract's schema refuses. */
function firstIssue(error: unknown): string | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return undefined
  const { issues } = (error.data ?? {}) as { readonly issues?: readonly { readonly message?: unknown }[] }
  const message = issues?.[0]?.message
  return typeof message === 'string' ? message : undefined
}

export function errorReport(error: unknown, { route, version, userAgent, time }: ReportContext): string {
  const name = error instanceof Error ? error.name : 'Thrown'
  // Firefox's stacks begin without the message, Chromium's with it; it is written once.
  const stack = error instanceof Error ? (error.stack ?? '').replace(`${name}: ${error.message}\n`, '') : ''
  return [
    `C-MAML Studio ${version}`,
    `${name}: ${messageOf(error)}`,
    ...causes(error),
    `Screen: ${route}`,
    `Time: ${time.toISOString()}`,
    `Browser: ${userAgent}`,
    ...(stack === '' ? [] : ['', stack]),
  ].join('\n')
}

function causes(error: unknown): string[] {
  if (!(error instanceof Error) || error.cause === undefined) return []
  return [`Caused by: ${messageOf(error.cause)}`, ...causes(error.cause)]
}

/** As Vue calls the place of an error: in words while developing, by the number of its reference page when built. */
const HARMLESS = new Set([
  ...['watcher callback', 'native event handler', 'component event handler'],
  ...['3', '5', '6'].map((code) => `https://vuejs.org/error-reference/#runtime-${code}`),
])

/** Whether a view that failed at this place may have been left half drawn. A failed click leaves it as it was. */
export const breaksView = (place: string): boolean => !HARMLESS.has(place)
