// What a replay's address says: `#/replay?episodes=3,7&layout=overlay`, `#/replay?figure9=122&runs=a,b&seed=2`.
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { MOST_PANELS, type PanelLayout } from './panels.ts'

export interface ReplayAddress {
  readonly layout: PanelLayout
  readonly view: '2d' | '3d'
  readonly source:
    | { readonly kind: 'episodes'; readonly ids: readonly number[] }
    /** Without a task: the first of which something is recorded. */
    | {
        readonly kind: 'figure 9'
        readonly task: number | null
        readonly runs: readonly string[]
        readonly seed: number | null
      }
    | { readonly kind: 'none' }
}

export function readAddress(query: LocationQuery): ReplayAddress {
  const isFigure9 = query['figure9'] !== undefined
  const layout = query['layout'] === 'overlay' || (isFigure9 && query['layout'] !== 'grid') ? 'overlay' : 'grid'
  return { layout, view: query['view'] === '3d' ? '3d' : '2d', source: readSource(query) }
}

function readSource(query: LocationQuery): ReplayAddress['source'] {
  if (query['figure9'] !== undefined) {
    const runs = partsOf(query['runs'])
    return { kind: 'figure 9', task: wholeNumber(query['figure9']), runs, seed: wholeNumber(query['seed']) }
  }
  const ids = partsOf(query['episodes']).flatMap((part) => wholeNumber(part) ?? [])
  const chosen = [...new Set(ids)].filter((id) => id > 0).slice(0, MOST_PANELS)
  return chosen.length === 0 ? { kind: 'none' } : { kind: 'episodes', ids: chosen }
}

export const episodesAddress = (ids: readonly number[], layout: PanelLayout = 'grid'): LocationQueryRaw => ({
  episodes: ids.slice(0, MOST_PANELS).join(','),
  ...(layout === 'overlay' ? { layout } : {}),
})

export const figure9Address = (runs: readonly string[], task?: number): LocationQueryRaw => ({
  figure9: task === undefined ? '' : String(task),
  runs: runs.join(','),
})

/** Of a policy at work; a checkpoint without its run is named alone. */
export const tryAddress = (checkpoint: string, run?: string) => ({
  name: 'try',
  query: { ...(run === undefined ? {} : { run }), checkpoint },
})

/** The replays of a run, or of a checkpoint without one, with the dialog that records more of that checkpoint. */
export const recordAddress = (checkpoint: string, run?: string) => ({
  name: 'replays',
  query: { ...(run === undefined ? {} : { run }), record: checkpoint },
})

type QueryValue = LocationQuery[string] | undefined

function partsOf(value: QueryValue): string[] {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '')
  return text.split(',').filter((part) => part !== '')
}

function wholeNumber(value: QueryValue): number | null {
  const text = Array.isArray(value) ? value[0] : value
  return text !== undefined && text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null
}
