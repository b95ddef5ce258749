/** How long to wait between attempts: twice as long each time, and never in step with other pages. */

const FIRST_MS = 250
const LONGEST_MS = 10_000

/** @param failures attempts that have failed, from 1 @param random in [0, 1) */
export function backOff(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
  return longest * (0.5 + 0.5 * random)
}
