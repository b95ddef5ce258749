import type { Grouping, GROUPINGS } from '../../core/runs/sort.ts'
import { settingOf } from './columns.ts'

const NAMES: Record<(typeof GROUPINGS)[number], string> = {
  world: 'Environment',
  algorithm: 'Algorithm',
  method: 'Method',
  kind: 'Kind',
  status: 'State',
  seed: 'Seed',
  costLimit: 'Cost limit',
  source: 'Source',
  tag: 'Tag',
  day: 'Day',
}

export function groupingName(grouping: Grouping): string {
  const path = settingOf(grouping)
  return path ?? NAMES[grouping as (typeof GROUPINGS)[number]]
}
