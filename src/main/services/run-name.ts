/** Names of runs, as people type them. */
import { isPrintable } from '../store/printable.ts'
import { InvalidRequest } from './invalid-request.ts'

export { printable } from '../store/printable.ts'

const MAX_LENGTH = 80

/** The name without the spaces around it. @throws InvalidRequest where a list could not show it, or it means a run already */
export function runName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > MAX_LENGTH || !isPrintable(name))
    throw new InvalidRequest(`The name of a run has 1 to ${MAX_LENGTH} printable characters.`)
  if (name === 'latest') throw new InvalidRequest('A run cannot be named "latest": that means the newest run.')
  return name
}
