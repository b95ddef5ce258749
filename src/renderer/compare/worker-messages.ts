/** What the page and its worker say to each other. */
import type { Cube } from '../../core/study/comparison/cube.ts'
import type { PartChoice } from '../../core/study/comparison/part.ts'
import type { ComputationName } from './computations.ts'

/** The cube comes once; every question after it names the part that it is about. */
export type ToWorker =
  | { readonly kind: 'cube'; readonly cube: Cube }
  | {
      readonly kind: 'compute'
      readonly id: number
      readonly choice: PartChoice
      readonly name: ComputationName
      readonly args: readonly unknown[]
    }

export type FromWorker =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly problem: string }
