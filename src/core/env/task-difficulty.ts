/**
 * How hard a task looks before anything was learnt: figures of its layout about the straight way from the robot's start to
 * the first goal. They describe; no training reads them.
 */
import type { Layout, Point } from './layout.ts'
import type { Task } from './tasks.ts'
import type { World } from './world.ts'

/** Objects whose edge is this close to the straight way (m) count as near it: about the robot's own half width. */
export const CORRIDOR_HALF_WIDTH = 0.2

export interface TaskDifficulty {
  /** From the robot's start to the goal, metres. */
  readonly distance: number
  /** The goal's direction from the robot's heading, degrees in (-180, 180], left is positive. */
  readonly bearing: number
  /** Metres of the straight way that lie within hazards, where the robot pays at every step. */
  readonly hazardStretch: number
  /** Hazards that reach into the corridor. */
  readonly hazardsNear: number
  /** Vases whose centre lies within the corridor. */
  readonly vasesNear: number
  /** From the straight way to the nearest hazard's edge, metres; negative where the way leads through one. */
  readonly clearance: number
}

export function taskDifficulty(world: World, { layout, goalBearing, goalDistance }: Task): TaskDifficulty {
  const radii = hazardRadii(world)
  const { robot, goal } = layout
  const edges = layout.hazards.map((hazard, i) => distanceToSegment(hazard, robot, goal) - radii[i]!)
  return {
    distance: goalDistance,
    bearing: (goalBearing * 180) / Math.PI,
    hazardStretch: stretchWithin(layout, radii),
    hazardsNear: edges.filter((edge) => edge < CORRIDOR_HALF_WIDTH).length,
    vasesNear: layout.vases.filter((vase) => distanceToSegment(vase, robot, goal) < CORRIDOR_HALF_WIDTH).length,
    clearance: Math.min(...edges),
  }
}

/** Of each hazard of a layout, which has them in the order of the world's sets. */
export const hazardRadii = ({ objects }: World): number[] =>
  objects.flatMap((set) => (set.kind === 'hazard' ? Array.from({ length: set.count }, () => set.radius) : []))

export function distanceToSegment({ x, y }: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square))
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy)
}

/** Hazards may overlap: what lies within two of them counts once. */
function stretchWithin({ robot, goal, hazards }: Layout, radii: readonly number[]): number {
  const [dx, dy] = [goal.x - robot.x, goal.y - robot.y]
  const length = Math.hypot(dx, dy)
  const chords = hazards.flatMap(({ x, y }, i): [number, number][] => {
    const along = ((x - robot.x) * dx + (y - robot.y) * dy) / length
    const aside = ((x - robot.x) * dy - (y - robot.y) * dx) / length
    const half = Math.sqrt(radii[i]! ** 2 - aside ** 2)
    const [from, to] = [Math.max(0, along - half), Math.min(length, along + half)]
    return from < to ? [[from, to]] : []
  })
  let total = 0
  let reached = 0
  for (const [from, to] of chords.sort(([a], [b]) => a - b)) {
    total += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return total
}
