import type { Estimate } from '../../main/api/contract.ts'
import { formatBytes } from '../format/numbers.ts'
import type { Row } from './find.ts'

/** Of the free disk, what a run may fill before it is worth a warning. */
const FILLING = 0.8

/** What can be done, but is probably not meant. */
export function warningsOf(inVain: readonly Row[], estimate: Estimate | undefined): string[] {
  const disk =
    estimate?.bytesFree !== undefined && estimate.bytesFree !== null && estimate.bytes > FILLING * estimate.bytesFree
      ? [`The disk has ${formatBytes(estimate.bytesFree)} free, and this needs ${formatBytes(estimate.bytes)}.`]
      : []
  return [...disk, ...inVain.map(({ field, reason }) => `${field.label} (${field.path}) is changed, but ${reason}.`)]
}
