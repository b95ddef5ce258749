// What an entry point does under a Node that is too old. The age is pretended; processes and exit codes are real.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ENTRY = `
import { ensureNode } from './node-guard.mjs'
await ensureNode(import.meta.url)
console.log('went on')
`

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cmaml-guard-'))
  mkdirSync(join(root, 'bin'))
  copyFileSync(join(import.meta.dirname, '../../bin/node-guard.mjs'), join(root, 'bin/node-guard.mjs'))
  writeFileSync(join(root, 'bin/entry.mjs'), ENTRY)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a Node that is new enough goes on', () => {
  for (const version of ['22.18.0', '24.0.0', '26.1.0'])
    expect(runEntry(version)).toMatchObject({ stdout: 'went on\n' })
})

test('an old Node without a newer one beside it explains itself', () => {
  for (const version of ['18.20.0', '20.20.2', '22.17.1']) {
    const { status, stdout, stderr } = runEntry(version)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(`this is Node ${version}`)
    expect(stderr).toContain(process.platform === 'darwin' ? 'install Node 24' : 'run "npm ci"')
  }
})

test.skipIf(process.platform === 'win32')('an old Node hands arguments and exit code over to the bundled one', () => {
  const bundled = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  mkdirSync(dirname(bundled), { recursive: true })
  writeFileSync(bundled, '#!/bin/sh\nfor last in "$@"; do :; done\necho "bundled: $last"\nexit 7\n')
  chmodSync(bundled, 0o755)
  expect(runEntry('22.20.0', '--seed 3')).toMatchObject({ status: 7, stdout: 'bundled: --seed 3\n' })
  expect(runEntry('24.0.0')).toMatchObject({ status: 0, stdout: 'went on\n' })
})

test.skipIf(process.platform === 'win32')(
  'kill -9 of the process that was started ends the work in order',
  async () => {
    const bundled = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
    mkdirSync(dirname(bundled), { recursive: true })
    symlinkSync(process.execPath, bundled)
    const ended = join(root, 'ended')
    writeFileSync(
      join(root, 'bin/entry.mjs'),
      `${ENTRY}
import { writeFileSync } from 'node:fs'
process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(ended)}, ''); process.exit(0) })
setInterval(() => {}, 1000)`,
    )
    // The age is pretended to the first process only.
    const pretend =
      "if (process.env.CMAML_HANDED_OVER === undefined) Object.defineProperty(process, 'versions', " +
      "{ value: { ...process.versions, node: '20.20.2' } })"
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
    const started = spawn(process.execPath, [...flags, join(root, 'bin/entry.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(started.stdout, 'data')
    started.kill('SIGKILL')
    await expect.poll(() => existsSync(ended)).toBe(true)
  },
)

function runEntry(version: string, ...args: string[]) {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`]
  return spawnSync(process.execPath, [...flags, join(root, 'bin/entry.mjs'), ...args], { encoding: 'utf8' })
}
