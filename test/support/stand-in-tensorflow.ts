// A stand-in for the package @tensorflow/tfjs-node, installed in an engines folder as the real one would be: its kernels
// are those of the `cpu` backend, until something as large as a training's batch comes along. Then it fails as a native
// library can. Its native module is another package's: only that one is loaded matters here.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'

/**
 * What it does: ends the process, says that its device has no memory from then on, or none for large tensors, computes
 * wrongly from the start, or nothing bad.
 */
export type Misbehaviour = 'abort' | 'out of memory' | 'little memory' | 'wrong' | 'none'

/** The self-test of engines has fewer rows, the batches of `tinyConfig` have more. */
const LARGE = 60
/** Floats that little memory has room for: the self-test's, not a batch's. */
const ROOM = 5000

const require = createRequire(import.meta.url)

/** Installs it for the trainers that this test starts. */
export function installStandIn(misbehaviour: Misbehaviour, version = '0.0.0'): void {
  const folder = mkdtempSync(join(tmpdir(), 'cmaml-engines-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const place = join(folder, 'node_modules/@tensorflow/tfjs-node')
  for (const part of ['dist', 'lib/napi-v8']) mkdirSync(join(place, part), { recursive: true })
  const native = `prebuilds/${process.platform}-${process.arch}.node`
  const sqlite = join(require.resolve('better-sqlite3/package.json'), '..')
  copyFileSync(join(sqlite, native), join(place, 'lib/napi-v8/tfjs_binding.node'))
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name: '@tensorflow/tfjs-node', version }))
  writeFileSync(join(place, 'dist/nodejs_kernel_backend.js'), BACKEND)
  writeFileSync(join(place, 'dist/register_all_kernels.js'), kernels(misbehaviour))
  vi.stubEnv('CMAML_ENGINES', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** An engines folder without anything in it. */
export function installNothing(): void {
  const folder = mkdtempSync(join(tmpdir(), 'cmaml-engines-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  vi.stubEnv('CMAML_ENGINES', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
}

const CPU = JSON.stringify(require.resolve('@tensorflow/tfjs-backend-cpu'))

const BACKEND = `
const { MathBackendCPU } = require(${CPU})
exports.NodeJSKernelBackend = class extends MathBackendCPU {
  constructor(binding) {
    super()
    binding.TF_Version = 'stand-in'
    binding.isUsingGpuDevice = () => false
  }
}`

const kernels = (misbehaviour: Misbehaviour) => `
const tf = require('@tensorflow/tfjs-core')
require(${CPU})
const misbehaviour = ${JSON.stringify(misbehaviour)}
let met = false
for (const kernel of tf.getKernelsForBackend('cpu'))
  tf.registerKernel({ ...kernel, backendName: 'tensorflow', kernelFunc: kernel.kernelName === 'BatchMatMul' ? multiply(kernel.kernelFunc) : kernel.kernelFunc })
function multiply(kernelFunc) {
  return (call) => {
    const { shape } = call.inputs.a
    met ||= shape.some((size) => size >= ${LARGE})
    const isTooLarge = shape.reduce((product, size) => product * size, 1) > ${ROOM}
    if (met && misbehaviour === 'abort') process.abort()
    if (misbehaviour === 'out of memory' ? met : misbehaviour === 'little memory' && isTooLarge) throw new Error('OOM when allocating tensor with shape[20,90,64]')
    const product = kernelFunc(call)
    if (misbehaviour === 'wrong') {
      const values = call.backend.data.get(product.dataId).values
      for (let i = 0; i < values.length; i++) values[i] *= 1.01
    }
    return product
  }
}`
