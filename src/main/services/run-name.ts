/** Names of runs, as people type them. */
import { nameProblem } from '../../core/runs/name.ts'
import { sentence } from '../../core/text/sentence.ts'
import { InvalidRequest } from './invalid-request.ts'

export { printable } from '../store/printable.ts'

/** The name without the spaces around it. @throws InvalidRequest where a list could not show it, or it means a run already */
export function runName(text: string): string {
  const problem = nameProblem(text)
  if (problem !== null) throw new InvalidRequest(sentence(problem))
  return text.trim()
}
