import { afterEach, expect, it, vi } from 'vitest'
import { askRedraw, cancelRedraw } from '../../../src/renderer/charts/redraws.ts'

afterEach(() => vi.unstubAllGlobals())

/** Frames that come when the test says so. */
function frames(): () => number {
  const asked: (() => void)[] = []
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => asked.push(frame))
  return () => asked.splice(0).map((frame) => frame()).length
}
function busy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

it('draws once a frame what asked often, the newest of each', () => {
  const next = frames()
  const done: string[] = []
  const [a, b, c] = [Symbol(), Symbol(), Symbol()]
  askRedraw(a, () => done.push('a1'), false)
  askRedraw(b, () => done.push('b'), false)
  askRedraw(c, () => done.push('c'), false)
  askRedraw(a, () => done.push('a2'), false)
  cancelRedraw(c)
  expect(done).toEqual([])
  expect(next()).toBe(1)
  expect(done).toEqual(['a2', 'b'])
  expect(next()).toBe(0)
})

it('what is moved is drawn in every frame, and of the others in turn what the frame has room for', () => {
  const next = frames()
  const drawn: string[] = []
  const drawings = ['a', 'b', 'hand', 'c'].map((name) => ({ name, key: Symbol() }))
  const move = () =>
    drawings.forEach(({ name, key }) =>
      askRedraw(
        key,
        () => {
          drawn.push(name)
          busy(7)
        },
        name === 'hand',
      ),
    )
  for (let i = 0; i < 4; i++) {
    move()
    next()
  }
  expect(drawn).toEqual(['hand', 'a', 'hand', 'b', 'hand', 'c', 'hand', 'a'])
  while (next() > 0);
  expect(drawn.slice(8).toSorted()).toEqual(['b', 'c'])
})

it('a drawing that fails does not hold up the others', () => {
  const next = frames()
  const done: string[] = []
  const fails = () => {
    throw new Error('No picture.')
  }
  askRedraw(Symbol(), fails, false)
  askRedraw(Symbol(), () => done.push('b'), false)
  expect(next).toThrow('No picture.')
  next()
  expect(done).toEqual(['b'])
})
