// Every entry point in bin/ starts here. The sources are TypeScript that Node 24 runs as it is, and better-sqlite3's
// binary crashes without a word under Node 20; so an older Node hands over to the Node 24 that npm installed beside us.
// This file itself must run under any Node that supports ES modules.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The release line that the project is developed and tested with. */
const PREFERRED_MAJOR = 24

/** The oldest Node that runs TypeScript without a flag; accepted where npm has no Node 24 for the platform (macOS). */
const OLDEST = [22, 18]

/**
 * Resolves when this process may go on; else runs the same command line under the bundled Node 24 and exits with its
 * exit code, or exits with an explanation.
 *
 * @param {string} entryUrl `import.meta.url` of the entry point
 * @returns {Promise<void>}
 */
export async function ensureNode(entryUrl) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major >= PREFERRED_MAJOR) return endWithWrapper()
  const entry = fileURLToPath(entryUrl)
  const bundled = findBundledNode(dirname(entry))
  if (bundled !== undefined) return handOver(bundled, entry)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return
  console.error(
    `cmaml-studio needs Node ${OLDEST.join('.')} or newer (${PREFERRED_MAJOR} is best); this is Node ${process.versions.node}.\n` +
      (process.platform === 'darwin'
        ? `npm carries no Node for macOS: install Node ${PREFERRED_MAJOR} (https://nodejs.org, Homebrew or nvm) and run the command again.`
        : `The bundled Node ${PREFERRED_MAJOR} is missing for ${process.platform}-${process.arch}: run "npm ci" (without --omit=optional), ` +
          `or install Node ${PREFERRED_MAJOR} from https://nodejs.org.`),
  )
  process.exit(1)
}

/**
 * The Node binary of the optional dependency `node-<platform>-<arch>`, in this package or in one that installed it.
 *
 * @param {string} from folder where the search for node_modules starts
 * @returns {string | undefined}
 */
export function findBundledNode(from) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', `node-${platform}-${process.arch}`, 'bin', binary)
    if (existsSync(candidate)) return candidate
    if (dirname(folder) === folder) return undefined
  }
}

/** Set for a process that another one handed its command line to. */
const HANDED_OVER = 'CMAML_HANDED_OVER'

/** Whoever kills the process that he started, kill -9 included, means this one: it ends in order. */
function endWithWrapper() {
  if (process.env[HANDED_OVER] === undefined) return
  delete process.env[HANDED_OVER]
  process.channel?.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}

/**
 * Never resolves: this process lives on only to pass signals down and the exit code up.
 *
 * @param {string} node
 * @param {string} entry
 * @returns {Promise<never>}
 */
function handOver(node, entry) {
  const child = spawn(node, [...process.execArgv, entry, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [HANDED_OVER]: '1' },
  })
  // A terminal sends Ctrl-C to the child as well: here it is only kept from ending this process first.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Could not start ${node}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)))
  return new Promise(() => {})
}
