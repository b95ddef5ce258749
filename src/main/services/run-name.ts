/** Names of runs, as people type them and as terminals may show them. */
import { InvalidRequest } from './invalid-request.ts'

const MAX_LENGTH = 80

/** Control and format characters (a terminal obeys some of them), surrogates without a partner, line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The name without the spaces around it. @throws InvalidRequest where a list could not show it, or it means a run already */
export function runName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > MAX_LENGTH || name.search(UNPRINTABLE) >= 0)
    throw new InvalidRequest(`The name of a run has 1 to ${MAX_LENGTH} printable characters.`)
  if (name === 'latest') throw new InvalidRequest('A run cannot be named "latest": that means the newest run.')
  return name
}

/** The text with every character that a terminal might obey instead of show replaced. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\uFFFD')
