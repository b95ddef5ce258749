import { posix, win32 } from 'node:path'

const FILE = 'cmaml.sqlite'

/**
 * Where the database lies unless `--db` says otherwise: `CMAML_DB`, else the user's data folder as each system defines
 * it (https://specifications.freedesktop.org/basedir-spec, Windows known folders, Apple's File System Programming Guide).
 *
 * @param env the process's environment
 * @param home the user's home folder, absolute
 */
export function defaultDatabasePath(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const { CMAML_DB: chosen, APPDATA: appData, XDG_DATA_HOME: xdg } = env
  if (chosen) return chosen
  if (platform === 'win32') return win32.join(appData || win32.join(home, 'AppData', 'Roaming'), 'C-MAML Studio', FILE)
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'C-MAML Studio', FILE)
  // The specification: a relative path in XDG_DATA_HOME is invalid and ignored.
  const data = xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share')
  return posix.join(data, 'cmaml-studio', FILE)
}
