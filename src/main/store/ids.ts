import { randomInt } from 'node:crypto'

/** Crockford's base 32 (https://www.crockford.com/base32.html), lower case: no i, l, o, u. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** 9 digits of 5 bits hold milliseconds until the year 3084; 4 more keep ids of other processes apart. */
const TIME_DIGITS = 9
const RANDOM_DIGITS = 4

let lastTime = 0

/** A short id; those of one process sort in the order of their creation, whatever the clock does. */
export function newId(): string {
  lastTime = Math.max(Date.now(), lastTime + 1)
  let id = ''
  for (let rest = lastTime; id.length < TIME_DIGITS; rest = Math.floor(rest / 32)) id = DIGITS[rest % 32]! + id
  while (id.length < TIME_DIGITS + RANDOM_DIGITS) id += DIGITS[randomInt(32)]!
  return id
}
