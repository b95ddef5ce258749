// What `cmaml serve` does in a checkout without a build. The build is a stand-in; processes and exit codes are real.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const BUILDS = `
import { mkdirSync, writeFileSync } from 'node:fs'
mkdirSync('out/renderer', { recursive: true })
writeFileSync('out/renderer/index.html', '')
console.log('built with', process.argv[2])
`

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cmaml-build-'))
  cpSync(join(import.meta.dirname, '../../bin'), join(root, 'bin'), { recursive: true })
  write('package.json', '{ "type": "module" }')
  write('src/main/cli/main.ts', "console.log('runs', process.argv.slice(2).join(' '))")
  write('node_modules/electron-vite/bin/electron-vite.js', BUILDS)
  write('node_modules/electron-vite/package.json', '{ "type": "module" }')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}
const cmaml = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'bin/cmaml.mjs'), ...args], { cwd: tmpdir(), encoding: 'utf8' })

test('a fresh checkout builds its page before it serves it, and says so beside the output', () => {
  const { status, stdout, stderr } = cmaml('serve', '--json')
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'runs serve --json\n' })
  expect(stderr).toContain('Building the app ...\nbuilt with build')
  expect(cmaml('serve')).toMatchObject({ status: 0, stdout: 'runs serve\n', stderr: '' })
})

test.each([['runs'], ['serve', '--help'], ['show', 'serve']])('nothing is built for "%s %s"', (...args) => {
  expect(cmaml(...args)).toMatchObject({ status: 0, stderr: '' })
  expect(existsSync(join(root, 'out'))).toBe(false)
})

test('nothing is served that could not be built', () => {
  write('node_modules/electron-vite/bin/electron-vite.js', "throw new Error('no room')")
  const { status, stdout, stderr } = cmaml('serve')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain('no room')
  expect(stderr).toContain('The build failed.')
})
