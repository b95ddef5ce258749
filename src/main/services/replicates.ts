/** Which results of different initialisations belong together: same task, same seeds. */
import type { Curve } from '../../core/study/paired.ts'
import type { TaskCurve } from './curves.ts'

/** A repetition of the whole experiment under other seeds. */
export interface Replicate {
  /** Seed of the meta-training; null where it tells nothing apart (one training, or none). */
  readonly trainingSeed: number | null
  readonly fineTuningSeed: number
}

export interface Balanced {
  readonly replicates: readonly Replicate[]
  /** (replicate, task) pairs that every initialisation has, and those that only some have. */
  readonly pairs: number
  readonly leftOut: number
  readonly tasks: readonly number[]
  /** In the order of the groups; only what all have. */
  readonly groups: readonly { readonly label: string; readonly curves: readonly TaskCurve[]; readonly cells: Cells }[]
}

/** The curves of one initialisation by quantity; `seed` is the index of the replicate. */
export interface Cells {
  readonly returns: readonly Curve[]
  readonly costs: readonly Curve[]
}

/**
 * Keeps the pairs that all groups have. A group of several meta-trainings is matched by training and fine-tuning seed;
 * one of a single training, or of none, stands beside each of them under the same fine-tuning seed.
 */
export function balance(groups: ReadonlyMap<string, readonly TaskCurve[]>): Balanced {
  const indexed = [...groups].map(([label, curves]) => ({ label, ...indexCurves(curves) }))
  const candidates = new Map<string, { replicate: Replicate; task: number }>()
  const someMulti = indexed.some(({ multi }) => multi)
  for (const { curves, multi } of [...indexed].sort((a, b) => Number(b.multi) - Number(a.multi)))
    for (const { start, task } of curves) {
      const replicate = { trainingSeed: multi ? start.trainingSeed : null, fineTuningSeed: start.run.seed }
      const partnered =
        !multi &&
        someMulti &&
        [...candidates.values()].some(
          (other) => other.task === task && other.replicate.fineTuningSeed === replicate.fineTuningSeed,
        )
      if (!partnered) candidates.set(`${nameOf(replicate)}/${task}`, { replicate, task })
    }
  const kept = [...candidates.values()].filter((cell) => indexed.every(({ find }) => find(cell.replicate, cell.task)))
  const replicates = [...new Map(kept.map(({ replicate }) => [nameOf(replicate), replicate])).values()].sort(
    (a, b) => (a.trainingSeed ?? 0) - (b.trainingSeed ?? 0) || a.fineTuningSeed - b.fineTuningSeed,
  )
  const indexOf = new Map(replicates.map((replicate, index) => [nameOf(replicate), index]))
  return {
    replicates,
    pairs: kept.length,
    leftOut: candidates.size - kept.length,
    tasks: [...new Set(kept.map(({ task }) => task))].sort((a, b) => a - b),
    groups: indexed.map(({ label, find }) => {
      const found = kept.map(({ replicate, task }) => ({ replicate, task, curve: find(replicate, task)! }))
      const cells = (quantity: 'returns' | 'costs') =>
        found.map(({ replicate, task, curve }) => ({
          seed: indexOf.get(nameOf(replicate))!,
          task,
          values: curve[quantity],
        }))
      const curves = [...new Set(found.map(({ curve }) => curve))]
      return { label, curves, cells: { returns: cells('returns'), costs: cells('costs') } }
    }),
  }
}

function indexCurves(curves: readonly TaskCurve[]) {
  const multi = new Set(curves.map(({ start }) => start.trainingSeed)).size > 1
  const byCell = new Map(
    curves.map((curve) => [key(multi ? curve.start.trainingSeed : null, curve.start.run.seed, curve.task), curve]),
  )
  const find = ({ trainingSeed, fineTuningSeed }: Replicate, task: number) =>
    byCell.get(key(multi ? trainingSeed : null, fineTuningSeed, task))
  return { curves, multi, find }
}

const key = (...parts: readonly (number | null)[]) => parts.join('/')

const nameOf = ({ trainingSeed, fineTuningSeed }: Replicate) => key(trainingSeed, fineTuningSeed)
