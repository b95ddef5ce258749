// Files that a study has written, and files that only lie beside them.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { studyFile, studyResults } from '../../../../src/main/services/jobs/study-results.ts'
import { temporaryFile, testStore } from '../../store/fixtures.ts'

const order = { study: 'figure-4', scale: 'smoke' }

async function studyJob(files: readonly string[], request: object = order) {
  const file = temporaryFile()
  const store = await testStore(file)
  const { id } = store.jobs.add(
    { kind: 'study', name: 'figure-4, smoke', request: JSON.stringify({ kind: 'study', order }), run: null },
    false,
  )
  const folder = join(dirname(file), 'study-figure-4-smoke')
  mkdirSync(folder)
  writeFileSync(join(folder, 'study.json'), JSON.stringify({ study: 'figure-4', request, files }))
  return { store, id, folder }
}

it('are listed with the folder, and read by their names', async () => {
  const { store, id, folder } = await studyJob(['figure-4.png', 'figure-4.svg'])
  writeFileSync(join(folder, 'figure-4.png'), 'picture')
  writeFileSync(join(folder, 'tables.csv'), 'table')
  expect(studyResults(store, id)).toMatchObject({
    folder,
    // The SVG is gone.
    files: [{ name: 'figure-4.png', size: 7 }, { name: 'tables.csv', size: 5 }, { name: 'study.json' }],
  })
  const { type, bytes } = studyFile(store, id, 'figure-4.png')
  expect([type, new TextDecoder().decode(bytes)]).toEqual(['image/png', 'picture'])
  expect(() => studyFile(store, id, 'figure-4.svg')).toThrow(/no file figure-4\.svg/)
})

it('are no others, whatever the folder or its study.json says', async () => {
  const { store, id, folder } = await studyJob(['../secret.csv', 'secret.txt', 'linked.csv', 'figure-4.csv'])
  writeFileSync(join(dirname(folder), 'secret.csv'), 'secret')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'figure-4.csv'), 'data')
  symlinkSync(join(dirname(folder), 'secret.csv'), join(folder, 'linked.csv'))
  expect(studyResults(store, id).files.map(({ name }) => name)).toEqual(['figure-4.csv', 'study.json'])
  for (const name of ['../secret.csv', 'secret.txt', 'linked.csv'])
    expect(() => studyFile(store, id, name)).toThrow(/There is no file/)
})

it('are none where the folder has those of another order', async () => {
  const { store, id, folder } = await studyJob([], { ...order, seeds: [9] })
  // The study did not write there, nor where it would now.
  expect(studyResults(store, id)).toEqual({ folder: `${folder}-2`, files: [] })
  const training = store.jobs.add({ kind: 'train', name: 'x', request: '{"kind":"resume"}', run: null }, false)
  expect(() => studyResults(store, training.id)).toThrow(/no study/)
})
