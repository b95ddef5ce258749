import { expect, it } from 'vitest'
import { runRow } from '../../../src/main/services/run-rows.ts'
import { testStore } from '../store/fixtures.ts'
import { metaTraining } from '../store/samples.ts'

it('a row is the one of the list, with its tags, and stays up to date', async () => {
  const store = await testStore()
  const [first, second] = ['first', 'second'].map((name) => store.createRun(metaTraining({ name })).id) as [
    string,
    string,
  ]
  store.organise([first, second], { addTags: ['paper', 'draft'] })
  store.organise([second], { removeTags: ['draft'], pinned: true })
  const row = (id: string) => store.changesSince(null).rows.find((listed) => listed.id === id)
  expect(runRow(store, first)).toEqual(row(first))
  expect(runRow(store, first)).toMatchObject({ name: 'first', tags: ['draft', 'paper'], pinned: false })
  expect(runRow(store, second)).toEqual(row(second))
  store.rename(first, 'renamed')
  expect(runRow(store, first)).toEqual({ ...row(first), name: 'renamed' })
})

it('there is none of a run in the bin, or of none at all', async () => {
  const store = await testStore()
  const { id } = store.createRun(metaTraining())
  store.finishRun(id, { status: 'stopped' })
  store.bin([id])
  expect(() => runRow(store, id)).toThrow(`run ${id} is in the bin`)
  expect(() => runRow(store, 'nobody')).toThrow('There is no run "nobody"')
})
