import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extract } from 'tar'
import { makeFolder } from '../../make-folder.ts'
import { processExists } from '../../process-exists.ts'
import { compileBinding } from './binding.ts'
import { checkEngine, type CheckedEngine, type CheckEngine } from './check-engine.ts'
import { download, DownloadError } from './download.ts'
import { enginesFolder } from './folder.ts'
import { machineProblems, thisMachine, type Machine } from './machine.ts'
import { engineOf, hostsFrom, type Engine, type EngineKind, type Part } from './parts.ts'

export { ENGINE_KINDS, type EngineKind } from './parts.ts'
export type { CheckedEngine } from './check-engine.ts'

export type InstallProgress =
  | { readonly step: 'download'; readonly what: string; readonly received: number; readonly total: number | null }
  | { readonly step: 'unpack' | 'compile' | 'check'; readonly what: string }

export interface InstallOptions {
  /** Where engines lie; `enginesFolder()` by default. */
  readonly folder?: string
  readonly onProgress?: (progress: InstallProgress) => void
  /** Ends the work; nothing of it stays. */
  readonly signal?: AbortSignal
  /** Mirrors and proxies; the process's environment by default. */
  readonly env?: NodeJS.ProcessEnv
  /** Loads what was installed in another process. */
  readonly check?: CheckEngine
  readonly machine?: Machine
}

/** An engine that could not be installed; what was there before still is. */
export class EngineInstallError extends Error {
  readonly kind: EngineKind
  /** Each a sentence. */
  readonly problems: readonly string[]

  constructor(kind: EngineKind, problems: readonly string[], options?: ErrorOptions) {
    super(`The engine ${kind} cannot be installed.\n${problems.map((problem) => `- ${problem}`).join('\n')}`, options)
    this.name = 'EngineInstallError'
    this.kind = kind
    this.problems = problems
  }
}

const STAGING = '.installing-'

/**
 * Installs an engine on this machine if it has what the engine needs.
 * @throws EngineInstallError, or the signal's reason
 */
export async function installEngine(kind: EngineKind, options: InstallOptions = {}): Promise<CheckedEngine> {
  const problems = machineProblems(kind, options.machine ?? (await thisMachine()))
  if (problems.length > 0) throw new EngineInstallError(kind, problems)
  return install(engineOf(kind, hostsFrom(options.env ?? process.env)), options)
}

/**
 * Downloads an engine, checks its hashes, unpacks it beside where it belongs, computes with it in another process and
 * only then puts it into place. Runs no script of any package.
 *
 * @throws EngineInstallError, or the signal's reason
 */
export async function install(engine: Engine, options: InstallOptions): Promise<CheckedEngine> {
  const { folder = enginesFolder(), onProgress = () => {}, signal, check = checkEngine } = options
  const staging = join(folder, `${STAGING}${process.pid}-${randomUUID()}`)
  try {
    makeFolder(folder)
    sweep(folder)
    mkdirSync(staging)
    const place = join(staging, 'node_modules', engine.package)
    const sources = await assemble(engine, place, options)
    onProgress({ step: 'check', what: engine.package })
    const checked = await check(staging, engine.kind, signal)
    signal?.throwIfAborted()
    writeFileSync(join(place, 'installed.json'), `${JSON.stringify({ ...checked, sources }, null, 2)}\n`)
    exchange(place, join(folder, 'node_modules', engine.package), join(staging, 'before'))
    return checked
  } catch (cause) {
    signal?.throwIfAborted()
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new EngineInstallError(engine.kind, [/[.?]$/.test(why) ? why : `${why}.`], { cause })
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/**
 * Fills the folder of the engine's package.
 * @returns SHA-256 of each archive by its address
 */
async function assemble(engine: Engine, place: string, options: InstallOptions): Promise<Record<string, string>> {
  const sources: Record<string, string> = {}
  for (const part of engine.parts) sources[part.url] = await obtain(part, place, options)
  if (!engine.binding) return sources
  try {
    sources[engine.binding.url] = await obtain(engine.binding, place, options)
  } catch (error) {
    // Not every version's was uploaded.
    if (!(error instanceof DownloadError) || error.status === null) throw error
    options.onProgress?.({ step: 'compile', what: engine.binding.name })
    await compileBinding(place, options.signal)
  }
  for (const aid of ['binding', 'build', 'deps/include']) rmSync(join(place, aid), { recursive: true, force: true })
  return sources
}

/** @returns SHA-256 of the archive */
async function obtain(part: Part, place: string, { onProgress, signal, env }: InstallOptions): Promise<string> {
  const { name: what, url, integrity, into, strip, keep } = part
  const target = join(place, into)
  mkdirSync(target, { recursive: true })
  const archive = join(place, 'archive.tgz')
  onProgress?.({ step: 'download', what, received: 0, total: null })
  const sha256 = await download(url, archive, {
    integrity,
    ...(signal && { signal }),
    ...(env && { env }),
    onBytes: (received, total) => onProgress?.({ step: 'download', what, received, total }),
  })
  onProgress?.({ step: 'unpack', what })
  const dropped = (path: string) => path.replace(/^\.\//, '').split('/').slice(strip).join('/')
  try {
    await extract({ file: archive, cwd: target, strip, strict: true, filter: (path) => keep(dropped(path)) })
  } catch (cause) {
    throw new Error(`${url} is not a whole archive (${(cause as Error).message})`, { cause })
  }
  signal?.throwIfAborted()
  rmSync(archive)
  return sha256
}

/** Puts `made` into `place`, and what was there back if that fails. */
function exchange(made: string, place: string, before: string): void {
  mkdirSync(dirname(place), { recursive: true })
  const was = existsSync(place)
  if (was) renameSync(place, before)
  try {
    renameSync(made, place)
  } catch (error) {
    if (was) renameSync(before, place)
    throw error
  }
}

/** Removes what installations left whose process was killed. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = new RegExp(`^\\${STAGING}(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !processExists(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true })
  }
}
