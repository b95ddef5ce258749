import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lastWords } from '../launch.ts'
import type { EngineKind } from './parts.ts'

/** What an engine said of itself when it was tried. */
export interface CheckedEngine {
  readonly device: string
  readonly versions: Readonly<Record<string, string>>
}

/** What the program check.ts sends. */
export type CheckOutcome = CheckedEngine | { readonly error: string }

/**
 * Loads the engine in `folder` in another process and computes with it.
 * @throws Error with what went wrong there
 */
export type CheckEngine = (folder: string, kind: EngineKind, signal?: AbortSignal) => Promise<CheckedEngine>

export interface CheckListener {
  said(outcome: CheckOutcome): void
  /** @param how exit code or signal, and last words */
  ended(how: string): void
}

/** Starts a program; the function that comes back ends it. */
export type LaunchCheck = (program: string, args: string[], listener: CheckListener) => () => void

const PATIENCE_MS = 120_000

/** A check in processes that `launch` starts. */
export function checkBy(launch: LaunchCheck): CheckEngine {
  return (folder, kind, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const fail = (why: string) => settle(() => reject(new Error(`What was downloaded does not work here: ${why}`)))
      const kill = launch(checkProgram(), [folder, kind], {
        said: (outcome) => ('error' in outcome ? fail(outcome.error) : settle(() => resolve(outcome))),
        ended: (how) => fail(`its process ended with ${how}`),
      })
      const cancel = () => settle(() => reject(signal!.reason as Error))
      const timer = setTimeout(() => fail('it does not come to an end'), PATIENCE_MS)
      signal?.addEventListener('abort', cancel)
      function settle(how: () => void): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', cancel)
        how()
        kill()
      }
    })
}

/** check.ts: beside this file in a checkout, an entry of its own in a build. */
function checkProgram(): string {
  const file = extname(import.meta.url) === '.ts' ? 'check.ts' : 'engine-check.js'
  return fileURLToPath(new URL(`./${file}`, import.meta.url))
}

/** In a child process of this Node: the command line and served mode. */
export const checkUnderNode = checkBy((program, args, listener) => {
  const child = fork(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const stderr = lastWords(child.stderr)
  child.on('message', (outcome: CheckOutcome) => listener.said(outcome))
  child.on('error', ({ message }) => listener.ended(message))
  child.on('exit', (code, signal) => listener.ended(`${signal ?? `exit code ${code}`}. ${stderr().trim()}`.trim()))
  return () => void child.kill('SIGKILL')
})

/** In a process as the caller may start them: Electron's fuses allow no plain Node. */
export const checkEngine: CheckEngine = async (...args) => {
  const underElectron = (process as { type?: string }).type === 'browser'
  const check = underElectron ? (await import('./check-engine-electron.ts')).checkUnderElectron : checkUnderNode
  return check(...args)
}
