/** Diagonal Gaussians with a state-independent standard deviation, summed over action dimensions, in float64. */
const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI)

/** The policy's distribution without its mean. */
export interface Spread {
  readonly logStd: Float64Array
  readonly inverseStd: Float64Array
  /** -sum_a (logStd_a + log(2 pi) / 2) */
  readonly logNormaliser: number
}

export function spreadOf(logStd: ArrayLike<number>): Spread {
  const values = Float64Array.from(logStd)
  return {
    logStd: values,
    inverseStd: values.map((s) => Math.exp(-s)),
    logNormaliser: -values.reduce((sum, s) => sum + s + HALF_LOG_2_PI, 0),
  }
}

/** log pi(a|s) of the action at `actions[at...]` under the mean at `means[meanAt...]`. */
export function logProbability(
  spread: Spread,
  actions: ArrayLike<number>,
  at: number,
  means: ArrayLike<number>,
  meanAt: number,
): number {
  let squares = 0
  for (let k = 0; k < spread.inverseStd.length; k++) {
    const z = (actions[at + k]! - means[meanAt + k]!) * spread.inverseStd[k]!
    squares += z * z
  }
  return spread.logNormaliser - 0.5 * squares
}

/** KL(old || candidate) of one row, from its means. */
export function klDivergence(
  old: Spread,
  oldMeans: ArrayLike<number>,
  oldAt: number,
  candidate: Spread,
  means: ArrayLike<number>,
  at: number,
): number {
  let kl = 0
  for (let k = 0; k < old.logStd.length; k++) {
    const inverse = candidate.inverseStd[k]!
    const widths = inverse / old.inverseStd[k]!
    const z = (oldMeans[oldAt + k]! - means[at + k]!) * inverse
    kl += candidate.logStd[k]! - old.logStd[k]! + 0.5 * (widths * widths + z * z - 1)
  }
  return kl
}
