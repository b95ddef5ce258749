import { afterEach, expect, it, vi } from 'vitest'
import { takeTurn } from '../../../src/renderer/charts/turns.ts'

afterEach(() => vi.unstubAllGlobals())

/** Frames that come when the test says so. */
function frames(): () => void {
  const asked: (() => void)[] = []
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => asked.push(frame))
  return () => asked.splice(0).forEach((frame) => frame())
}
const settled = () => new Promise((resolve) => setTimeout(resolve))
function busy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

it('who asks first has the first turn, and who cancels has none', async () => {
  vi.stubGlobal('requestAnimationFrame', setImmediate)
  const done: string[] = []
  for (const name of ['a', 'b', 'c']) {
    const { cancel } = takeTurn(() => done.push(name))
    if (name === 'b') cancel()
  }
  expect(done).toEqual([])
  await vi.waitUntil(() => done.length > 1)
  expect(done).toEqual(['a', 'c'])
})

it('what is too much for a frame goes on in the next ones, and is taken up anew afterwards', async () => {
  const next = frames()
  const done: number[] = []
  for (const number of [1, 2, 3]) {
    takeTurn(() => {
      busy(13)
      done.push(number)
    })
  }
  await settled()
  expect(done).toEqual([1])
  next()
  await settled()
  expect(done).toEqual([1, 2])
  next()
  await settled()
  takeTurn(() => done.push(4))
  await settled()
  expect(done).toEqual([1, 2, 3, 4])
})
