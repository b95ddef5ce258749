/** Small dense linear algebra for the tests of the step solvers. */
import { dot } from '../../../src/core/rl/conjugate-gradient.ts'

/** H v. */
export function times(H: readonly number[][], v: ArrayLike<number>): number[] {
  return H.map((row) => dot(row, v))
}

/** H^-1 v by Gaussian elimination; H is symmetric positive definite, so that no pivoting is needed. */
export function solveDense(H: readonly number[][], v: ArrayLike<number>): number[] {
  const rows = H.map((row, i) => [...row, v[i]!])
  rows.forEach((pivot, k) => {
    for (const row of rows.slice(k + 1)) {
      const factor = row[k]! / pivot[k]!
      for (let j = k; j < row.length; j++) row[j]! -= factor * pivot[j]!
    }
  })
  const x = Array.from(v, () => 0)
  for (let k = x.length - 1; k >= 0; k--) {
    const row = rows[k]!
    x[k] = (row.at(-1)! - dot(x, row.slice(0, -1))) / row[k]!
  }
  return x
}
