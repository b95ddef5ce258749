/**
 * Exponential moving average with bias correction (Kingma and Ba, Adam, https://arxiv.org/abs/1412.6980, section 3):
 *
 *     s_i = w s_(i-1) + (1 - w) y_i,    answer_i = s_i / (1 - w^i)
 *
 * so that the first values are not drawn towards zero. `weight` w lies in 0 (the values themselves) .. 1 (excluded). A
 * missing value (NaN) stays missing and leaves the average as it is. Shape [n] -> [n].
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  if (!(weight >= 0 && weight < 1)) throw new RangeError(`Smoothing weight ${weight} is not within 0 .. 1 (excluded)`)
  const smoothed = new Float64Array(values.length)
  let average = 0
  let correction = 1
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) {
      smoothed[i] = NaN
      continue
    }
    average = weight * average + (1 - weight) * value
    correction *= weight
    smoothed[i] = average / (1 - correction)
  }
  return smoothed
}
