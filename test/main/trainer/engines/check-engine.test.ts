// Trying an engine in a process of its own: under Node and as a utility process of Electron's, which the stand-in makes
// of a Node process.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkUnderNode } from '../../../../src/main/trainer/engines/check-engine.ts'
import { dawnPlatform } from '../../../../src/main/trainer/engines/webgpu.ts'

const PROGRAM = join(import.meta.dirname, 'check-in-process.ts')
const AS_ELECTRON = ['--import', join(import.meta.dirname, '../../../electron/register.ts')]

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'cmaml-check-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** A package `webgpu` with this program instead of Dawn. */
function put(name: string, index: string): string {
  const place = join(folder, name, 'node_modules/webgpu')
  const build = join(place, 'dist', dawnPlatform())
  mkdirSync(build, { recursive: true })
  writeFileSync(join(build, 'dawn.node'), '')
  writeFileSync(join(place, 'package.json'), '{ "version": "0.6.2", "type": "module" }')
  writeFileSync(join(place, 'index.js'), index)
  return join(folder, name)
}

describe.each([
  ['under Node', [], /SIG|exit code/],
  ['under Electron', AS_ELECTRON, /exit code/],
])('%s', (_where, how, end) => {
  const check = (place: string) =>
    JSON.parse(execFileSync(process.execPath, [...how, PROGRAM, place, 'webgpu'], { encoding: 'utf8' })) as object

  test('what does not load says why', () => {
    const place = put('empty', 'export const create = () => ({ requestAdapter: async () => null }), globals = {}')
    expect(check(place)).toEqual({
      error: expect.stringMatching(/^What was downloaded does not work here: .*no graphics adapter was found/),
    })
  })

  test('what crashes says how, with its last words', () => {
    const place = put('crash', "import { writeSync } from 'node:fs'; writeSync(2, 'last words'); process.abort()")
    const { error } = check(place) as { error: string }
    expect(error).toMatch(/its process ended with/)
    expect(error).toMatch(end)
    expect(error).toContain('last words')
  })
})

test('a check that never ends is ended with its reason when it is cancelled', async () => {
  const place = put('endless', 'await new Promise((resolve) => setInterval(resolve, 1e9)); export const create = null')
  const cancel = new AbortController()
  const reason = new Error('Cancelled')
  setTimeout(() => cancel.abort(reason), 300)
  await expect(checkUnderNode(place, 'webgpu', cancel.signal)).rejects.toBe(reason)
})
