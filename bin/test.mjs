// npm test: every check of the project, in the order in which they fail fastest. Arguments go to vitest:
//   npm test -- test/core/env
// The last line is always "N passed, N failed"; each check before vitest counts as one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureNode } from './node-guard.mjs'

await ensureNode(import.meta.url)
// TypeScript, so not before the guard.
const { ensureChromium } = await import('../test/setup/chromium.ts')

const root = fileURLToPath(new URL('..', import.meta.url))
const env = { ...process.env, PATH: dirname(process.execPath) + delimiter + process.env.PATH }

let passed = 0
let failed = 0

/** @param {string} name @param {() => boolean} check */
function step(name, check) {
  console.log(`\n== ${name}`)
  let ok = false
  try {
    ok = check()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
  if (ok) passed += 1
  else failed += 1
  if (!ok) console.error(`${name}: failed`)
}

/** Runs the script of a package under this Node. @param {string} script @param {string[]} args */
function tool(script, ...args) {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  return result.status === 0
}

function tests() {
  const folder = mkdtempSync(join(tmpdir(), 'cmaml-test-'))
  const report = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const ok = tool('vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2))
    const counts = JSON.parse(readFileSync(report, 'utf8'))
    passed += counts.numPassedTests
    failed += counts.numFailedTests
    // A file that does not load, an unhandled rejection: failures that belong to no test.
    if (!ok && counts.numFailedTests === 0) failed += 1
  } catch (error) {
    failed += 1
    console.error('vitest left no report:', error instanceof Error ? error.message : error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

step('browser', () => {
  env.CHROME_PATH = ensureChromium()
  console.log(env.CHROME_PATH)
  return true
})
step('format', () => tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'))
step('lint', () => tool('eslint/bin/eslint.js', '.', '--max-warnings', '0'))
step('types', () => tool('vue-tsc/bin/vue-tsc.js', '--noEmit'))
step('build', () => tool('electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'))
console.log('\n== tests')
tests()

console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
