import type { RunDetail } from '../../main/api/contract.ts'
import { formatBytes, formatInteger } from '../format/numbers.ts'
import { formatExactDate } from '../format/times.ts'

/** `iteration 12, 23 Nov 2026, 11:02:41, 84 kB` */
export const resumePointWords = ({ iteration, committedAt, size }: NonNullable<RunDetail['resumePoint']>): string =>
  `iteration ${formatInteger(iteration)}, ${formatExactDate(committedAt)}, ${formatBytes(size)}`
