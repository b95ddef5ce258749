import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  availableBackends,
  BackendUnavailableError,
  loadBackend,
  type BackendName,
} from '../../../../src/main/trainer/engines/backends.ts'
import { checkUnderNode } from '../../../../src/main/trainer/engines/check-engine.ts'
import { enginesFolder, findPackage } from '../../../../src/main/trainer/engines/folder.ts'
import { dawnPlatform } from '../../../../src/main/trainer/engines/webgpu.ts'

let empty: string
beforeAll(() => (empty = mkdtempSync(join(tmpdir(), 'cmaml-engines-'))))
afterAll(() => rmSync(empty, { recursive: true }))

/** A package on demand may also lie among the checkout's own. */
const inCheckout = (name: string) => findPackage(name, '/nowhere') !== null

test.each([
  ['wasm', 'WebAssembly SIMD, one thread', true],
  ['cpu', 'JavaScript, one thread', false],
] as const)('%s computes, and again after it was freed', async (name, device, transposeExplicitly) => {
  for (const _time of ['first', 'again']) {
    const loaded = await loadBackend(name)
    const { tf } = loaded
    expect(loaded).toMatchObject({ backend: name, device, transposeExplicitly })
    expect(loaded.versions).toEqual({
      '@tensorflow/tfjs-core': '4.22.0',
      [`@tensorflow/tfjs-backend-${name}`]: '4.22.0',
    })
    expect(tf.getBackend()).toBe(name)
    const product = tf.matMul(tf.tensor3d([1, 2, 3, 4], [1, 2, 2]), tf.tensor3d([5, 6, 7, 8], [1, 2, 2]), true, false)
    expect([...(await product.data())]).toEqual([26, 30, 38, 44])
    loaded.dispose()
    expect(tf.getBackend()).not.toBe(name)
  }
})

test('what is not installed is refused with the command that installs it', async () => {
  const unavailable = (name: BackendName) => loadBackend(name, empty).catch((error: unknown) => error)
  if (!inCheckout('webgpu')) {
    expect(await unavailable('webgpu')).toEqual(
      new BackendUnavailableError(
        'webgpu',
        'the package webgpu (Dawn) is not installed',
        '"cmaml engines install webgpu"',
      ),
    )
  }
  if (!inCheckout('@tensorflow/tfjs-node') && !inCheckout('@tensorflow/tfjs-node-gpu')) {
    const error = await unavailable('tensorflow')
    expect(error).toBeInstanceOf(BackendUnavailableError)
    expect((error as Error).message).toMatch(
      /neither .* is installed\. Install it in .* or with "cmaml engines install gpu" \(NVIDIA\) .*\.$/,
    )
  }
})

test('all backends are told with what they miss, the preferred first', () => {
  const backends = availableBackends(empty)
  expect(backends.map(({ backend }) => backend)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu'])
  expect(backends.slice(2).map(({ missing }) => missing)).toEqual([null, null])
  for (const { missing, install } of backends) expect(install.length > 0 || missing === null).toBe(true)
})

test('a package whose native module is missing or is none is refused', async () => {
  const folder = join(empty, 'broken')
  const put = (path: string, text: string) => {
    const file = join(folder, 'node_modules', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  put('@tensorflow/tfjs-node/package.json', '{ "version": "4.22.0" }')
  put('webgpu/package.json', '{ "version": "0.6.2", "type": "module" }')
  const missing = () => availableBackends(folder).map((status) => status.missing)
  expect(missing().slice(0, 2)).toEqual([
    'tfjs-node is there without its native module',
    `Dawn has no build for ${dawnPlatform()}`,
  ])

  put('@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node', 'no machine code')
  put(`webgpu/dist/${dawnPlatform()}/dawn.node`, 'no machine code')
  put(
    'webgpu/index.js',
    `import { createRequire } from 'node:module'
     export const { create } = createRequire(import.meta.url)('./dist/${dawnPlatform()}/dawn.node')`,
  )
  expect(missing()).toEqual([null, null, null, null])
  await expect(loadBackend('tensorflow', folder)).rejects.toThrow(
    /@tensorflow\/tfjs-node does not load \(.*binding\.node/,
  )
  await expect(loadBackend('webgpu', folder)).rejects.toThrow(/Dawn does not load \(.*dawn\.node/)
})

test('engines lie in the data folder, or where CMAML_ENGINES says', () => {
  expect(enginesFolder({ CMAML_ENGINES: '/somewhere', XDG_DATA_HOME: '/data' })).toBe('/somewhere')
  // A database of its own place does not move them.
  expect(enginesFolder({ CMAML_DB: '/project/runs.sqlite' })).toBe(enginesFolder({}))
})

// CMAML_ENGINES names engines to be tried here; without it there are none to expect.
const asked = process.env['CMAML_ENGINES']
const installed = asked === undefined ? [] : availableBackends(asked).filter(({ missing }) => missing === null)
for (const kind of ['tensorflow', 'webgpu'] as const) {
  test.runIf(installed.some(({ backend }) => backend === kind))(
    `${kind} computes in a process of its own`,
    async () => {
      const { device, versions } = await checkUnderNode(asked!, kind)
      expect(device).not.toBe('')
      expect(versions).toHaveProperty('@tensorflow/tfjs-core')
    },
  )
}
