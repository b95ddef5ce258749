import { expect, it } from 'vitest'
import { newId } from '../../../src/main/store/ids.ts'

it('ids are short, distinct and in order, many to a millisecond', () => {
  const ids = Array.from({ length: 2000 }, newId)
  expect(new Set(ids.map((id) => id.slice(0, 9))).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
  for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{13}$/)
})

it('ids begin with the time', () => {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz'
  const time = [...newId().slice(0, 9)].reduce((sum, digit) => sum * 32 + digits.indexOf(digit), 0)
  // The ids above ran ahead of the clock by their number at most.
  expect(Math.abs(time - Date.now())).toBeLessThan(60_000)
})
