// What was deleted, listed in the served page: brought back, deleted for good, and seen by another program.
import { expect, test } from 'vitest'
import type { BinContent } from '../../src/main/services/bin-keeper.ts'
import { iterationResult, metaTraining } from '../main/store/samples.ts'
import { fillStore, goTo, openApp } from './opened-app.ts'

const app = openApp((home) =>
  fillStore(home, (store) => {
    for (const name of ['kept', 'first', 'second', 'third']) {
      const { id } = store.createRun(metaTraining({ name }))
      store.commitIteration(id, iterationResult(1), true)
      store.finishRun(id, { status: 'stopped' })
      if (name === 'first') store.setNotes(id, 'Diverged after a restart')
    }
    const compared = store.runs().map(({ id }) => id)
    store.comparisons.save({ name: 'all of them', runs: compared, notes: '', layout: {} })
  }),
)
const { button } = app

const row = (name: string) => app.page.getByRole('row').filter({ hasText: name })
const inBin = async () =>
  (JSON.parse(await app.home.command('bin', '--json')) as BinContent).runs.map(({ name }) => name)

test('free text and note: find what is written in notes', async () => {
  await row('kept').waitFor()
  const filter = app.page.getByRole('combobox', { name: 'Filter the runs' })
  for (const text of ['restart', 'note:DIVERGED', '-note:kept note:"a restart"']) {
    await filter.fill(text)
    await row('second').waitFor({ state: 'detached' })
    await row('first').waitFor()
  }
  await filter.fill('no such words')
  await app.page.getByRole('heading', { name: 'No run matches' }).waitFor()
  // Beside the one in the field.
  const clear = button('Clear the filter').getByText('Clear the filter')
  expect((await clear.locator('xpath=ancestor-or-self::button').boundingBox())!.height).toBeLessThan(50)
  await clear.click()
  await row('second').waitFor()
})

test('deleted runs wait in the bin, which the runs and the palette lead to', async () => {
  await app.page.keyboard.press('Escape')
  for (const name of ['first', 'second', 'third']) {
    await row(name).getByText('Stopped').click()
    await app.page.keyboard.press('Delete')
    await row(name).waitFor({ state: 'detached' })
  }
  await app.page.getByRole('link', { name: '3 in the bin' }).click()
  await app.page.getByRole('heading', { name: 'Bin', level: 1 }).waitFor()
  for (const name of ['first', 'second', 'third']) await row(name).getByText(/kB|MB/).waitFor()
  expect(await row('first').textContent()).toContain('in 1')

  await app.page.goBack()
  await app.page.keyboard.press('Control+k')
  await app.page.getByRole('combobox', { name: 'Find a command' }).fill('bin')
  await app.page.keyboard.press('Enter')
  await row('third').waitFor()
})

test('one is brought back, another deleted for good after a question', async () => {
  await button('Restore first').click()
  await app.page.getByText('Brought first back', { exact: true }).waitFor()
  await row('first').waitFor({ state: 'detached' })

  await app.page.getByRole('checkbox', { name: 'Choose second' }).click()
  await button('Delete for good …').click()
  await app.page.getByRole('alertdialog').getByText('cannot be brought back').waitFor()
  await button('Cancel').click()
  expect(await inBin()).toEqual(['third', 'second'])
  await button('Delete for good …').click()
  await button('Delete for good').click()
  await app.page.getByText('second deleted for good', { exact: true }).waitFor()
  expect(await inBin()).toEqual(['third'])
  // An Undo of what is gone would only fail.
  expect(await app.page.getByRole('listitem').filter({ hasText: 'Deleted second' }).count()).toBe(0)
  expect(await app.page.getByRole('listitem').filter({ hasText: 'Deleted third' }).count()).toBe(1)
})

test('another program brings back too; the rest is emptied', async () => {
  await app.home.command('restore', 'third')
  await app.page.getByText('The bin is empty').waitFor()
  await goTo(app.page, '/')
  await row('third').getByText('Stopped').click()
  await app.page.keyboard.press('Delete')
  await app.page.getByRole('link', { name: '1 in the bin' }).click()
  // The last one alone is deleted; only who asks for the bin to be emptied empties it.
  await row('third').getByRole('button', { name: 'Delete third for good' }).click()
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good', exact: true }).waitFor()
  await button('Cancel').click()
  await button('Empty the bin …').click()
  await button('Empty the bin').click()
  await app.page.getByText('The bin is empty').waitFor()
  const runs = JSON.parse(await app.home.command('runs', '--json')) as { name: string }[]
  expect(runs.map(({ name }) => name)).toEqual(['first', 'kept'])
  expect(app.problems).toEqual([])
})
