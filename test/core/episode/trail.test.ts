import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reachOf, trailSegments } from '../../../src/core/episode/trail.ts'

test('a trail is cut where it begins and ends to cost', () => {
  expect(trailSegments([0, 0, 1, 1, 0], 0, 5)).toEqual([
    { from: 0, to: 2, costly: false },
    { from: 2, to: 4, costly: true },
    { from: 4, to: 5, costly: false },
  ])
  expect(trailSegments([0, 1], 1, 1)).toEqual([])
})

test('drawn piece by piece, every step is drawn once and as in the whole', () => {
  const costs = fc.array(fc.constantFrom(0, 1), { maxLength: 60 })
  fc.assert(
    fc.property(costs, fc.nat(60), (all, cut) => {
      const middle = Math.min(cut, all.length)
      const pieces = [...trailSegments(all, 0, middle), ...trailSegments(all, middle, all.length)]
      const steps = pieces.flatMap(({ from, to, costly }) =>
        Array.from({ length: to - from }, (_, i) => [from + i, Number(costly)]),
      )
      expect(steps).toEqual(all.map((cost, step) => [step, cost]))
    }),
  )
})

test('the reach is that of the farthest trail, and at least what is given', () => {
  const robot = Float64Array.of(0, 0, 9, 1, -2.5, 9)
  expect(reachOf([robot], 2)).toBe(2.5)
  expect(reachOf([robot], 3)).toBe(3)
})
