import { expect, it } from 'vitest'
import { createChanges } from '../../../src/main/services/changes.ts'
import { follow } from '../../../src/main/services/follow.ts'
import { StoreError } from '../../../src/main/store/errors.ts'

const failingOnce = (error: Error) => {
  const changes = createChanges(() => Promise.resolve('the same'))
  let asked = 0
  return follow<number, { cursor: number }>(changes, 0, undefined, () => {
    if (asked++ === 0) throw error
    return { cursor: asked }
  })
}

it('asks again where the database was busy, though nothing changes any more', async () => {
  const stream = failingOnce(new StoreError('busy', 'in use'))
  expect((await stream.next()).value).toEqual({ cursor: 2 })
})

it('ends where the database is broken', async () => {
  await expect(failingOnce(new StoreError('corrupt', 'damaged')).next()).rejects.toThrow('damaged')
})
