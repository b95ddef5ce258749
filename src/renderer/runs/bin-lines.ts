// What the bin holds as lines of one list, and what is said about several of them.
import type { BinContent } from '../../main/api/contract.ts'

export interface BinLine {
  readonly what: 'run' | 'comparison'
  /** Unique in the list. */
  readonly key: string
  readonly id: string
  readonly name: string
  /** What it is, in words. */
  readonly kind: string
  readonly deletedAt: number
  readonly purgeAt: number
}

/** The newest deletion first. */
export function binLines({ runs, comparisons }: BinContent): BinLine[] {
  const lines = [
    ...runs.map(({ id, name, kind, method, binnedAt, purgeAt }): BinLine => {
      const trained = method === 'pre-train' ? 'pre-training' : 'meta-training'
      return {
        ...{ what: 'run', key: `run ${id}`, id, name, kind: kind === 'fine-tune' ? 'fine-tuning' : trained },
        ...{ deletedAt: binnedAt, purgeAt },
      }
    }),
    ...comparisons.map(({ id, name, runs: compared, removedAt, purgeAt }): BinLine => {
      const kind = `comparison of ${compared === 1 ? '1 run' : `${compared} runs`}`
      return { what: 'comparison', key: `comparison ${id}`, id, name, kind, deletedAt: removedAt, purgeAt }
    }),
  ]
  return lines.sort((a, b) => b.deletedAt - a.deletedAt)
}

/** `Quickstart`, `3 runs and 1 comparison`. */
export function namesOf(lines: readonly BinLine[]): string {
  const [one] = lines
  if (one !== undefined && lines.length === 1) return one.name
  const counts = (['run', 'comparison'] as const).flatMap((what) => {
    const count = lines.filter((line) => line.what === what).length
    return count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]
  })
  return counts.join(' and ')
}

/** As the machine is told which are meant. */
export const choiceOf = (lines: readonly BinLine[]): { runs: string[]; comparisons: string[] } => ({
  runs: lines.filter(({ what }) => what === 'run').map(({ id }) => id),
  comparisons: lines.filter(({ what }) => what === 'comparison').map(({ id }) => id),
})

/** Bytes of all lines together; undefined where some are not known. A comparison takes next to nothing. */
export function sizeOf(lines: readonly BinLine[], sizes: ReadonlyMap<string, number>): number | undefined {
  let sum = 0
  for (const { what, id } of lines) {
    const size = what === 'run' ? sizes.get(id) : 0
    if (size === undefined) return undefined
    sum += size
  }
  return sum
}
