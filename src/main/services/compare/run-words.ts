/** Runs as sentences name them. */
import type { Run } from '../../store/store.ts'
import { printable } from '../run-name.ts'

export type NamedRun = Pick<Run, 'id' | 'name'>

/** `“C-MAML, seed 1”`; with its id where another of the runs has the same name. */
export function runNamer(runs: readonly NamedRun[]): (run: NamedRun) => string {
  const ids = new Map<string, Set<string>>()
  for (const { id, name } of runs) ids.set(name, (ids.get(name) ?? new Set()).add(id))
  return ({ id, name }) => `“${printable(name)}”${(ids.get(name)?.size ?? 0) > 1 ? ` (${id})` : ''}`
}
