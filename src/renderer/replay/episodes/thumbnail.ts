import type { Episode } from '../../../core/episode/episode.ts'
import { reachOf, trailSegments } from '../../../core/episode/trail.ts'

/** A trajectory small enough for a line of a list: paths in a box of 2 x 2 about the middle of the floor. */
export interface Thumbnail {
  readonly hazards: readonly { readonly x: number; readonly y: number; readonly r: number }[]
  readonly goal: { readonly x: number; readonly y: number; readonly r: number }
  readonly trail: string
  readonly costly: string
}

/** Corners of a trail. */
const POINTS = 120

export function thumbnail({ robot, costs, layout, goal, world, length }: Episode): Thumbnail {
  const reach = 1.05 * reachOf([robot], world.extent)
  const fixed = (value: number) => Math.round((value / reach) * 1000) / 1000
  const radius = world.objects.find(({ kind }) => kind === 'hazard')
  const every = Math.max(1, Math.ceil(length / POINTS))
  const point = (t: number) => `${fixed(robot[3 * t]!)} ${fixed(-robot[3 * t + 1]!)}`
  const pathOf = (from: number, to: number) => {
    const points = [point(from)]
    for (let t = from + every; t < to; t += every) points.push(point(t))
    return `M${[...points, point(to)].join('L')}`
  }
  return {
    hazards: layout.hazards.map(({ x, y }) => ({
      ...{ x: fixed(x), y: fixed(-y) },
      r: fixed(radius?.kind === 'hazard' ? radius.radius : 0),
    })),
    goal: { x: fixed(goal[0]!), y: fixed(-goal[1]!), r: fixed(world.goal.radius) },
    trail: pathOf(0, length),
    costly: trailSegments(costs, 0, length)
      .filter((segment) => segment.costly)
      .map(({ from, to }) => pathOf(from, to))
      .join(''),
  }
}
