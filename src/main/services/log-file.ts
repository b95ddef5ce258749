/** The program's log: plain lines of text in a folder of the user's, a few files of limited size. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join, posix, win32 } from 'node:path'
import { makeFolder } from '../make-folder.ts'

export type LogLevel = 'info' | 'warning' | 'error'

export interface LogFile {
  readonly folder: string
  /** The newest file; older ones are beside it as `studio.1.log` and so on. */
  readonly file: string
  write(level: LogLevel, text: string): void
  /** The error with its stack and its causes. */
  error(what: string, error: unknown): void
  /** The newest lines, at most so many bytes. */
  tail(bytes: number): string
  /** Also writes what ends the process unexpectedly. Returns the function that stops it. */
  watchProcess(): () => void
}

/** A file is set aside when it is larger (bytes). */
const MAX_SIZE = 1_000_000
/** Files kept beside the newest. */
const KEPT = 3

/**
 * Where the log lies unless `CMAML_LOG_DIR` says otherwise: each system's folder for state or logs
 * (https://specifications.freedesktop.org/basedir-spec, Apple's File System Programming Guide, Windows known folders).
 */
export function defaultLogFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  const { CMAML_LOG_DIR: chosen, LOCALAPPDATA: local, XDG_STATE_HOME: xdg } = env
  if (chosen) return chosen
  if (platform === 'win32') return win32.join(local || win32.join(home, 'AppData', 'Local'), 'C-MAML Studio', 'Logs')
  if (platform === 'darwin') return posix.join(home, 'Library', 'Logs', 'C-MAML Studio')
  const state = xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'state')
  return posix.join(state, 'cmaml-studio', 'logs')
}

/** A log that cannot be written (no right, full disk) is silently none: it must never be why something else fails. */
export function createLogFile(folder: string, maxSize = MAX_SIZE): LogFile {
  const file = join(folder, 'studio.log')

  const write = (level: LogLevel, text: string) => {
    const [first = '', ...more] = text.split('\n')
    const lines = [`${new Date().toISOString()} ${level.padEnd(7)} ${first}`, ...more.map((line) => `    ${line}`)]
    try {
      makeFolder(folder)
      rotate(folder, file, maxSize)
      appendFileSync(file, `${lines.join('\n')}\n`)
    } catch {
      // See above.
    }
  }
  const error = (what: string, thrown: unknown) => write('error', `${what}: ${described(thrown)}`)

  return {
    folder,
    file,
    write,
    error,
    tail: (bytes) => readEnd(file, bytes),
    watchProcess() {
      // The monitor only looks on: the process ends (or its own handlers act) as without it.
      const uncaught = (thrown: unknown, origin: string) => error(origin, thrown)
      process.on('uncaughtExceptionMonitor', uncaught)
      return () => void process.off('uncaughtExceptionMonitor', uncaught)
    },
  }
}

function rotate(folder: string, file: string, maxSize: number): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < maxSize) return
  const aside = (n: number) => join(folder, `studio.${n}.log`)
  rmSync(aside(KEPT), { force: true })
  for (let n = KEPT - 1; n >= 1; n--) if (existsSync(aside(n))) renameSync(aside(n), aside(n + 1))
  renameSync(file, aside(1))
}

function readEnd(file: string, bytes: number): string {
  if (!existsSync(file)) return ''
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const length = Math.min(bytes, size)
    const buffer = Buffer.alloc(length)
    readSync(descriptor, buffer, 0, length, size - length)
    const text = buffer.toString()
    // The first line may be cut.
    return length < size ? text.slice(text.indexOf('\n') + 1) : text
  } finally {
    closeSync(descriptor)
  }
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\ncaused by ${described(error.cause)}`
}
