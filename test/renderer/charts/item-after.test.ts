import { expect, it } from 'vitest'
import { DOWNWARDS, itemAfter, SIDEWAYS, UPWARDS } from '../../../src/renderer/charts/item-after.ts'

it.each([
  ['ArrowRight', 1, 2],
  ['ArrowLeft', 1, 0],
  ['ArrowLeft', 0, 0],
  ['ArrowRight', 3, 3],
  ['Home', 2, 0],
  ['End', 1, 3],
  // Where none is read yet, any key begins.
  ['ArrowLeft', -1, 0],
  ['ArrowRight', -1, 0],
])('%s from item %i of 4 leads to %i', (key, now, next) => {
  expect(itemAfter(key, now, 4, SIDEWAYS)).toBe(next)
})

it('arrows up and down go where the items stand, or nowhere', () => {
  const arrowDown = [SIDEWAYS, DOWNWARDS, UPWARDS].map((ways) => itemAfter('ArrowDown', 1, 4, ways))
  expect(arrowDown).toEqual([1, 2, 0])
  const arrowUp = [SIDEWAYS, DOWNWARDS, UPWARDS].map((ways) => itemAfter('ArrowUp', 1, 4, ways))
  expect(arrowUp).toEqual([1, 0, 2])
})
