import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { FileError } from '../file-error.ts'

/** Reads a regular file of at most `limit` bytes. @param what names what is expected in it, e.g. `checkpoint` */
export function readWithin(file: string, limit: number, what: string): Uint8Array {
  return saying(`The ${what} ${file} cannot be read`, () => {
    const stat = statSync(file)
    // Devices and pipes have no end that could be known before reading them.
    if (!stat.isFile()) throw new FileError('it is not a file')
    if (stat.size > limit) throw new FileError(`it has ${stat.size} bytes, at most ${limit} are allowed`)
    return readFileSync(file)
  })
}

/** Writes beside the target and renames: nobody ever sees half a file. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const partial = `${file}.${process.pid}.partial`
  saying(`${file} cannot be written`, () => {
    try {
      writeFileSync(partial, bytes)
      renameSync(partial, file)
    } catch (error) {
      rmSync(partial, { force: true })
      throw error
    }
  })
}

function saying<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new FileError(`${what}: ${(cause as Error).message}`, { cause })
  }
}
