/** What every engine refuses: whatever would read or write outside its memory, or average over nothing. */
import type { Batch } from '../rl/batch.ts'
import type { CriticFit, CriticFitSettings } from './learner.ts'

/** Most critics that one fit takes. */
export const MAX_CRITICS = 4

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

/** Rejects what would read or write outside the batch, or silently train on nothing. */
export function expectFits(
  batch: Batch,
  fits: readonly CriticFit[],
  epochs: readonly Int32Array[],
  settings: CriticFitSettings,
  parameters: number,
): void {
  if (fits.length > MAX_CRITICS) throw new RangeError(`At most ${MAX_CRITICS} critics fit at once; got ${fits.length}.`)
  if (!(Number.isSafeInteger(settings.minibatch) && settings.minibatch >= 1)) {
    throw new RangeError(`A minibatch is a whole number of rows, at least 1; got ${settings.minibatch}.`)
  }
  for (const { critic, targets } of fits) {
    if (critic.parameters.length !== parameters) {
      throw new RangeError(`A critic has ${critic.parameters.length} parameters; ${parameters} are needed.`)
    }
    if (targets.length < batch.size) {
      throw new RangeError(`A critic has ${targets.length} targets for ${batch.size} rows.`)
    }
  }
  for (const rows of epochs) {
    const foreign = rows.find((row) => row < 0 || row >= batch.size)
    if (foreign !== undefined) throw new RangeError(`Row ${foreign} is not among the batch's ${batch.size} rows.`)
  }
}
