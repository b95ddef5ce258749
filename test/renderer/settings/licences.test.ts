import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BUILT_IN, FOLLOWED } from '../../../src/renderer/settings/licences.ts'

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')

/** Where a package is named otherwise in the list than in package.json. */
const NAMES: Record<string, string> = {
  '@mujoco/mujoco': 'MuJoCo',
  '@orpc/client': 'oRPC',
  '@orpc/contract': 'oRPC',
  '@orpc/server': 'oRPC',
  '@resvg/resvg-js': 'resvg-js',
  '@tanstack/vue-virtual': 'TanStack Virtual',
  '@tensorflow/tfjs-backend-cpu': 'TensorFlow.js',
  '@tensorflow/tfjs-backend-wasm': 'TensorFlow.js',
  '@tensorflow/tfjs-backend-webgpu': 'TensorFlow.js',
  '@tensorflow/tfjs-core': 'TensorFlow.js',
  '@vueuse/core': 'VueUse',
  'dejavu-fonts-ttf': 'DejaVu fonts',
  'fuse.js': 'Fuse.js',
  'reka-ui': 'Reka UI',
  'vue-router': 'Vue Router',
}

test('every package of the installed program is named', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  const named = BUILT_IN.map(({ name }) => name)
    .join('; ')
    .toLowerCase()
  const missing = Object.keys(dependencies).filter((name) => !named.includes((NAMES[name] ?? name).toLowerCase()))
  expect(missing).toEqual([])
})

test('what is followed is what the notices name', () => {
  const notices = read('THIRD_PARTY_NOTICES.md')
  for (const { address, licence } of FOLLOWED) {
    expect(notices).toContain(`(${address})`)
    expect(notices).toContain(licence)
  }
})
