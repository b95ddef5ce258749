import { shownLimits } from '../../../core/study/training-comparison/training-groups.ts'
import type { Level } from '../../charts/level-series.ts'

/** Cost limits of runs as lines across a chart of episode costs. */
export const limitLevels = (limits: readonly number[]): Level[] =>
  shownLimits(limits).map((value) => ({ label: `limit d = ${value}`, value, across: 'y', alarm: true }))
