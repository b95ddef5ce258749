import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkUnderNode, type CheckedEngine } from '../../../../src/main/trainer/engines/check-engine.ts'
import {
  EngineInstallError,
  install,
  installEngine,
  type InstallOptions,
  type InstallProgress,
} from '../../../../src/main/trainer/engines/install.ts'
import { engineOf, hostsFrom, type Engine } from '../../../../src/main/trainer/engines/parts.ts'
import { dawnPlatform } from '../../../../src/main/trainer/engines/webgpu.ts'
import { integrityOf, pack, sendBytes, startHost, type StorageHost } from './storage-host.ts'

const PATH = '/webgpu/-/webgpu-0.6.2.tgz'
const WORKS: CheckedEngine = { device: 'a device', versions: { webgpu: '1' } }
/** Enough that a connection can break in the middle of it. */
const NATIVE = randomBytes(300_000)
const PACKAGE = {
  'package.json': '{ "name": "webgpu", "version": "0.6.2", "type": "module" }',
  'index.js': 'export const create = () => ({ requestAdapter: async () => null }), globals = {}',
  [`dist/${dawnPlatform()}/dawn.node`]: NATIVE,
  'dist/another-platform/dawn.node': 'x',
  'build/postinstall.js': 'process.exit(1)',
}

let scratch: string
let folder: string
let host: StorageHost
let archive: Buffer
let engine: Engine

beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'cmaml-install-'))
  folder = join(scratch, 'data/engines')
  host = await startHost()
  archive = await pack(scratch, PACKAGE)
  host.files.set(PATH, archive)
  engine = ofHost(archive)
})
afterEach(async () => {
  await host.close()
  rmSync(scratch, { recursive: true })
})

/** The engine of these bytes instead of the published ones. */
function ofHost(bytes: Buffer): Engine {
  const whole = engineOf('webgpu', hostsFrom({ npm_config_registry: host.url }))
  return { ...whole, parts: whole.parts.map((part) => ({ ...part, integrity: integrityOf(bytes) })) }
}

const run = (options: InstallOptions = {}, wanted = engine) =>
  install(wanted, { folder, env: {}, check: () => Promise.resolve(WORKS), ...options })

const failure = async (work: Promise<unknown>) =>
  (await work.then(
    () => null,
    (error: unknown) => error,
  )) as Error

const place = () => join(folder, 'node_modules/webgpu')
/** Nothing but installed packages lies in the folder. */
const expectTidy = () =>
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual(existsSync(place()) ? ['node_modules'] : [])

test('an engine is downloaded, checked and put into place, with what this machine needs of it only', async () => {
  const told: InstallProgress[] = []
  let triedIn = ''
  const check = (staging: string) => {
    triedIn = staging
    expect(existsSync(place())).toBe(false)
    expect(existsSync(join(staging, 'node_modules/webgpu/index.js'))).toBe(true)
    return Promise.resolve(WORKS)
  }
  expect(await run({ check, onProgress: (progress) => told.push(progress) })).toEqual(WORKS)
  expect(readdirSync(place()).toSorted()).toEqual(['dist', 'index.js', 'installed.json', 'package.json'])
  expect(readdirSync(join(place(), 'dist'))).toEqual([dawnPlatform()])
  expect(readFileSync(join(place(), 'dist', dawnPlatform(), 'dawn.node')).equals(NATIVE)).toBe(true)
  expect(JSON.parse(readFileSync(join(place(), 'installed.json'), 'utf8'))).toEqual({
    ...WORKS,
    sources: { [engine.parts[0]!.url]: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })
  expect(existsSync(triedIn)).toBe(false)
  expectTidy()
  const what = engine.parts[0]!.name
  expect(told).toContainEqual({ step: 'download', what, received: archive.length, total: archive.length })
  expect(told.map(({ step }) => step).filter((step, i, all) => step !== all[i - 1])).toEqual([
    'download',
    'unpack',
    'check',
  ])
})

test('a second installation takes the place of the first', async () => {
  await run()
  const newer = await pack(scratch, { ...PACKAGE, 'index.js': 'newer' })
  host.files.set(PATH, newer)
  await run({}, ofHost(newer))
  expect(readFileSync(join(place(), 'index.js'), 'utf8')).toBe('newer')
  expectTidy()
})

test('a connection that breaks is taken up where it broke', async () => {
  host.files.set(PATH, (request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '0')![0])
    sendBytes(response, archive, from, 100_000)
  })
  await run()
  expect(host.asked).toEqual([PATH, `${PATH} from 100000`, `${PATH} from 200000`, `${PATH} from 300000`])
  expect(readFileSync(join(place(), 'dist', dawnPlatform(), 'dawn.node')).equals(NATIVE)).toBe(true)
})

test('a server that sends the whole file again is understood', async () => {
  let times = 0
  host.files.set(PATH, (_request, response) => sendBytes(response, archive, 0, times++ === 0 ? 100_000 : Infinity))
  await run()
  expect(host.asked).toHaveLength(2)
  expect(readFileSync(join(place(), 'dist', dawnPlatform(), 'dawn.node')).equals(NATIVE)).toBe(true)
})

describe('with an engine that works in place', () => {
  let before: string
  const index = () => readFileSync(join(place(), 'index.js'), 'utf8')
  beforeEach(async () => {
    await run()
    before = index()
  })
  afterEach(() => {
    expect(index()).toBe(before)
    expectTidy()
  })

  test('a file with another hash is refused', async () => {
    host.files.set(PATH, await pack(scratch, { ...PACKAGE, 'index.js': 'forged' }))
    const error = await failure(run())
    expect(error).toBeInstanceOf(EngineInstallError)
    expect(error.message).toMatch(/webgpu-0\.6\.2\.tgz is not the file that was expected: its sha512 is/)
  })

  test.each([
    ['cut short', (whole: Buffer) => whole.subarray(0, 100_000)],
    ['no archive', () => Buffer.from('<html>Sign in to this network</html>')],
  ])('an archive that is %s is refused', async (_how, change) => {
    const bytes = change(archive)
    host.files.set(PATH, bytes)
    expect((await failure(run({}, ofHost(bytes)))).message).toContain('is not a whole archive')
  })

  test('a cancelled download ends at once with the reason', async () => {
    const cancel = new AbortController()
    // Half of it comes, then nothing.
    host.files.set(PATH, (_request, response) => {
      response.writeHead(200, { 'content-length': archive.length })
      response.write(archive.subarray(0, 100_000))
    })
    const reason = new Error('Cancelled')
    const onProgress = (progress: InstallProgress) => {
      if (progress.step === 'download' && progress.received > 0) cancel.abort(reason)
    }
    expect(await failure(run({ signal: cancel.signal, onProgress }))).toBe(reason)
  })

  test('a host that cannot be reached, does not have the file or goes round in circles is named', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const elsewhere = (url: string) => ({ ...engine, parts: engine.parts.map((part) => ({ ...part, url })) })
    expect((await failure(run({}, elsewhere(`http://127.0.0.1:${port}/x.tgz`)))).message).toMatch(
      /cannot be reached .*REFUSED/,
    )
    const unknown = await failure(run({}, elsewhere('http://no-such-host.invalid/x.tgz')))
    expect(unknown.message).toMatch(/no-such-host\.invalid\/x\.tgz cannot be reached/)
    expect((await failure(run({}, elsewhere(`${host.url}other.tgz`)))).message).toContain('the server answers 404')
    host.files.set(PATH, (_request, response) => response.writeHead(302, { location: PATH }).end())
    expect((await failure(run())).message).toContain('leads round in circles')
  })

  test('what does not work when it is tried is not put into place', async () => {
    // A real check, in a real process, which finds no graphics adapter.
    const error = await failure(run({ check: checkUnderNode }))
    expect(error.message).toMatch(/does not work here: .*no graphics adapter was found/)
  })

  test('what crashes when it is tried is not put into place', async () => {
    const crashing = await pack(scratch, { ...PACKAGE, 'index.js': 'process.abort()' })
    host.files.set(PATH, crashing)
    const error = await failure(run({ check: checkUnderNode }, ofHost(crashing)))
    expect(error.message).toMatch(/its process ended with (SIGABRT|\d+)/)
  })
})

test('a native module that its host does not have is compiled, or it is said why not', async () => {
  const part = engine.parts[0]!
  const binding = { ...part, name: 'native module', url: `${host.url}none.tar.gz`, integrity: null }
  const error = await failure(run({}, { ...engine, binding }))
  expect(error.message).toMatch(
    /native module .* cannot be downloaded, and (compiling it failed|there is no C\+\+ compiler)/,
  )
  expectTidy()
})

test('the proxy of the environment is asked', async () => {
  const proxied = `http://registry.invalid${PATH}`
  host.files.set(proxied, archive)
  const elsewhere = { ...engine, parts: engine.parts.map((part) => ({ ...part, url: proxied })) }
  await run({ env: { HTTP_PROXY: host.url } }, elsewhere)
  expect(host.asked).toEqual([proxied])
})

test('what a killed installation left is removed, what another one is doing is not', async () => {
  const [dead, alive] = [join(folder, '.installing-2147483646-a'), join(folder, `.installing-${process.pid}-b`)]
  for (const staging of [dead, alive]) mkdirSync(staging, { recursive: true })
  await run()
  expect(existsSync(dead)).toBe(false)
  expect(existsSync(alive)).toBe(true)
})

test('a machine that lacks something is told so before anything is downloaded', async () => {
  const machine = { platform: 'linux', arch: 'x64', gpus: null, libraries: new Set<string>() }
  const error = await failure(installEngine('gpu', { folder, machine, env: { npm_config_registry: host.url } }))
  expect(error).toBeInstanceOf(EngineInstallError)
  expect((error as EngineInstallError).problems).toHaveLength(3)
  expect(host.asked).toEqual([])
  expect(existsSync(folder)).toBe(false)
})

test('engines come from the published places, or from the mirrors of the environment', () => {
  const urls = (env: NodeJS.ProcessEnv) => {
    const { parts, binding } = engineOf('gpu', hostsFrom(env))
    return [...parts, binding!].map(({ url }) => url)
  }
  // As tfjs-node 4.22's scripts/install.js and its package.json's `binary` name them.
  expect(urls({})).toEqual([
    'https://registry.npmjs.org/@tensorflow/tfjs-node-gpu/-/tfjs-node-gpu-4.22.0.tgz',
    'https://registry.npmjs.org/google-protobuf/-/google-protobuf-3.21.4.tgz',
    'https://registry.npmjs.org/node-api-headers/-/node-api-headers-1.9.0.tgz',
    'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz',
    'https://storage.googleapis.com/tf-builds/pre-built-binary/napi-v8/4.22.0/GPU-linux-4.22.0.tar.gz',
  ])
  const mirrored = urls({ npm_config_registry: 'http://npm.local', TFJS_NODE_CDN_STORAGE: 'http://store.local/' })
  expect(mirrored.every((url) => /^http:\/\/(npm|store)\.local\/[^/]/.test(url))).toBe(true)
})
