/** Running moments of a gradient and how many there were (Kingma & Ba, 2015). */
export interface AdamMoments {
  readonly firstMoment: Float32Array
  readonly secondMoment: Float32Array
  readonly updates: number
}

export const zeroMoments = (size: number): AdamMoments => ({
  firstMoment: new Float32Array(size),
  secondMoment: new Float32Array(size),
  updates: 0,
})

/** Defaults of Kingma & Ba (2015). */
export const BETA_1 = 0.9
export const BETA_2 = 0.999
export const EPSILON = 1e-8

/** One ascent step of Adam (Kingma & Ba, 2015, algorithm 1); nothing given is changed. */
export function adamAscent(
  parameters: Float32Array,
  gradient: ArrayLike<number>,
  moments: AdamMoments,
  rate: number,
): { readonly parameters: Float32Array; readonly moments: AdamMoments } {
  const updates = moments.updates + 1
  const firstMoment = moments.firstMoment.map((m, i) => BETA_1 * m + (1 - BETA_1) * gradient[i]!)
  const secondMoment = moments.secondMoment.map((v, i) => BETA_2 * v + (1 - BETA_2) * gradient[i]! ** 2)
  const correction1 = 1 - BETA_1 ** updates
  const correction2 = 1 - BETA_2 ** updates
  return {
    parameters: parameters.map(
      (value, i) =>
        value + (rate * (firstMoment[i]! / correction1)) / (Math.sqrt(secondMoment[i]! / correction2) + EPSILON),
    ),
    moments: { firstMoment, secondMoment, updates },
  }
}
