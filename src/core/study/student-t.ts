/** Student's t distribution: what a confidence interval of a mean needs. */

/** Two-sided critical value: P(|T| <= t) = confidence for `degrees` degrees of freedom. */
export function criticalT(confidence: number, degrees: number): number {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1; got ${confidence}`)
  if (!(degrees > 0)) throw new RangeError(`Student's t needs at least one degree of freedom; got ${degrees}`)
  let low = 0
  let high = 1
  while (coverage(high, degrees) < confidence) high *= 2
  // Halving reaches the last bit of a double in fewer than 100 steps.
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (coverage(middle, degrees) < confidence) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(|T| <= t) = I_{t^2 / (degrees + t^2)}(1/2, degrees / 2) (Abramowitz & Stegun, 26.7.1 with 26.5.27). */
function coverage(t: number, degrees: number): number {
  return regularisedBeta((t * t) / (degrees + t * t), 0.5, degrees / 2)
}

/** I_x(a, b) by its continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22). */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean of the distribution; above it I_x(a, b) = 1 - I_{1-x}(b, a).
  if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  return front * betaFraction(x, a, b)
}

/** 1 / (1 + d1 / (1 + d2 / (1 + ...))) by Lentz's method, forward, with a floor against division by zero. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let factor = 1
    for (const term of [even, odd]) {
      d = 1 / guard(1 + term * d)
      c = guard(1 + term / c)
      factor = c * d
      result *= factor
    }
    if (Math.abs(factor - 1) < 1e-15) break
  }
  return result
}

/** ln Gamma(x), x > 0: Stirling's series (DLMF 5.11.1) after shifting x above 10, where it is exact to double rounding. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  while (z < 10) shift -= Math.log(z++)
  const r = 1 / (z * z)
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / z
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series
}
