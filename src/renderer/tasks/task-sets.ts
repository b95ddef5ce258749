// Ranges of seeds that a gallery offers: those of the default configuration, and those that runs of the world use.
import type { KnownWorld } from '../../main/api/contract.ts'
import { USUAL } from './address.ts'

export interface SeedRange {
  readonly from: number
  readonly to: number
  readonly arcDegrees: number
}

export interface NamedRange extends SeedRange {
  readonly label: string
}

const { arcDegrees } = USUAL
/** The paper trains on the seeds 0 to 300; what is held out is our own choice (docs/method.md). */
const DEFAULTS: readonly NamedRange[] = [
  { label: 'All tasks (0–600)', from: 0, to: 600, arcDegrees },
  { label: 'Training tasks (0–300)', from: 0, to: 300, arcDegrees },
  { label: 'Held-out tasks (301–600)', from: 301, to: 600, arcDegrees },
]

export const isSame = (a: SeedRange, b: SeedRange): boolean =>
  a.from === b.from && a.to === b.to && a.arcDegrees === b.arcDegrees

/** The smallest range that has all of these tasks; their own first and last seed where none has. */
export function rangeAround(tasks: readonly number[], ranges: readonly NamedRange[], arc: number): SeedRange {
  const [from, to] = [Math.min(...tasks), Math.max(...tasks)]
  const around = ranges.filter((range) => range.from <= from && range.to >= to)
  const own = { from, to, arcDegrees: arc }
  return around.toSorted((a, b) => a.to - a.from - (b.to - b.from))[0] ?? own
}

/** @param known of the world, where runs are in it */
export function namedRanges(known: KnownWorld | undefined): NamedRange[] {
  const used = (known?.sets ?? []).map((set): NamedRange => {
    const arc = set.arcDegrees === arcDegrees ? '' : `, ${set.arcDegrees}°`
    return {
      ...set,
      label: `${set.kind === 'training' ? 'Training' : 'Held-out'} tasks of runs (${set.from}–${set.to}${arc})`,
    }
  })
  return [...DEFAULTS, ...used.filter((range) => !DEFAULTS.some((own) => isSame(own, range)))]
}
