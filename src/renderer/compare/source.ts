/** What is compared, as an address: `#/compare?runs=a,b`, `?comparison=id` or `?study=figure-4&scale=small`. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ComparisonSource } from '../../main/api/contract.ts'

const SCALES = ['smoke', 'small', 'paper'] as const

/** null: the address names nothing to compare. */
export function readSource(query: LocationQuery): ComparisonSource | null {
  const comparison = textOf(query, 'comparison')
  if (comparison !== '') return { comparison }
  const scale = SCALES.find((name) => name === textOf(query, 'scale'))
  const study = textOf(query, 'study')
  if (study !== '' && scale !== undefined) return { study, scale }
  const runs = [...new Set(textOf(query, 'runs').split(','))].filter((id) => id !== '')
  return runs.length === 0 ? null : { runs }
}

export function writeSource(source: ComparisonSource): LocationQueryRaw {
  if ('runs' in source) return { runs: source.runs.join(',') }
  return { ...source }
}

/** A comparison of runs as a place to go to: trainings alone are compared by what happened while they trained. */
export const compareRoute = (runs: readonly { readonly id: string; readonly kind: 'train' | 'fine-tune' }[]) => ({
  name: 'compare',
  query: {
    ...writeSource({ runs: runs.map(({ id }) => id) }),
    ...(runs.every(({ kind }) => kind === 'train') ? { training: '1' } : {}),
  },
})

function textOf(query: LocationQuery, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}
