import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BINDING_FOLDER } from './parts.ts'

/**
 * Compiles tfjs-node's native module in its package's folder, as its binding.gyp does on Linux: against libtensorflow in
 * `deps/` and Node-API's headers. Node-API is stable, so that any later Node and Electron load the result.
 *
 * @throws Error that names what is missing
 */
export async function compileBinding(folder: string, signal?: AbortSignal): Promise<void> {
  mkdirSync(join(folder, BINDING_FOLDER), { recursive: true })
  const options = [
    ...['-O2', '-std=c++14', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
    ...['-Ibuild/node-api/include', '-Ideps/include'],
    ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'],
    ...['-Ldeps/lib', '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ...['-o', `${BINDING_FOLDER}/tfjs_binding.node`],
  ]
  try {
    await promisify(execFile)('c++', options, { cwd: folder, ...(signal && { signal }) })
  } catch (cause) {
    signal?.throwIfAborted()
    const { code, stderr } = cause as { code?: unknown; stderr?: string }
    const why =
      code === 'ENOENT'
        ? 'and there is no C++ compiler to build it with; install one, e.g. apt install g++'
        : `and compiling it failed: ${stderr?.trim().split('\n').slice(-3).join(' ')}`
    throw new Error(`The native module of tfjs-node cannot be downloaded, ${why}.`, { cause })
  }
}
