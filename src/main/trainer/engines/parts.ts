import type { BackendName } from './backend.ts'
import { dawnPlatform } from './webgpu.ts'

/** What can be installed on demand. */
export const ENGINE_KINDS = ['gpu', 'tensorflow', 'webgpu'] as const
export type EngineKind = (typeof ENGINE_KINDS)[number]

/** Where packages and native libraries come from, each with a slash at the end. */
export interface Hosts {
  readonly registry: string
  readonly storage: string
}

/** An archive (.tar.gz) that an engine consists of. */
export interface Part {
  readonly name: string
  readonly url: string
  /** Hash of the archive as in a lockfile, `sha512-<base64>`; null where its owner publishes none. */
  readonly integrity: string | null
  /** Folder inside the engine's package. */
  readonly into: string
  /** Leading folders of its paths that are dropped. */
  readonly strip: number
  /** Which of its files are kept, by path after `strip`. */
  readonly keep: (path: string) => boolean
}

export interface Engine {
  readonly kind: EngineKind
  readonly backend: BackendName
  /** The package that all of it is put into. */
  readonly package: string
  readonly parts: readonly Part[]
  /** tfjs-node's native module, compiled here if its host has none. */
  readonly binding: Part | null
}

/** The version of tfjs-core in package.json: tfjs-node's kernels must match it. */
const TFJS = '4.22.0'
const WEBGPU = '0.6.2'
const LIBTENSORFLOW = '2.9.1'

/** Hashes that the registry states for these versions. */
const PACKAGES = {
  '@tensorflow/tfjs-node':
    'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  '@tensorflow/tfjs-node-gpu':
    'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
  webgpu: 'sha512-3L4GfmqJLvYUIEWJngEQY+2HQiUlAFkg8+P8NDDj3Xx5hHHIFO/r8JW+ynfqBj7kHN4mbnwO74uB+lrRtLhp4Q==',
  'google-protobuf': 'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
  'node-api-headers': 'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
} as const

/**
 * TensorFlow publishes no hashes. The CPU build's stands alike in several independent build recipes, e.g. nixpkgs'
 * mjolnir/package.nix and microsoft/tensorflow-directml-plugin; the GPU build's beside it in wamuir/graft's.
 */
const LIBTENSORFLOW_SHA256 = {
  'cpu-linux-x86_64': 'f1ENJUbj214QsdEZRjaJAD1YeEKJKtPJW8pRz4KCAXM=',
  'gpu-linux-x86_64': 'IMRvdh1ZBfWSxOrAgS6OUNnLQ5+UQKk5GRLPTALti+g=',
}

/** Mirrors by the names that npm and tfjs-node use for them. */
export function hostsFrom(env: NodeJS.ProcessEnv): Hosts {
  const withSlash = (url: string) => url.replace(/\/*$/, '/')
  return {
    registry: withSlash(env['npm_config_registry'] || 'https://registry.npmjs.org'),
    storage: withSlash(env['TFJS_NODE_CDN_STORAGE'] || env['CDN_STORAGE'] || 'https://storage.googleapis.com'),
  }
}

/** Where tfjs-node has its native module, by the version of Node-API that it was built for. */
export const BINDING_FOLDER = 'lib/napi-v8'

/** What an engine consists of: on this machine for WebGPU, on Linux x64 for TensorFlow (`machineProblems` says so). */
export function engineOf(kind: EngineKind, hosts: Hosts): Engine {
  if (kind === 'webgpu') {
    const files = ['index.js', 'package.json', 'LICENSE.md']
    const build = `dist/${dawnPlatform()}/`
    const keep = (path: string) => files.includes(path) || path.startsWith(build)
    const parts = [npm(hosts, 'webgpu', WEBGPU, { keep })]
    return { kind, backend: 'webgpu', package: 'webgpu', parts, binding: null }
  }
  const gpu = kind === 'gpu'
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  const system = gpu ? 'gpu-linux-x86_64' : 'cpu-linux-x86_64'
  return {
    kind,
    backend: 'tensorflow',
    package: name,
    parts: [
      // Node-API's headers and the module's sources serve a compilation.
      npm(hosts, name, TFJS, { keep: (path) => /^(package\.json|dist\/.*(?<!_test)\.js|binding\/.*)$/.test(path) }),
      npm(hosts, 'google-protobuf', '3.21.4', { into: 'node_modules/google-protobuf' }),
      npm(hosts, 'node-api-headers', '1.9.0', { into: 'build/node-api' }),
      {
        name: `libtensorflow ${LIBTENSORFLOW}`,
        url: `${hosts.storage}tensorflow/libtensorflow/libtensorflow-${system}-${LIBTENSORFLOW}.tar.gz`,
        integrity: `sha256-${LIBTENSORFLOW_SHA256[system]}`,
        into: 'deps',
        strip: 0,
        keep: (path) => /^(\.\/)?(lib|include|LICENSE|THIRD_PARTY)/.test(path),
      },
    ],
    binding: {
      name: 'native module of tfjs-node',
      url: `${hosts.storage}tf-builds/pre-built-binary/napi-v8/${TFJS}/${gpu ? 'GPU' : 'CPU'}-linux-${TFJS}.tar.gz`,
      integrity: null,
      into: BINDING_FOLDER,
      strip: 1,
      keep: (path) => path.endsWith('.node'),
    },
  }
}

function npm(
  { registry }: Hosts,
  name: keyof typeof PACKAGES,
  version: string,
  { into = '', keep = () => true }: Partial<Pick<Part, 'into' | 'keep'>>,
): Part {
  const file = `${name.split('/').at(-1)!}-${version}.tgz`
  const url = `${registry}${name}/-/${file}`
  return { name: `${name} ${version}`, url, integrity: PACKAGES[name], into, strip: 1, keep }
}
