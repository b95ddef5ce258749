/**
 * Installs an engine of TensorFlow.js on demand: node bin/run.mjs scripts/install-engine.ts gpu|tensorflow|webgpu [folder]
 * (npm run install:gpu, install:tensorflow, install:webgpu). docs/engines.md says what each needs.
 */
import { enginesFolder } from '../src/main/trainer/engines/folder.ts'
import {
  ENGINE_KINDS,
  EngineInstallError,
  installEngine,
  type InstallProgress,
} from '../src/main/trainer/engines/install.ts'

const [wanted, folder = enginesFolder()] = process.argv.slice(2)
const kind = ENGINE_KINDS.find((name) => name === wanted)
if (kind === undefined) {
  console.error(`Usage: node bin/run.mjs scripts/install-engine.ts ${ENGINE_KINDS.join('|')} [folder]`)
  process.exit(2)
}

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('Cancelled; nothing was installed.')))

/** One line per step, and per tenth of a large download. */
let last = ''
function report(progress: InstallProgress): void {
  const line = inWords(progress)
  if (line !== last) console.error(line)
  last = line
}

function inWords(progress: InstallProgress): string {
  if (progress.step !== 'download') return `${progress.step}: ${progress.what}`
  const { what, received, total } = progress
  const tenth = total === null || total === 0 ? 0 : Math.floor((10 * received) / total)
  return `download: ${what}${tenth === 0 ? '' : ` ${tenth * 10} %`}`
}

try {
  const { device, versions } = await installEngine(kind, { folder, onProgress: report, signal: interrupted.signal })
  console.log(`Installed in ${folder}.\nComputes on: ${device}`)
  for (const [name, version] of Object.entries(versions)) console.log(`${name} ${version}`)
} catch (error) {
  if (!(error instanceof EngineInstallError) && !interrupted.signal.aborted) throw error
  console.error((error as Error).message)
  process.exitCode = interrupted.signal.aborted ? 130 : 1
}
