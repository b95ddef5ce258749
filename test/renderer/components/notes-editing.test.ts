import { expect, test, vi } from 'vitest'
import type { WriteNotes } from '../../../src/renderer/components/notes-editing.ts'

vi.stubGlobal('window', { connectToMain: () => () => {} })
const { editNotes, enterNotes, leaveNotes } = await import('../../../src/renderer/components/notes-editing.ts')

/** One place for the notes, which refuses what was written over another text, as the machine does. */
function place(stored = '') {
  const write: WriteNotes = async (notes, was) => {
    await Promise.resolve()
    if (stored !== was) return stored
    stored = notes
    return undefined
  }
  return { write, stored: () => stored }
}

test('of two windows the second is told what the first stored, and loses nothing', async () => {
  const { write, stored } = place()
  const [first, second] = [editNotes('', write), editNotes('', write)]
  first.text.value = 'from the first'
  await first.save()
  second.text.value = 'from the second'
  await second.save()
  expect([stored(), second.theirs.value, second.text.value]).toEqual([
    'from the first',
    'from the first',
    'from the second',
  ])
  await second.save()
  expect(stored(), 'until somebody chooses').toBe('from the first')
  await second.keepMine()
  expect([stored(), second.theirs.value, second.isChanged.value]).toEqual(['from the second', undefined, false])
})

test('theirs can be taken, and written on', async () => {
  const { write, stored } = place('theirs')
  const editing = editNotes('', write)
  editing.text.value = 'mine'
  await editing.save()
  editing.takeTheirs()
  expect([editing.text.value, editing.isChanged.value]).toEqual(['theirs', false])
  editing.text.value += ' and mine'
  await editing.save()
  expect(stored()).toBe('theirs and mine')
})

test('what is read anew is shown, but not under what is being written, which meets it when it is saved', async () => {
  const { write } = place('theirs')
  const editing = editNotes('', write)
  editing.text.value = 'mine'
  editing.reread('theirs')
  await editing.save()
  expect([editing.text.value, editing.theirs.value]).toEqual(['mine', 'theirs'])
  const idle = editNotes('', write)
  idle.reread('theirs')
  expect(idle.text.value).toBe('theirs')
})

test('saves that meet do not conflict with one another, and the last text is stored', async () => {
  const { write, stored } = place()
  const editing = editNotes('', write)
  editing.text.value = 'a'
  const first = editing.save()
  editing.text.value = 'ab'
  await Promise.all([first, editing.save()])
  expect([stored(), editing.theirs.value, editing.isChanged.value]).toEqual(['ab', undefined, false])
})

test('our own text, of which the answer was lost, is no conflict', async () => {
  const { write, stored } = place()
  let lost = true
  const editing = editNotes('', async (notes, was) => {
    const answer = await write(notes, was)
    if (!lost) return answer
    lost = false
    throw new Error('the connection broke')
  })
  editing.text.value = 'a'
  await expect(editing.save()).rejects.toThrow('broke')
  editing.text.value = 'ab'
  await editing.save()
  expect([stored(), editing.theirs.value]).toEqual(['ab', undefined])
})

test('a conflict that is left undecided is there when its run is opened again, with both texts', async () => {
  const { write, stored } = place('theirs')
  const first = enterNotes('run', '', write)
  first.text.value = 'mine'
  await leaveNotes('run', first)
  expect(stored()).toBe('theirs')
  expect(enterNotes('another run', 'its own', write).text.value).toBe('its own')
  const again = enterNotes('run', 'theirs', write)
  expect([again.text.value, again.theirs.value]).toEqual(['mine', 'theirs'])
  await again.keepMine()
  await leaveNotes('run', again)
  expect(stored()).toBe('mine')
  expect(enterNotes('run', 'mine, read anew', write).text.value).toBe('mine, read anew')
})

test('what could not be stored when its screen was left is there again, too', async () => {
  const { write, stored } = place()
  let isBroken = true
  const failing: WriteNotes = (...asked) => (isBroken ? Promise.reject(new Error('offline')) : write(...asked))
  const first = enterNotes('broken', '', failing)
  first.text.value = 'mine'
  await expect(leaveNotes('broken', first)).rejects.toThrow('offline')
  isBroken = false
  const again = enterNotes('broken', '', failing)
  await again.save()
  expect([stored(), again.text.value]).toEqual(['mine', 'mine'])
})
