/** Command lines that are printed for people to copy. */
import { resolve } from 'node:path'
import type { Run } from '../store/store.ts'

/** One word of a command line, quoted where a shell would take it apart. */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return /^[\w@%+=:,./\\~-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** What a printed command needs in order to find the same database from any folder. */
export const databaseArgument = ({ db }: { readonly db?: string }): string =>
  db === undefined ? '' : ` --db ${shellWord(resolve(db))}`

/** How to go on with a run that has not reached its end. */
export const resumeCommand = ({ id, kind }: Pick<Run, 'id' | 'kind'>, database: string): string =>
  `npx cmaml ${kind === 'fine-tune' ? 'finetune' : 'train'} --resume ${id}${database}`
