// The way of a new user without a mouse: whatever has the focus is seen, and nothing is out of reach or a trap.
import { describe, expect, test } from 'vitest'
import { openApp, PATIENCE, stepByStep } from './opened-app.ts'

/** As little to do as a run can have, with another limit than the quickstart's. */
const SMALLER = {
  environment: { world: 'environment-1' },
  costLimit: 10,
  inner: { episodes: 2 },
  meta: { iterations: 1, tasksPerIteration: 2 },
  fineTune: { tasks: 0, steps: 5 },
}

/** More stops than any screen has between two controls. */
const MOST_STOPS = 80

describe('without a mouse', PATIENCE, () => {
  const app = openApp()
  const { heading } = app
  stepByStep()

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await app.page.keyboard.press(key)
  }
  const type = (text: string) => app.page.keyboard.insertText(text)

  /** What has the focus: how assistive technology calls it, and whether an eye finds it. */
  const focused = () =>
    app.page.evaluate(() => {
      const element = document.activeElement as HTMLElement
      const label = (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent ?? ''
      // The focus of the table is on one of its lines.
      const line = element.matches('.grid') ? element.querySelector('.line.active') : null
      const outlined = (style: CSSStyleDeclaration) =>
        style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0
      // A field may be a part of what looks like one.
      const shown = [element, element.parentElement ?? element].map((one) => getComputedStyle(one))
      return {
        name: (element.getAttribute('aria-label') ?? label).trim(),
        tag: element.tagName.toLowerCase(),
        isSeen: line ? outlined(getComputedStyle(line, '::after')) : shown.some(outlined),
      }
    })

  /** Goes on by Tab, as far as the control of that name; each stop on the way must be seen. */
  async function tabTo(name: string, key = 'Tab'): Promise<void> {
    const stops: string[] = []
    for (let i = 0; i < MOST_STOPS; i++) {
      await press(key)
      const stop = await focused()
      if (stop.tag !== 'body')
        expect(stop, `the focus is seen on ${stop.tag} “${stop.name}”`).toHaveProperty('isSeen', true)
      if (stop.name === name) return
      stops.push(stop.name === '' ? stop.tag : stop.name)
    }
    throw new Error(`Tab does not come to “${name}”, but to: ${stops.join(', ')}`)
  }

  /** Opens the palette, and does what it finds first. */
  async function command(words: string): Promise<void> {
    await press('Control+k')
    await app.page.getByRole('dialog').getByRole('combobox').waitFor()
    await type(words)
    await app.page.getByRole('dialog').getByRole('option').first().waitFor()
    await press('Enter')
    await app.page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  const row = (name: string) => app.page.getByRole('row', { name })
  const state = (word: string) => app.page.locator('.run-header').getByText(word, { exact: true })
  const grid = () => app.page.getByRole('grid', { name: 'Runs' })
  const hasFocus = (role: 'grid' | 'main') =>
    expect
      .poll(() =>
        app.page.evaluate((wanted) => document.activeElement?.matches(wanted), role === 'grid' ? '.grid' : 'main'),
      )
      .toBe(true)

  test('the first stop skips the navigation; the quickstart is reached and started', async () => {
    await press('Tab')
    expect(await focused()).toMatchObject({ name: 'Skip to the content', isSeen: true })
    await press('Enter')
    await hasFocus('main')
    await tabTo('Start the quickstart')
    await press('Enter')
    await row('Quickstart').getByText('Running').waitFor()
  })

  test('the table takes the focus, and opens the run', async () => {
    await hasFocus('grid')
    await press('ArrowDown')
    expect(await focused()).toMatchObject({ name: 'Runs', isSeen: true })
    await press('Enter')
    await heading('Quickstart').waitFor()
    await hasFocus('main')
  })

  test('the run is stopped, resumed and stopped at once', async () => {
    await tabTo('Stop after this iteration')
    await press('Enter')
    await state('Stopped').waitFor()
    // From where the button was, which went with what it did.
    await tabTo('Resume', 'Shift+Tab')
    await press('Enter')
    await state('Running').waitFor()
    await command('stop this run now')
    await tabTo('Stop now')
    await press('Enter')
    await state('Stopped').waitFor()
  })

  test('parts of the run are chosen by arrows, and a dialog gives the focus back', async () => {
    await tabTo('Charts')
    await press('ArrowRight', 'ArrowRight')
    await app.page.getByRole('tab', { name: 'Configuration', selected: true }).waitFor()
    const before = await focused()
    await press('F2')
    await app.page.getByRole('dialog').getByLabel('Name').waitFor()
    await press('Control+a')
    await type('by keyboard')
    await press('Enter')
    await heading('by keyboard').waitFor()
    await expect.poll(focused).toEqual(before)
  })

  test('it is renamed in the table, tagged and found', async () => {
    await press('g', 'r')
    await row('by keyboard').waitFor()
    await hasFocus('grid')
    await press('ArrowDown', 'F2')
    await app.page.getByLabel('Name of the run').waitFor()
    await press('Control+a')
    await type('first try')
    await press('Enter')
    await row('first try').waitFor()
    await hasFocus('grid')
    await press('t')
    await app.page.getByLabel('Add a tag').waitFor()
    await type('kept')
    await press('Enter')
    await row('first try').getByText('kept').waitFor()
    await press('Escape')
    await hasFocus('grid')
    await press('/')
    await type('tag:kept')
    await press('Enter')
    await row('first try').waitFor()
    await hasFocus('grid')
    await press('/', 'Escape', 'Escape', 'Escape')
    await hasFocus('grid')
    expect(await app.page.getByLabel('Filter the runs').inputValue()).toBe('')
  })

  test('one like it is configured from the menu of its line, and started', async () => {
    await hasFocus('grid')
    await press('ArrowDown', 'Shift+F10')
    await app.page.getByRole('menu').waitFor()
    // As one types ahead: the next line that begins so.
    await press('d')
    await expect.poll(async () => (await focused()).name).toMatch(/^Duplicate/)
    await press('Enter')
    await heading('New run').waitFor()
    await tabTo('JSON')
    await press('Enter')
    await tabTo('Settings as JSON')
    await press('Control+a')
    await type(JSON.stringify(SMALLER))
    await tabTo('Name')
    await press('Control+a')
    await type('second try')
    await app.page.getByRole('heading', { name: /changed from first try/ }).waitFor()
    await press('Control+Enter')
    await heading('Queue').waitFor()
    await press('g', 'r')
    await row('second try').getByText('Completed').waitFor()
  })

  test('both are compared', async () => {
    await hasFocus('grid')
    await press('Control+a', 'd')
    await heading('Settings of 2 runs').waitFor()
    await app.page.getByRole('rowheader', { name: 'costLimit' }).waitFor()
    await press('Alt+ArrowLeft')
    await hasFocus('grid')
  })

  test('one is deleted; it comes back by the shortcut, and by the message', async () => {
    await press('Escape', 'Home', 'ArrowUp')
    await press('Home')
    const name = await grid().locator('.line.active .link').textContent()
    await press('Delete')
    await row(name!).waitFor({ state: 'detached' })
    await hasFocus('grid')
    await press('Control+z')
    await row(name!).waitFor()
    await press('Home', 'Delete')
    await row(name!).waitFor({ state: 'detached' })
    await press('F8')
    await tabTo('Undo')
    await press('Enter')
    await row(name!).waitFor()
  })

  test('the palette opens the settings, where the theme is chosen', async () => {
    await command('go to settings')
    await heading('Settings').waitFor()
    await tabTo('As the system')
    await press('ArrowRight', 'ArrowRight')
    const scheme = () => app.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
    await expect.poll(scheme).toBe('dark')
    await command('light theme')
    await expect.poll(scheme).toBe('light')
    await press('?')
    await app.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await press('Escape')
    await app.page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('and nothing went wrong in the page meanwhile', () => {
    expect(app.problems).toEqual([])
  })
})
