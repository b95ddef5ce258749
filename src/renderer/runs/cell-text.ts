// What the plain cells of the table show.
import type { SettingsOf } from '../../core/runs/match.ts'
import type { RunRow } from '../../main/api/contract.ts'
import { shortAlgorithmName } from '../format/algorithms.ts'
import { formatCount, formatFixed, NO_VALUE } from '../format/numbers.ts'
import { formatDate, formatShortDate, formatSpan } from '../format/times.ts'
import { kindName, settingOf, settingText, type ColumnId } from './columns.ts'
import type { Mean } from './arrange.ts'

/** Of returns and costs: what their spread between seeds lets one compare. */
const DECIMALS = 2

/** Not of the cells that show more than a text. */
export function cellText(id: ColumnId, run: RunRow, settings: SettingsOf): string {
  switch (id) {
    case 'eta':
      return run.status === 'running' ? formatSpan(run.etaSeconds) : ''
    case 'kind':
      return kindName(run)
    case 'world':
      return run.world
    case 'algorithm':
      return shortAlgorithmName(run.algorithm)
    case 'seed':
      return String(run.seed)
    case 'return':
      return formatFixed(run.lastReturn, DECIMALS)
    case 'cost':
      return formatFixed(run.lastCost, DECIMALS)
    case 'limit':
      return String(run.costLimit)
    case 'bestReturn':
      return formatFixed(run.bestReturn, DECIMALS)
    case 'bestCost':
      return formatFixed(run.bestCost, DECIMALS)
    case 'duration':
      return formatSpan(run.activeSeconds)
    case 'steps':
      return formatCount(run.envSteps)
    case 'created':
      return formatShortDate(run.createdAt, Date.now())
    case 'finished':
      return run.finishedAt === null ? NO_VALUE : formatDate(run.finishedAt)
    case 'source':
      return run.source ?? ''
    case 'id':
      return run.id
    default: {
      const value = settings(run, settingOf(id) ?? '')
      return value === undefined ? '' : settingText(value)
    }
  }
}

/** `12.31 ± 0.45`, `120.3 ± 4.5`; of times the mean alone, for want of room. */
export function meanText(id: ColumnId, { mean, deviation }: Mean): string {
  if (id === 'duration') return formatSpan(mean)
  const decimals = Math.abs(mean) < 100 && (deviation ?? 0) < 100 ? DECIMALS : 1
  const shown = formatFixed(mean, decimals)
  return deviation === null ? shown : `${shown} ± ${formatFixed(deviation, decimals)}`
}

/** `12/120`; large counts in short, `12.3 k/100 k`: the bar beside it has its room too. */
export function progressText({ done, total }: Pick<RunRow, 'done' | 'total'>): string {
  const short = (count: number): string => (total < 10_000 ? String(count) : formatCount(count))
  return `${short(done)}/${short(total)}`
}
