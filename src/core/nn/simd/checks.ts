/** What the SIMD engine alone refuses: shapes that its kernels cannot take. */
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
