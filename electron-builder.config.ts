// Installers of the desktop app; docs/desktop.md says how to build them. test/electron/package.test.ts builds the
// unpacked app for Linux from this file and looks at what is in it.
import type { Configuration } from 'electron-builder'

export default {
  appId: 'studio.cmaml',
  productName: 'C-MAML Studio',
  executableName: 'cmaml-studio',
  copyright: 'MIT License',
  directories: { output: 'dist', buildResources: 'resources/icons' },
  // better-sqlite3 and resvg bring binaries on Node's stable interface: nothing is compiled.
  npmRebuild: false,

  files: [
    'out/**',
    'package.json',
    'LICENSE',
    'THIRD_PARTY_NOTICES.md',
    // The command line is a program of its own: with the RunAsNode fuse off, Electron cannot start it.
    '!out/main/{cli,serve}.js',
    '!**/node_modules/{commander,ws}/**',
    '!**/*.map',
    '!**/*.{d.ts,d.mts,d.cts,md,ts,mts,cts}',
    'THIRD_PARTY_NOTICES.md',
    '!**/node_modules/{.bin,.package-lock.json}/**',
    // Node binaries that run the scripts of a checkout.
    '!**/node_modules/node-{linux,win,darwin}-*/**',
    // Only its core and its SVG renderer, as modules, draw figures.
    '!**/node_modules/{echarts,zrender}/{dist,theme,i18n,ssr,build,asset}/**',
    '!**/node_modules/better-sqlite3/{deps,src,binding.gyp}/**',
    '!**/node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}.node)',
    // A variant of the simulator with threads of its own.
    '!**/node_modules/@mujoco/mujoco/mt/**',
    '!**/node_modules/dejavu-fonts-ttf/ttf/!(DejaVuSans|DejaVuSans-Bold).ttf',
    '!**/node_modules/dejavu-fonts-ttf/fontconfig/**',
    '!**/node_modules/zod/src/**',
    // Under Node each package of tfjs is one file, beside the WebAssembly that one of them reads.
    '!**/node_modules/@tensorflow/*/!(dist)/**',
    '!**/node_modules/@tensorflow/*/dist/*/**',
    '!**/node_modules/@tensorflow/*/dist/!(*.node.js|*.wasm)',
  ],
  extraResources: [{ from: 'resources', to: 'resources', filter: ['**/*', '!icons/**'] }],
  asar: true,
  // Native code reads these by itself, and cannot look into an archive.
  asarUnpack: [
    '**/*.node',
    '**/node_modules/better-sqlite3/**',
    '**/node_modules/@resvg/**',
    '**/node_modules/@mujoco/mujoco/**',
    '**/node_modules/dejavu-fonts-ttf/**',
  ],

  // https://www.electronjs.org/docs/latest/tutorial/fuses: nobody turns the signed app into a plain Node.
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    // Pages come by the app's own scheme.
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  },
  // Chromium's own words (dialogs, context menus); the interface is in English.
  electronLanguages: ['en-US', 'en-GB'],

  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    icon: 'resources/icons/linux',
    synopsis: 'Constrained meta reinforcement learning',
    description: 'Experiment manager for constrained meta reinforcement learning',
    maintainer: 'C-MAML Studio <noreply@cmaml.studio>',
  },
  win: { target: [{ target: 'nsis', arch: ['x64'] }], icon: 'resources/icons/icon.ico' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
  mac: {
    target: [{ target: 'dmg', arch: ['arm64', 'x64'] }],
    category: 'public.app-category.education',
    icon: 'resources/icons/icon.icns',
    darkModeSupport: true,
  },
  // No name of a release server: an update is a new installer.
  publish: null,
} satisfies Configuration
