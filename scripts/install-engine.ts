/**
 * Installs an engine of TensorFlow.js on demand: node bin/run.mjs scripts/install-engine.ts gpu|tensorflow|webgpu [folder]
 * (npm run install:gpu, install:tensorflow, install:webgpu). docs/engines.md says what each needs.
 */
import { installProgress } from '../src/main/cli/install-progress.ts'
import { installHere } from '../src/main/services/engines/install.ts'
import { InvalidRequest } from '../src/main/services/invalid-request.ts'
import { enginesFolder } from '../src/main/trainer/engines/folder.ts'
import { ENGINE_KINDS, EngineInstallError } from '../src/main/trainer/engines/install.ts'

const [wanted, folder = enginesFolder()] = process.argv.slice(2)
const kind = ENGINE_KINDS.find((name) => name === wanted)
if (kind === undefined) {
  console.error(`Usage: node bin/run.mjs scripts/install-engine.ts ${ENGINE_KINDS.join('|')} [folder]`)
  process.exit(2)
}

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('Cancelled; nothing was installed.')))

try {
  const onProgress = installProgress((line) => console.error(line))
  const { device, versions } = await installHere(kind, { folder, onProgress, signal: interrupted.signal })
  console.log(`Installed in ${folder}.\nComputes on: ${device}`)
  for (const [name, version] of Object.entries(versions)) console.log(`${name} ${version}`)
} catch (error) {
  const isSaid = error instanceof EngineInstallError || error instanceof InvalidRequest
  if (!isSaid && !interrupted.signal.aborted) throw error
  console.error((error as Error).message)
  process.exitCode = interrupted.signal.aborted ? 130 : 1
}
