// What the program is built from; THIRD_PARTY_NOTICES.md has the same with the copyright of each.

export interface BuiltIn {
  readonly name: string
  readonly licence: string
  readonly address: string
}

export const OWN: BuiltIn = {
  name: 'C-MAML Studio',
  licence: 'MIT',
  address: 'https://spdx.org/licenses/MIT.html',
}

const github = (name: string, licence: string, repository: string): BuiltIn => ({
  name,
  licence,
  address: `https://github.com/${repository}`,
})

export const BUILT_IN: readonly BuiltIn[] = [
  github('better-sqlite3, with SQLite', 'MIT; public domain', 'WiseLibs/better-sqlite3'),
  github('commander', 'MIT', 'tj/commander.js'),
  github('DejaVu fonts', 'Bitstream Vera', 'dejavu-fonts/dejavu-fonts'),
  github('ECharts', 'Apache-2.0', 'apache/echarts'),
  github('Electron, with Chromium', 'MIT and others', 'electron/electron'),
  github('fflate', 'MIT', '101arrowz/fflate'),
  github('Fuse.js', 'Apache-2.0', 'krisk/Fuse'),
  github('hyparquet-writer', 'MIT', 'hyparam/hyparquet-writer'),
  github('MuJoCo', 'Apache-2.0', 'google-deepmind/mujoco'),
  github('Node.js', 'MIT', 'nodejs/node'),
  github('oRPC', 'MIT', 'middleapi/orpc'),
  github('pbf', 'BSD-3-Clause', 'mapbox/pbf'),
  github('Pinia', 'MIT', 'vuejs/pinia'),
  github('Reka UI', 'MIT', 'unovue/reka-ui'),
  github('resvg-js, with resvg', 'MPL-2.0; Apache-2.0 or MIT', 'thx/resvg-js'),
  github('TanStack Virtual', 'MIT', 'TanStack/virtual'),
  github('tar', 'BlueOak-1.0.0', 'isaacs/node-tar'),
  github('TensorFlow.js', 'Apache-2.0', 'tensorflow/tfjs'),
  github('three.js', 'MIT', 'mrdoob/three.js'),
  github('Vue, Vue Router', 'MIT', 'vuejs/core'),
  github('vue-echarts', 'MIT', 'ecomfe/vue-echarts'),
  github('VueUse', 'MIT', 'vueuse/vueuse'),
  github('ws', 'MIT', 'websockets/ws'),
  github('Zod', 'MIT', 'colinhacks/zod'),
]

/** Not in it, but followed: constants, geometry and algorithms. */
export const FOLLOWED: readonly BuiltIn[] = [
  github('NumPy', 'BSD-3-Clause', 'numpy/numpy'),
  github('OmniSafe', 'Apache-2.0', 'PKU-Alignment/omnisafe'),
  github('Safety-Gymnasium', 'Apache-2.0', 'PKU-Alignment/safety-gymnasium'),
]
