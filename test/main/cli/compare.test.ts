import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../../src/main/store/open.ts'
import { storeStudy, studyTasks } from '../services/compare/stored-study.ts'
import { cmaml, cmamlJson, temporaryFolder } from './cmaml.ts'

test('a comparison is kept and written as files, and another database gets it back', async () => {
  using folder = temporaryFolder()
  const home = folder.path
  const at = (name: string) => join(home, name)
  const store = await openStore(at('runs.sqlite'), { appVersion: 'test', mode: 'create' })
  const { runs } = storeStudy(store, studyTasks())
  store.close()
  const compare = (database: string, ...options: string[]) =>
    cmaml(home, 'compare', '--db', at(`${database}.sqlite`), ...options)
  const files = ['--html', at('report.html'), '--zip', at('all.zip')]

  expect((await compare('runs', '--list')).stdout).toContain('figure-4, smoke: 2 initialisations x 4 tasks x 2 seeds')
  const kept = await compare('runs', ...runs, '--save', 'mine', '--notes', 'by hand', ...files)
  expect(kept).toMatchObject({ code: 0, stdout: expect.stringContaining('(mine)') as string })
  expect(readFileSync(at('report.html'), 'utf8')).toContain('by hand')
  const refused = await compare('runs', '--saved', 'mine', ...files)
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('report.html exists already') as string })
  expect(await compare('runs')).toMatchObject({ code: 2, stderr: expect.stringContaining('Name runs') as string })

  const imported = await cmaml(home, 'import', at('all.zip'), '--db', at('other.sqlite'))
  expect(imported.stdout).toMatch(/comparison \S+: mine/)
  const [here, there] = await Promise.all(
    ['runs', 'other'].map((database) =>
      cmamlJson<object>(home, 'compare', '--saved', 'mine', '--db', at(`${database}.sqlite`)),
    ),
  )
  expect({ ...there, runs: [] }).toEqual({ ...here, runs: [] })
  expect(await compare('other', '--saved', 'mine', '--forget')).toMatchObject({ code: 0 })
  expect(await compare('other', '--saved', 'mine')).toMatchObject({ code: 2 })
}, 60_000)
