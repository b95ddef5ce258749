import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Bytes free where the file lies, or would lie; null where the system does not say. */
export function freeBytes(file: string): number | null {
  let folder = dirname(file)
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
