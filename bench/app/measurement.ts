/** One line of the report. */
export interface Measurement {
  readonly what: string
  readonly unit: string
  readonly result: number
  /** The most that is wanted, or with `atLeast` the least; null: it only explains the others. */
  readonly goal: number | null
  readonly atLeast?: true
  /** What the result is to be seen beside, measured in the same run. */
  readonly baseline: { readonly what: string; readonly value: number } | null
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

export function holds({ result, goal, atLeast }: Measurement): boolean | null {
  if (goal === null) return null
  return atLeast ? result >= goal : result <= goal
}
