// The real command in a child process, as a shell would start it.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../../bin/cmaml.mjs', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliProcess {
  readonly child: ChildProcess
  readonly result: Promise<CliResult>
  /** Resolves when `text` has appeared on standard output or error for the `count`-th time. */
  saw(text: string, count?: number): Promise<void>
}

/** Starts `cmaml` with arguments; the folder is its home, so that nothing of the user's is touched. */
export function startCmaml(home: string, ...args: string[]): CliProcess {
  const { CMAML_DB: _, CMAML_CONFIG_DIR: __, ...env } = process.env
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...env, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, APPDATA: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  const changed = () => {
    for (const watcher of watchers) watcher()
  }
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    changed()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    changed()
  })
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr })
      changed()
    })
  })
  const saw = (text: string, count = 1) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if ((stdout + stderr).split(text).length > count) resolve()
        else if (child.exitCode !== null) reject(new Error(`"${text}" never came:\n${stdout}\n${stderr}`))
        else return
        watchers.delete(check)
      }
      watchers.add(check)
      check()
    })
  return { child, result, saw }
}

export const cmaml = (home: string, ...args: string[]): Promise<CliResult> => startCmaml(home, ...args).result

/** The one JSON value of a command, or an error that shows what came instead. */
export async function cmamlJson<T>(home: string, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cmaml(home, ...args, '--json')
  if (code !== 0) throw new Error(`cmaml ${args.join(' ')} ended with ${code}:\n${stderr}`)
  return JSON.parse(stdout) as T
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** A folder that is removed at the end of a `using` scope. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'cmaml-cli-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Real training, as small as it can be. */
export const TINY = {
  costLimit: 5,
  environment: { world: 'environment-1', horizon: 40 },
  tasks: { trainingTo: 20, heldOutTo: 320 },
  policy: { hidden: [8] },
  inner: { episodes: 2 },
  critics: { minibatch: 32 },
  meta: { iterations: 3, tasksPerIteration: 3 },
  milestoneEvery: 2,
  fineTune: { tasks: 2, steps: 1, episodes: 2 },
}

/** Writes the tiny settings with changes to `tiny.json` in the folder. */
export function writeTiny(folder: string, changes: Record<string, unknown> = {}): string {
  const file = join(folder, 'tiny.json')
  writeFileSync(file, JSON.stringify({ description: 'for tests', ...TINY, ...changes }))
  return file
}

/** Writes a file into a folder and returns its path. */
export function writeInto(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
