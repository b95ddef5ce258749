/**
 * Everything that a comparison computes from its cube, by name: what the worker can be asked. Each takes the chosen part
 * of the cube first; the rest are the arguments that a message carries.
 */
import { bands, BOOTSTRAP, feasibleShares } from '../../core/study/comparison/bands.ts'
import type { BandKind } from '../../core/study/comparison/band-kinds.ts'
import type { ShownQuantity } from '../../core/study/comparison/cube.ts'
import { improvementMatrix, pairedDifferences } from '../../core/study/comparison/improvement.ts'
import type { ComparedPart, StepChoice } from '../../core/study/comparison/part.ts'
import { taskMatrix, taskMoves } from '../../core/study/comparison/per-task.ts'
import { profiles } from '../../core/study/comparison/profiles.ts'
import { costTables, violations } from '../../core/study/comparison/safety.ts'

/** What each is asked with, beside the part, which both ends know. */
interface Arguments {
  readonly bands: [quantity: ShownQuantity, kind: BandKind]
  readonly feasibleShares: []
  readonly taskMoves: [from: number, to: number]
  readonly taskMatrix: [quantity: ShownQuantity, over: StepChoice | 'change']
  readonly profiles: [quantity: ShownQuantity, over: StepChoice]
  readonly improvementMatrix: [quantity: ShownQuantity, over: StepChoice]
  readonly pairedDifferences: [quantity: ShownQuantity, over: StepChoice]
  readonly costTables: []
  readonly violations: []
}

export type ComputationName = keyof Arguments
export type ComputationArguments<Name extends ComputationName> = Arguments[Name]

export const computations = {
  bands: (part, quantity, kind) => bands(part, quantity, kind, BOOTSTRAP),
  feasibleShares: (part) => feasibleShares(part, BOOTSTRAP),
  taskMoves,
  taskMatrix,
  profiles: (part, quantity, over) => profiles(part, quantity, over, BOOTSTRAP),
  improvementMatrix: (part, quantity, over) => improvementMatrix(part, quantity, over, BOOTSTRAP),
  pairedDifferences: (part, quantity, over) => pairedDifferences(part, quantity, over, BOOTSTRAP),
  costTables: (part) => costTables(part, BOOTSTRAP),
  violations: (part) => violations(part, BOOTSTRAP),
} satisfies { readonly [Name in ComputationName]: (part: ComparedPart, ...args: Arguments[Name]) => unknown }

export type ComputationResult<Name extends ComputationName> = ReturnType<(typeof computations)[Name]>
