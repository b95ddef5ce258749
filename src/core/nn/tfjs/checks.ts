/** What the TensorFlow.js engine alone refuses, beside ../checks.ts. */
import type { ForTask } from '../batched-learner.ts'
import type { PolicyShape } from '../policy.ts'

export function expectShape({ observationSize, hidden, actionSize }: PolicyShape): void {
  const whole = (value: number) => Number.isSafeInteger(value) && value > 0
  if (!whole(observationSize)) {
    throw new RangeError(`The observation size is a positive whole number; got ${observationSize}.`)
  }
  if (hidden.length === 0 || !hidden.every(whole)) {
    throw new RangeError(
      `The TensorFlow.js engine takes one or more hidden layers of positive whole widths; got [${hidden.join(', ')}].`,
    )
  }
  if (!whole(actionSize)) throw new RangeError(`The action size is a positive whole number; got ${actionSize}.`)
}

export function expectTasks(tasks: number): void {
  if (Number.isSafeInteger(tasks) && tasks >= 1) return
  throw new RangeError(`The tasks of a call are a whole number of at least 1; got ${tasks}.`)
}

/** Places of a call: among those of the engine, none twice. */
export function expectPlaces(requests: readonly ForTask<readonly unknown[]>[], tasks: number): void {
  const named = new Set<number>()
  for (const { place } of requests) {
    if (!(Number.isSafeInteger(place) && place >= 0 && place < tasks)) {
      throw new RangeError(`Place ${place} is not among the engine's ${tasks} places.`)
    }
    if (named.has(place)) throw new RangeError(`A call names place ${place} twice.`)
    named.add(place)
  }
}
