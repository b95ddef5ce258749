// A checkpoint out of one database and into another, by the commands that people use.
import { readFileSync, truncateSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../../src/main/store/open.ts'
import { iterationResult, metaTraining } from '../store/samples.ts'
import { cmaml, cmamlJson, temporaryFolder } from './cmaml.ts'

const folder = temporaryFolder()
const home = folder.path
const from = ['--db', join(home, 'from.sqlite')]
const to = ['--db', join(home, 'to.sqlite')]
const file = join(home, 'policy.safetensors')

interface Exported {
  file: string
  checkpoint: string
  sha256: string
}
interface Imported {
  checkpoint: string
  run: string | null
  iteration: number
  sha256: string
  card: { run: { name: string } } | null
}

beforeAll(async () => {
  const store = await openStore(from[1]!, { appVersion: '0.0.0-test', mode: 'create' })
  const { id } = store.createRun(metaTraining({ name: 'trained' }))
  store.commitIteration(id, iterationResult(1), true)
  store.commitIteration(id, iterationResult(2), false)
  store.finishRun(id, { status: 'completed' })
  store.close()
})
afterAll(() => folder[Symbol.dispose]())

it('goes from one database to the other by a file, with its card, and a second time changes nothing', async () => {
  const exported = await cmamlJson<Exported>(home, 'export', 'trained@1', '--out', file, ...from)
  const imported = await cmamlJson<Imported>(home, 'import', file, ...to)
  expect(imported).toMatchObject({
    run: null,
    iteration: 1,
    sha256: exported.sha256,
    card: { run: { name: 'trained' } },
  })
  expect((await cmamlJson<Imported>(home, 'import', file, ...to)).checkpoint).toBe(imported.checkpoint)
  const back = await cmaml(home, 'import', file, ...from)
  expect(back).toMatchObject({ code: 0, stdout: expect.stringMatching(/It is here already, of run/) })
})

it.each([
  ['onnx', /\.onnx$/],
  ['tfjs', /\.tfjs\.zip$/],
])('is written as %s, which the extension tells as well', async (format, extension) => {
  const named = await cmamlJson<Exported>(
    home,
    'export',
    'trained',
    '--format',
    format,
    '--out',
    join(home, format),
    ...from,
  )
  const out = join(home, `policy${{ onnx: '.onnx', tfjs: '.tfjs.zip' }[format]}`)
  expect(out).toMatch(extension)
  const told = await cmamlJson<Exported>(home, 'export', 'trained', '--out', out, ...from)
  expect(readFileSync(told.file)).toEqual(readFileSync(named.file))
})

it('a damaged file is refused with its reason, before a database is made', async () => {
  const damaged = join(home, 'damaged.safetensors')
  await cmamlJson(home, 'export', 'trained@1', '--out', damaged, ...from)
  truncateSync(damaged, 3000)
  const none = join(home, 'none.sqlite')
  const refused = await cmaml(home, 'import', damaged, '--db', none)
  expect(refused).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/damaged\.safetensors cannot be used: .*truncated/),
  })
  expect(refused.code).not.toBe(0)
  writeFileSync(damaged, 'text')
  expect((await cmaml(home, 'import', damaged, '--db', none)).stderr).toMatch(/it has only 4 bytes/)
  expect(existsSync(none)).toBe(false)
})
