/** Which results of different initialisations belong together: same task, same seeds. */
import type { Replicate } from '../../core/study/comparison/cube.ts'
import type { Curve } from '../../core/study/paired.ts'
import type { TaskCurve } from './curves.ts'

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

/** A (replicate, task) pair. */
interface Cell {
  readonly replicate: Replicate
  readonly task: number
}

/** Every pair that some group has, and how to find a group's curve of it. */
export interface Matched {
  readonly cells: readonly Cell[]
  /** In the order of the groups. */
  readonly groups: readonly {
    readonly label: string
    readonly curves: readonly TaskCurve[]
    readonly find: (replicate: Replicate, task: number) => TaskCurve | undefined
  }[]
}

/**
 * A group of several meta-trainings is matched by training and fine-tuning seed; one of a single training, or of none,
 * stands beside each of them under the same fine-tuning seed.
 */
export function matchCurves(groups: ReadonlyMap<string, readonly TaskCurve[]>): Matched {
  const indexed = [...groups].map(([label, curves]) => ({ label, ...indexCurves(curves) }))
  const cells = new Map<string, Cell>()
  const ofSeveralTrainings = new Set<string>()
  for (const { curves, multi } of [...indexed].sort((a, b) => Number(b.multi) - Number(a.multi)))
    for (const { start, task } of curves) {
      const pair = key(start.run.seed, task)
      if (multi) ofSeveralTrainings.add(pair)
      else if (ofSeveralTrainings.has(pair)) continue
      const replicate = { trainingSeed: multi ? start.trainingSeed : null, fineTuningSeed: start.run.seed }
      cells.set(`${nameOf(replicate)}/${task}`, { replicate, task })
    }
  return { cells: [...cells.values()], groups: indexed }
}

export const distinctReplicates = (cells: readonly Cell[]): Replicate[] =>
  [...new Map(cells.map(({ replicate }) => [nameOf(replicate), replicate])).values()].sort(
    (a, b) => (a.trainingSeed ?? 0) - (b.trainingSeed ?? 0) || a.fineTuningSeed - b.fineTuningSeed,
  )

/** Keeps the pairs that all groups have. */
export function balance(curves: ReadonlyMap<string, readonly TaskCurve[]>): Balanced {
  const { cells: candidates, groups } = matchCurves(curves)
  const kept = candidates.filter(({ replicate, task }) => groups.every(({ find }) => find(replicate, task)))
  const replicates = distinctReplicates(kept)
  const indexOf = new Map(replicates.map((replicate, index) => [nameOf(replicate), index]))
  return {
    replicates,
    pairs: kept.length,
    leftOut: candidates.length - kept.length,
    tasks: [...new Set(kept.map(({ task }) => task))].sort((a, b) => a - b),
    groups: groups.map(({ label, find }) => {
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
