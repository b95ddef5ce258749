import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openingBounds, readWindowState } from '../../../src/main/app/window-state.ts'

const LAPTOP = { x: 0, y: 25, width: 1440, height: 875 }
const MONITOR = { x: 1440, y: 0, width: 2560, height: 1440 }

test('a window comes back on the display that it was on', () => {
  const kept = { x: 1600, y: 100, width: 1800, height: 1200 }
  expect(openingBounds(kept, [LAPTOP, MONITOR])).toEqual(kept)
})

test('on a display that is gone it keeps its size as far as that fits, and no position', () => {
  const kept = { x: 1600, y: 100, width: 1800, height: 1200 }
  expect(openingBounds(kept, [LAPTOP])).toEqual({ width: 1440, height: 875 })
})

test.each([
  ['above the display', { x: 100, y: -40, width: 1000, height: 700 }],
  ['below its edge', { x: 100, y: 890, width: 1000, height: 700 }],
  ['almost out at the left', { x: -950, y: 100, width: 1000, height: 700 }],
  ['almost out at the right', { x: 1400, y: 100, width: 1000, height: 700 }],
])('a window that lies %s could not be moved: it gets a new place', (_where, kept) => {
  expect(openingBounds(kept, [LAPTOP])).toEqual({ width: 1000, height: 700 })
})

test('a first window is of the usual size, on a small display smaller, never below what the page needs', () => {
  expect(openingBounds(undefined, [MONITOR])).toEqual({ width: 1440, height: 900 })
  expect(openingBounds(undefined, [{ x: 0, y: 0, width: 1280, height: 500 }])).toEqual({ width: 1280, height: 560 })
})

test.each(['', '{', '{}', '{"bounds":{"x":0,"y":0,"width":-5,"height":700},"maximised":false}', 'null'])(
  'a state file that holds %j is forgotten',
  (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'cmaml-window-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'window.json')
    expect(readWindowState(file)).toBeUndefined()
    writeFileSync(file, text)
    expect(readWindowState(file)).toBeUndefined()
  },
)
