/** What the engine refuses: whatever would read or write outside its memory, or average over nothing. */
import type { Batch } from '../../rl/batch.ts'
import type { PolicyShape } from '../policy.ts'

export function expectShape({ observationSize, hidden, actionSize }: PolicyShape): void {
  const whole = (value: number, factor: number) => Number.isSafeInteger(value / factor) && value > 0
  if (!whole(observationSize, 4)) {
    throw new RangeError(`The SIMD engine takes observation sizes that are multiples of 4; got ${observationSize}.`)
  }
  if (hidden.length === 0 || !hidden.every((width) => whole(width, 8))) {
    throw new RangeError(
      `The SIMD engine takes hidden layers whose widths are multiples of 8; got [${hidden.join(', ')}].`,
    )
  }
  if (!whole(actionSize, 1)) throw new RangeError(`The action size is a positive whole number; got ${actionSize}.`)
}

export function expectLength(what: string, array: Float32Array, length: number): void {
  if (array.length !== length) throw new RangeError(`${what} has ${array.length} elements; ${length} are needed.`)
}

/** For arrays that may be longer than what is in use, such as a batch's. */
export function expectAtLeast(what: string, array: Float32Array, length: number): void {
  if (array.length < length) throw new RangeError(`${what} has ${array.length} elements; ${length} are needed.`)
}

export function expectRows(rows: number, capacity: number): void {
  if (rows > capacity) throw new RangeError(`Row ${rows} is beyond the batch's capacity of ${capacity}.`)
}

export function expectBindable(batch: Batch, fisherStride: number): void {
  expectRows(batch.size, batch.capacity)
  if (batch.size === 0) throw new RangeError('The batch has no rows.')
  if (Number.isSafeInteger(fisherStride) && fisherStride >= 1) return
  throw new RangeError(`The Fisher stride is a whole number of at least 1; got ${fisherStride}.`)
}
