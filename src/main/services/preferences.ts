/** What a person prefers, in a file of the user's configuration folder. */
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { isAbsolute, join, posix, win32 } from 'node:path'
import { z } from 'zod'
import { writeWhole } from '../export/files.ts'
import { makeFolder } from '../make-folder.ts'
import { InvalidRequest } from './invalid-request.ts'
import type { Service } from './life-cycle.ts'
import { preferences as preferencesSchema, type Preferences } from './preferences-schema.ts'

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  workers: null,
  notifications: true,
  databaseFile: null,
}

const FILE = 'preferences.json'

/** A relative path would mean another file in every folder that the program is started from. */
const schema = preferencesSchema.extend({
  databaseFile: preferencesSchema.shape.databaseFile.refine((file) => file === null || isAbsolute(file), {
    error: 'must be a whole path, from the root on',
  }),
})

/**
 * Where preferences lie: `CMAML_CONFIG_DIR`, else the user's configuration folder as each system defines it
 * (https://specifications.freedesktop.org/basedir-spec, Windows known folders, Apple's File System Programming Guide).
 *
 * @param env the process's environment
 * @param home the user's home folder, absolute
 */
export function configurationFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const { CMAML_CONFIG_DIR: chosen, APPDATA: appData, XDG_CONFIG_HOME: xdg } = env
  if (chosen) return chosen
  if (platform === 'win32') return win32.join(appData || win32.join(home, 'AppData', 'Roaming'), 'C-MAML Studio')
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'C-MAML Studio')
  // The specification: a relative path in XDG_CONFIG_HOME is invalid and ignored.
  const folder = xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.config')
  return posix.join(folder, 'cmaml-studio')
}

export interface PreferencesService extends Service {
  readonly file: string
  /** The defaults until `start`. */
  current(): Preferences
  /** What was wrong with the file at the start, and what became of it; null where nothing was. */
  problem(): string | null
  /** @throws InvalidRequest where a value is not allowed, FileError where the file cannot be written */
  set(changes: Readonly<Partial<Preferences>>): Preferences
  /** @returns ends the subscription */
  onChange(listener: (preferences: Preferences) => void): () => void
}

/** @param folder made when something is first written to it */
export function createPreferences(folder: string): PreferencesService {
  const file = join(folder, FILE)
  const listeners = new Set<(preferences: Preferences) => void>()
  let current = DEFAULT_PREFERENCES
  let problem: string | null = null
  return {
    name: 'preferences',
    file,
    async start() {
      ;({ current, problem } = read(file))
      return Promise.resolve()
    },
    stop: () => Promise.resolve(),
    current: () => current,
    problem: () => problem,
    set(changes) {
      const parsed = schema.safeParse({ ...current, ...changes })
      if (!parsed.success) throw new InvalidRequest(`These preferences cannot be set: ${z.prettifyError(parsed.error)}`)
      makeFolder(folder)
      writeWhole(file, new TextEncoder().encode(`${JSON.stringify(parsed.data, null, 2)}\n`))
      current = parsed.data
      for (const listener of listeners) listener(current)
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A preference that is missing has its default; a file that makes no sense is set aside, so that nothing of it is lost. */
function read(file: string): { readonly current: Preferences; readonly problem: string | null } {
  if (!existsSync(file)) return { current: DEFAULT_PREFERENCES, problem: null }
  try {
    const stored = schema.partial().parse(JSON.parse(readFileSync(file, 'utf8')))
    const given = Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined))
    return { current: { ...DEFAULT_PREFERENCES, ...given }, problem: null }
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    return { current: DEFAULT_PREFERENCES, problem: `${file} cannot be used (${reason}). ${setAside(file)}` }
  }
}

function setAside(file: string): string {
  const aside = `${file}.damaged`
  try {
    renameSync(file, aside)
    return `It was moved to ${aside}; the defaults are used.`
  } catch (error) {
    return `The defaults are used. It could not be moved away: ${(error as Error).message}`
  }
}
