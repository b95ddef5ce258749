import { describe, expect, it } from 'vitest'
import { testStore } from './fixtures.ts'
import { fineTuning } from './samples.ts'

const content = { name: 'one', notes: '', layout: { band: 'sd-tasks' } }

describe('kept comparisons', () => {
  it('are found by id and name, and keep the order of their runs', async () => {
    const store = await testStore()
    const [a, b] = [store.createRun(fineTuning()).id, store.createRun(fineTuning()).id]
    const saved = store.comparisons.save({ ...content, runs: [b, a, b] })
    expect(saved).toMatchObject({ ...content, runs: [b, a], missing: 0, source: null })
    expect(store.comparisons.find('one')).toEqual(saved)
    store.comparisons.rename(saved.id, 'two')
    store.comparisons.setRuns(saved.id, [a])
    store.comparisons.setLayout(saved.id, { tasks: 'all' })
    const other = store.comparisons.save({ ...content, name: 'two', runs: [a] })
    expect(store.comparisons.list().map(({ id }) => id)).toEqual([other.id, saved.id])
    expect(store.comparisons.find(saved.id)).toMatchObject({ name: 'two', runs: [a], layout: { tasks: 'all' } })
    expect(() => store.comparisons.find('two')).toThrow('the name of several comparisons')
    expect(() => store.comparisons.save({ ...content, runs: ['nobody'] })).toThrow('There is no run "nobody"')
    expect(store.comparisons.list()).toHaveLength(2)
  })

  it('write notes over those that were read only', async () => {
    const store = await testStore()
    const { id } = store.comparisons.save({ ...content, runs: [store.createRun(fineTuning()).id] })
    expect(store.comparisons.setNotes(id, 'mine', '')).toBeNull()
    expect(store.comparisons.setNotes(id, 'yours', '')).toBe('mine')
    expect(store.comparisons.find(id).notes).toBe('mine')
  })

  it('come back after their removal until they are purged', async () => {
    const store = await testStore()
    const { id } = store.comparisons.save({ ...content, runs: [store.createRun(fineTuning()).id] })
    const removed = store.comparisons.remove(id)
    expect(store.comparisons.list()).toEqual([])
    expect(() => store.comparisons.rename(id, 'x')).toThrow(`There is no comparison "${id}"`)
    store.comparisons.purge(removed)
    store.comparisons.restore(id)
    expect(store.comparisons.find(id).name).toBe('one')
    store.comparisons.purge(store.comparisons.remove(id) + 1)
    expect(() => store.comparisons.restore(id)).toThrow(`There is no comparison "${id}"`)
  })

  it('are listed after their removal, and dropped only then', async () => {
    const store = await testStore()
    const runs = [store.createRun(fineTuning()).id, store.createRun(fineTuning()).id]
    const [first, second] = ['first', 'second'].map((name) => store.comparisons.save({ ...content, name, runs }).id)
    const removedAt = store.comparisons.remove(first!)
    expect(store.comparisons.removed()).toEqual([{ id: first, name: 'first', runs: 2, removedAt }])
    store.comparisons.drop([first!, second!])
    expect(store.comparisons.removed()).toEqual([])
    expect(() => store.comparisons.restore(first!)).toThrow('There is no comparison')
    expect(store.comparisons.find('second').runs).toEqual(runs)
  })

  it('miss runs in the bin and runs that were deleted', async () => {
    const store = await testStore()
    const ids = [1, 2, 3].map(() => {
      const { id } = store.createRun(fineTuning())
      store.finishRun(id, { status: 'stopped' })
      return id
    })
    const { id } = store.comparisons.save({ ...content, runs: ids })
    store.bin([ids[0]!])
    store.deleteRun(ids[1]!)
    expect(store.comparisons.find(id)).toMatchObject({ runs: [ids[2]], missing: 2 })
    store.restore([ids[0]!])
    expect(store.comparisons.find(id)).toMatchObject({ runs: [ids[0], ids[2]], missing: 1 })
  })
})
