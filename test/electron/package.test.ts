// What electron-builder would put into an installer: the unpacked app for Linux, built here from electron-builder.config.ts
// with an empty stand-in for Electron's own files (they would have to be downloaded).
import { extractFile, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Where @electron/fuses finds the fuses in Electron's binary: a mark, the version 1, their number, all removed or off. */
const FUSE_WIRE = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10110001'),
])
const ON = '1'.charCodeAt(0)
const OFF = '0'.charCodeAt(0)

describe.skipIf(process.platform !== 'linux')('the packaged app', () => {
  let folder: string
  let app: string
  /** Paths in the archive, without the leading slash. */
  let files: string[]

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cmaml-package-'))
    const electron = join(folder, 'electron')
    mkdirSync(join(electron, 'locales'), { recursive: true })
    mkdirSync(join(electron, 'resources'))
    writeFileSync(join(electron, 'electron'), FUSE_WIRE, { mode: 0o755 })
    for (const language of ['en-US', 'en-GB', 'de']) writeFileSync(join(electron, `locales/${language}.pak`), '')
    const built = join(folder, 'built')
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/electron-builder/cli.js'),
        ...['--config', 'electron-builder.config.ts', '--linux', 'dir', '--x64'],
        `-c.electronDist=${electron}`,
        `-c.directories.output=${built}`,
      ],
      { cwd: ROOT, encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`electron-builder failed:\n${stdout}\n${stderr}`)
    app = join(built, 'linux-unpacked')
    files = listPackage(join(app, 'resources/app.asar'), { isPack: false }).map((path) => path.slice(1))
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('holds the main process, the trainer and its workers, the preload script and the page', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        ...['index', 'trainer', 'worker'].map((name) => `out/main/${name}.js`),
        'out/preload/index.cjs',
        'out/renderer/index.html',
        'package.json',
        'LICENSE',
        'THIRD_PARTY_NOTICES.md',
      ]),
    )
  })

  test('holds every package that its programs import', () => {
    const programs = files.filter((path) => /^out\/main\/.*\.js$/.test(path))
    const imported = programs.flatMap((path) => {
      const source = extractFile(join(app, 'resources/app.asar'), path).toString()
      return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^."'\s][^"'\s]*)["']/g)].map(([, name]) => name!)
    })
    const packages = new Set(
      imported
        .filter((name) => name !== 'electron' && !name.startsWith('node:') && !builtinModules.includes(name))
        .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')),
    )
    expect([...packages]).toContain('better-sqlite3')
    for (const name of packages) expect(files).toContain(`node_modules/${name}/package.json`)
  })

  test('native code and what it reads lie outside the archive, for this platform only', () => {
    const unpacked = readdirSync(join(app, 'resources/app.asar.unpacked'), { recursive: true, encoding: 'utf8' })
    expect(unpacked.filter((path) => path.endsWith('.node')).toSorted()).toEqual([
      'node_modules/@resvg/resvg-js-linux-x64-gnu/resvgjs.linux-x64-gnu.node',
      'node_modules/better-sqlite3/prebuilds/linux-x64.node',
    ])
    expect(unpacked).toEqual(
      expect.arrayContaining([
        'node_modules/@mujoco/mujoco/mujoco.wasm',
        'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
        'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
      ]),
    )
  })

  test('holds TensorFlow.js for the engines that every machine has, and no native one', () => {
    const of = (path: string) => `node_modules/@tensorflow/${path}`
    const sources = ['core', 'backend-cpu', 'backend-wasm', 'backend-webgpu'].map((name) =>
      of(`tfjs-${name}/dist/tf-${name}.node.js`),
    )
    const wasm = of('tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm')
    expect(files).toEqual(expect.arrayContaining([...sources, wasm]))
    const archive = join(app, 'resources/app.asar')
    // As the engine reads it: https://webassembly.github.io/spec/core/binary/modules.html#binary-magic
    expect(extractFile(archive, wasm).subarray(0, 4).toString('latin1')).toBe('\0asm')
    for (const source of sources) {
      const { main } = JSON.parse(extractFile(archive, source.replace(/dist.*/, 'package.json')).toString()) as {
        main: string
      }
      expect(source.endsWith(main)).toBe(true)
      // Not those of its comments.
      const required = [
        ...extractFile(archive, source)
          .toString()
          .matchAll(/^[^/*\n]*\brequire\(['"]([^'".]+)['"]\)/gm),
      ]
      const packages = required.map(([, name]) => name!).filter((name) => !builtinModules.includes(name))
      for (const name of packages) expect(files, `${source} requires it`).toContain(`node_modules/${name}/package.json`)
    }
    // Dawn and libtensorflow are installed on demand; the union package and its parts only serve tests.
    const unwanted =
      /^node_modules\/(webgpu|@tensorflow\/tfjs(-node|-node-gpu|-layers|-converter|-data|-backend-webgl)?)\//
    expect(files.filter((path) => unwanted.test(path))).toEqual([])
  })

  test('kernels, presets and the demonstration lie where the program looks for them', () => {
    // src/main/resources.ts looks for resources/presets in every folder above the program.
    const resources = join(app, 'resources/resources')
    for (const path of ['kernels', 'presets'])
      expect(readdirSync(join(resources, path), { recursive: true })).toEqual(
        readdirSync(join(ROOT, 'resources', path), { recursive: true }),
      )
    expect(existsSync(join(resources, 'demonstration.cmaml'))).toBe(
      existsSync(join(ROOT, 'resources/demonstration.cmaml')),
    )
  })

  test('holds nothing of the workshop', () => {
    const unwanted = [
      /^(src|test|bench|scripts|docs|bin)\//,
      /\.(ts|map|vue)$/,
      // Other programs and their packages.
      /^out\/main\/(cli|serve)\.js$/,
      /^node_modules\/(commander|ws)\//,
      /^node_modules\/node-(linux|win|darwin)/,
      // Only the page uses these, and it has them built in.
      /^node_modules\/(@vue|vue|vue-router|vue-echarts|pinia|reka-ui|fuse\.js|@vueuse|@tanstack|@floating-ui)\//,
      /^node_modules\/(electron|electron-builder|vite|vitest|typescript|eslint|prettier|playwright-core|@babel|postcss)\//,
      /^node_modules\/@mujoco\/mujoco\/mt\//,
    ]
    expect(files.filter((path) => unwanted.some((pattern) => pattern.test(path)))).toEqual([])
    expect(readdirSync(join(app, 'locales')).toSorted()).toEqual(['en-GB.pak', 'en-US.pak'])
  })

  test('its fuses are set', async () => {
    expect(await getCurrentFuseWire(join(app, 'cmaml-studio'))).toMatchObject({
      [FuseV1Options.RunAsNode]: OFF,
      [FuseV1Options.EnableCookieEncryption]: ON,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
      [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ON,
      [FuseV1Options.OnlyLoadAppFromAsar]: ON,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
    })
  })
})
