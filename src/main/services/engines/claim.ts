/** Timing engines and installing them exclude each other, in all programs of a user: each would spoil the other. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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
/** Each try that fails has seen another process take, remove or give back the claim meanwhile; ms between them. */
const TRIES = 60
const BETWEEN = 5
/** Removing a stale claim takes no ms: a removal that is so old (ms) was left by a process that died in it. */
const ABANDONED = 10_000

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
      if (left === 0) throw new InvalidRequest(`Other processes are at ${file} at the moment. Try again.`)
      if (found === null || !removeStale(file, found)) sleep(BETWEEN)
    }
  } finally {
    rmSync(own, { force: true })
  }
}

/**
 * By one process at a time: of two that found the same stale claim, the second would remove the one that the first has put
 * in its place.
 *
 * @returns whether it was this process's turn
 */
function removeStale(file: string, stale: string): boolean {
  const turn = `${file}.removal`
  if (ageOf(turn) > ABANDONED) rmSync(turn, { force: true })
  if (!succeeds(() => writeFileSync(turn, '', { flag: 'wx' }))) return false
  try {
    if (textOf(file) === stale) rmSync(file, { force: true })
  } finally {
    rmSync(turn, { force: true })
  }
  return true
}

/** ms; 0 of what is not there. */
const ageOf = (file: string): number => {
  const mtime = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  return mtime === undefined ? 0 : Date.now() - mtime
}

/** Of the whole thread, for so many ms. */
const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

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
    return isThere && ageOf(file) < OLD ? holder : null
  } catch {
    return null
  }
}
