// How the episodes of a screen are put on maps: each on its own, or those of one task on one.
import { reachOf } from '../../core/episode/trail.ts'
import type { Actor } from './actors.ts'

/** The most maps beside each other. */
export const MOST_PANELS = 12

/** Beyond a trail: as much as the robot with its arrow, and a little. */
const ROOM = 0.2

/** Half the width of the floor that shows the arena and all trails, metres: maps beside each other have one scale. */
export function reachOfAll(actors: readonly Actor[]): number {
  const extent = Math.max(1, ...actors.map(({ episode }) => episode.world.extent))
  const trails = reachOf(
    actors.map(({ episode }) => episode.robot),
    0,
  )
  return Math.max(1.05 * extent, trails + ROOM)
}

export type PanelLayout = 'grid' | 'overlay'

export interface Panel {
  readonly key: string
  readonly title: string
  readonly actors: readonly Actor[]
}

/** @param groupOf names the map that an episode goes to when they are overlaid; its task if missing */
export function panelsOf(
  actors: readonly Actor[],
  layout: PanelLayout,
  groupOf: (actor: Actor) => string = ({ episode }) => `Task ${episode.task}`,
): Panel[] {
  if (layout === 'grid')
    return actors.map((actor) => ({ key: actor.key, title: `${actor.name}, ${actor.detail}`, actors: [actor] }))
  // Maps of different worlds cannot be one, even where their tasks have the same seed.
  const groups = Map.groupBy(actors, (actor) => `${groupOf(actor)} ${actor.episode.world.name} ${actor.episode.task}`)
  return [...groups].map(([key, group]) => ({ key, title: groupOf(group[0]!), actors: group }))
}

/** Columns that make the squares of `count` maps largest in a place of this shape. */
export function bestColumns(count: number, width: number, height: number, captionHeight: number): number {
  let best = 1
  let largest = 0
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const size = Math.min(width / columns, height / rows - captionHeight)
    if (size > largest + 0.5) {
      largest = size
      best = columns
    }
  }
  return best
}
