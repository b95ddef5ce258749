import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { InvalidRequest } from './invalid-request.ts'

/**
 * Where a page in a browser may write: below one folder, also where symbolic links lead. Whoever has the page's address
 * would otherwise write files anywhere as this user.
 *
 * @param folder absolute
 * @param path relative to it, or absolute; need not be there
 * @returns the absolute path without symbolic links
 * @throws InvalidRequest where it lies elsewhere
 */
export function confinedPath(folder: string, path: string): string {
  const outside = () =>
    new InvalidRequest(
      `${path} is not below ${folder}. A page that is served writes only there; "cmaml" on that machine writes anywhere.`,
    )
  const real = realPath(resolve(folder, path))
  if (real === null) throw outside()
  const within = relative(realPath(folder) ?? folder, real)
  if (within === '' || within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)) throw outside()
  return real
}

/** Of a path whose last parts may be missing; null where a link on it leads nowhere, which writing would follow. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isThere(path)) return null
  }
  const parent = dirname(path)
  const above = parent === path ? null : realPath(parent)
  return above === null ? null : join(above, basename(path))
}

/** Links themselves, too. */
const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined
