/** Paired differences under each seed alone: whether all seeds say the same. */
import { meanInterval, type Interval } from '../../../core/study/paired.ts'
import type { Replicate, ShownQuantity } from '../../../core/study/comparison/cube.ts'
import { matrixOver, type ComparedPart, type StepChoice } from '../../../core/study/comparison/part.ts'

export interface SeedDifference {
  readonly replicate: Replicate
  /** First less second, mean over tasks with Student's t interval. */
  readonly interval: Interval
}

/** @param first, second positions in the part */
export function seedDifferences(
  part: ComparedPart,
  first: number,
  second: number,
  quantity: ShownQuantity,
  over: StepChoice,
): SeedDifference[] {
  const [a, b] = [matrixOver(part, first, over, quantity), matrixOver(part, second, over, quantity)]
  return part.replicates.map((replicate, run) => {
    const differences = part.tasks.map((_, task) => a.values[run * a.tasks + task]! - b.values[run * a.tasks + task]!)
    return { replicate: part.cube.replicates[replicate]!, interval: meanInterval(differences) }
  })
}

/** `seed 1/0`: of training and of fine-tuning; a training seed that tells nothing apart is left out. */
export const seedName = ({ trainingSeed, fineTuningSeed }: Replicate): string =>
  trainingSeed === null ? `seed ${fineTuningSeed}` : `seed ${trainingSeed}/${fineTuningSeed}`
