/** Names of runs and files, as people type them. */
import { basename } from 'node:path'
import { nameProblem } from '../../core/runs/name.ts'
import { sentence } from '../../core/text/sentence.ts'
import { printable } from '../store/printable.ts'
import { InvalidRequest } from './invalid-request.ts'

export { printable }

/** Of an imported file: its folder is nobody's business. */
export const fileName = (source: string): string => printable(basename(source))

/** The name without the spaces around it. @throws InvalidRequest where a list could not show it, or it means a run already */
export function runName(text: string): string {
  const problem = nameProblem(text)
  if (problem !== null) throw new InvalidRequest(sentence(problem))
  return text.trim()
}
