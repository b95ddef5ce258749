/**
 * Everything that a comparison computes from its cube, by name: what the worker can be asked. Each takes the chosen part
 * of the cube first; the rest are the arguments that a message carries.
 */
import { bands, feasibleShares, type Bootstrap } from '../../core/study/comparison/bands.ts'
import type { BandKind } from '../../core/study/comparison/band-kinds.ts'
import type { ShownQuantity } from '../../core/study/comparison/cube.ts'
import { improvementMatrix, pairedDifferences } from '../../core/study/comparison/improvement.ts'
import type { ComparedPart, StepChoice } from '../../core/study/comparison/part.ts'
import { taskMatrix, taskMoves } from '../../core/study/comparison/per-task.ts'
import { profiles } from '../../core/study/comparison/profiles.ts'
import { costTables, violations } from '../../core/study/comparison/safety.ts'

/** The seed is fixed, so that the same results always have the same intervals. */
export const BOOTSTRAP: Bootstrap = { resamples: 10_000, seed: 1 }

export const computations = {
  bands: (part: ComparedPart, quantity: ShownQuantity, kind: BandKind) => bands(part, quantity, kind, BOOTSTRAP),
  feasibleShares: (part: ComparedPart) => feasibleShares(part, BOOTSTRAP),
  taskMoves: (part: ComparedPart, from: number, to: number) => taskMoves(part, from, to),
  taskMatrix: (part: ComparedPart, quantity: ShownQuantity, over: StepChoice | 'change') =>
    taskMatrix(part, quantity, over),
  profiles: (part: ComparedPart, quantity: ShownQuantity, over: StepChoice) =>
    profiles(part, quantity, over, BOOTSTRAP),
  improvementMatrix: (part: ComparedPart, quantity: ShownQuantity, over: StepChoice) =>
    improvementMatrix(part, quantity, over, BOOTSTRAP),
  pairedDifferences: (part: ComparedPart, quantity: ShownQuantity, over: StepChoice) =>
    pairedDifferences(part, quantity, over, BOOTSTRAP.seed),
  costTables: (part: ComparedPart) => costTables(part, BOOTSTRAP),
  violations: (part: ComparedPart) => violations(part, BOOTSTRAP),
} as const

export type ComputationName = keyof typeof computations

/** Without the part, which both ends know. */
interface All {
  readonly arguments: {
    [Name in ComputationName]: (typeof computations)[Name] extends (part: ComparedPart, ...rest: infer Rest) => unknown
      ? Rest
      : never
  }
  readonly results: { [Name in ComputationName]: ReturnType<(typeof computations)[Name]> }
}
export type ComputationArguments<Name extends ComputationName> = All['arguments'][Name]
export type ComputationResult<Name extends ComputationName> = All['results'][Name]
