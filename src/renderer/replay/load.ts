// From an address to what is played.
import type { Episode } from '../../core/episode/episode.ts'
import { client } from '../api/client.ts'
import { adaptation, briefly, distinctRoles, lookOf, makeActor, roleOf, type Actor } from './actors.ts'
import type { ReplayAddress } from './address.ts'
import { chooseFigure9, type ChosenCells, type FigureRow } from './figure-9.ts'
import { MOST_PANELS } from './panels.ts'

export interface LoadedReplay {
  readonly actors: readonly Actor[]
  /** Of figure 9: what can be chosen, and how its maps are laid out. */
  readonly figure9: Figure9 | undefined
  /** Ids that are asked for and not there any more. */
  readonly missing: readonly number[]
}

export interface Figure9 {
  readonly task: number
  readonly tasks: readonly number[]
  readonly seed: number
  readonly seeds: readonly number[]
  /** Columns of the grid: adaptation steps. */
  readonly steps: readonly number[]
  /** Key of an actor to its adaptation step. */
  readonly stepOf: ReadonlyMap<string, number>
  /** Initialisations whose episodes come from another run than was asked for. */
  readonly others: ChosenCells['others']
  /** All that is asked for, recorded or not. */
  readonly rows: readonly FigureRow[]
}

export async function loadReplay(source: ReplayAddress['source']): Promise<LoadedReplay> {
  switch (source.kind) {
    case 'none':
      return { actors: [], figure9: undefined, missing: [] }
    case 'episodes':
      return loadEpisodes(source.ids)
    case 'figure 9':
      return loadFigure9(source)
  }
}

async function loadEpisodes(ids: readonly number[]): Promise<LoadedReplay> {
  const { rows } = await client.episodes.list({ ids: [...ids], limit: MOST_PANELS })
  const byId = new Map(rows.map((row) => [row.id, row]))
  const found = ids.flatMap((id) => byId.get(id) ?? [])
  const oneTask = found.length > 1 && found.every(({ task }) => task === found[0]?.task)
  const looks = distinctRoles(found.map((row) => ({ ...lookOf(row, oneTask), task: row.task })))
  const actors = await Promise.all(
    looks.map(async ({ task: _, ...look }, i) => makeActor(look, await read(found[i]!.id))),
  )
  return { actors, figure9: undefined, missing: ids.filter((id) => !byId.has(id)) }
}

async function loadFigure9(source: Extract<ReplayAddress['source'], { kind: 'figure 9' }>): Promise<LoadedReplay> {
  const runs = source.runs.length > 0 ? [...source.runs] : await recordedRuns(source.task)
  if (runs.length === 0) return { actors: [], figure9: undefined, missing: [] }
  const grid = await client.episodes.figure9({ runs, task: source.task })
  const chosen = chooseFigure9(grid, source.seed)
  const actors = await Promise.all(
    chosen.cells.map(async ({ id, label, step }) =>
      makeActor(
        { key: String(id), name: label, detail: adaptation(step), brief: briefly(step), role: roleOf(label) },
        await read(id),
      ),
    ),
  )
  const stepOf = new Map(chosen.cells.map(({ id, step }) => [String(id), step]))
  return {
    actors,
    figure9: { ...chosen, task: grid.task, tasks: grid.recordedTasks, stepOf, rows: grid.rows },
    missing: [],
  }
}

/** Runs with an episode of a task (null: any), of the newest ones. */
async function recordedRuns(task: number | null): Promise<string[]> {
  const { rows } = await client.episodes.list({ ...(task === null ? {} : { task }), limit: 200 })
  return [...new Set(rows.flatMap(({ run }) => run ?? []))]
}

const read = (id: number): Promise<Episode> => client.episodes.read({ id })
