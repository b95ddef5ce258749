/** Timing engines and installing them exclude each other, in all programs of a user: each would spoil the other. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../../make-folder.ts'
import { processExists } from '../../process-exists.ts'
import { InvalidRequest } from '../invalid-request.ts'
import { defaultTimingsFile } from './timings-file.ts'

/** Nothing here takes so long (ms): what is older was left by a process whose id is another's now. */
const OLD = 86_400_000

const claim = z.object({ pid: z.number().int(), what: z.string().max(200) })
type Holder = z.infer<typeof claim>
/** Texts of this process's claims. */
const held = new Set<string>()
/** Each try that fails has seen another process take or give back the claim meanwhile. */
const TRIES = 5

/**
 * @param what this process does, after "process 12 is"
 * @returns gives the claim back
 * @throws InvalidRequest naming who has it
 */
export function claimEngines(what: string, file = join(dirname(defaultTimingsFile()), 'engines.lock')): () => void {
  const text = JSON.stringify({ pid: process.pid, what, id: randomUUID() })
  try {
    makeFolder(dirname(file))
    take(file, text)
  } catch (error) {
    if (error instanceof InvalidRequest) throw error
    // A folder in which nothing can be written excludes nobody.
    return () => {}
  }
  held.add(text)
  return () => {
    held.delete(text)
    // It may be another's by now, if this process was taken for dead.
    if (textOf(file) === text) rmSync(file, { force: true })
  }
}

/** Puts the claim in its place, where there is none of a process that runs. */
function take(file: string, text: string): void {
  const own = `${file}.${randomUUID()}`
  writeFileSync(own, text)
  try {
    for (let left = TRIES; ; left--) {
      // A link appears with its whole text, and never where there is a file.
      if (succeeds(() => linkSync(own, file))) return
      const found = textOf(file)
      const other = found === null ? null : holderOf(file, found)
      if (other !== null)
        throw new InvalidRequest(`Process ${other.pid} is ${other.what} at the moment. Try again when it has ended.`)
      if (left === 0) throw new Error(`${file} cannot be claimed`)
      if (found !== null) removeStale(file, found)
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/** Out of the way first: whoever came to the same conclusion may have put its own claim in its place meanwhile. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${randomUUID()}`
  if (!succeeds(() => renameSync(file, aside))) return
  if (textOf(aside) !== stale) succeeds(() => linkSync(aside, file))
  rmSync(aside, { force: true })
}

function succeeds(work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || code === 'ENOENT') return false
    throw error
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** null where it is none, or of a process that does not run any more. */
function holderOf(file: string, text: string): Holder | null {
  try {
    const holder = claim.parse(JSON.parse(text))
    const isThere = holder.pid === process.pid ? held.has(text) : processExists(holder.pid)
    return isThere && Date.now() - statSync(file).mtimeMs < OLD ? holder : null
  } catch {
    return null
  }
}
