/** Coverage of every interval, unless a caller asks for another. */
export const CONFIDENCE = 0.95

/** Linear interpolation between order statistics (Hyndman & Fan, 1996, type 7; numpy's default). `sorted` ascends. */
export function percentile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p
  const below = Math.floor(at)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (at - below)
}

/**
 * Percentile bootstrap intervals (Efron & Tibshirani, 1993, section 13.3) of `size` numbers at once, each pointwise.
 * `draw` makes one resample and writes its numbers, [size]. Returns the ends, [size] each.
 */
export function percentileIntervals(
  size: number,
  resamples: number,
  confidence: number,
  draw: (out: Float64Array) => void,
): { readonly low: Float64Array; readonly high: Float64Array } {
  if (!(Number.isInteger(resamples) && resamples > 0))
    throw new RangeError(`A bootstrap needs a positive whole number of resamples; got ${resamples}`)
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1; got ${confidence}`)
  const drawn = Array.from({ length: size }, () => new Float64Array(resamples))
  const out = new Float64Array(size)
  for (let i = 0; i < resamples; i++) {
    draw(out)
    for (let j = 0; j < size; j++) drawn[j]![i] = out[j]!
  }
  for (const values of drawn) values.sort()
  const tail = (1 - confidence) / 2
  return {
    low: Float64Array.from(drawn, (values) => percentile(values, tail)),
    high: Float64Array.from(drawn, (values) => percentile(values, 1 - tail)),
  }
}
