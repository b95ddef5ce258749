/** Timing engines and installing them exclude each other, in all programs of a user: each would spoil the other. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../../make-folder.ts'
import { processExists } from '../../process-exists.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { defaultTimingsFile } from './timings-file.ts'

/** Nothing here takes so long (ms): what is older was left by a process whose id is another's now. */
const OLD = 86_400_000

const claim = z.object({ pid: z.number().int(), what: z.string().max(200) })
/** Files of this process. */
const held = new Set<string>()

/**
 * @param what this process does, after "process 12 is"
 * @returns gives the claim back
 * @throws InvalidRequest naming who has it
 */
export function claimEngines(what: string, file = join(dirname(defaultTimingsFile()), 'engines.lock')): () => void {
  try {
    makeFolder(dirname(file))
    const other = holderOf(file)
    if (other !== null)
      throw new InvalidRequest(`Process ${other.pid} is ${other.what} at the moment. Try again when it has ended.`)
    rmSync(file, { force: true })
    writeFileSync(file, JSON.stringify({ pid: process.pid, what }), { flag: 'wx' })
  } catch (error) {
    if (error instanceof InvalidRequest) throw error
    // A folder in which nothing can be written excludes nobody.
    return () => {}
  }
  held.add(file)
  return () => {
    held.delete(file)
    rmSync(file, { force: true })
  }
}

/** null where there is none, or none that still runs. */
function holderOf(file: string): z.infer<typeof claim> | null {
  try {
    const holder = claim.parse(JSON.parse(readFileSync(file, 'utf8')))
    const isOwn = holder.pid === process.pid
    const isThere = isOwn ? held.has(file) : processExists(holder.pid)
    return isThere && Date.now() - statSync(file).mtimeMs < OLD ? holder : null
  } catch {
    return null
  }
}
