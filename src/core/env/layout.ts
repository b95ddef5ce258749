/**
 * Where a task's robot, goal and objects are: Safety-Gymnasium's rejection sampler, draw for draw
 * (safety-gymnasium 1.0.0: utils/random_generator.py:82-189, bases/base_task.py:271-385).
 */
import { RandomState } from '../random/mt19937.ts'
import type { World } from './world.ts'

/** Metres. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Metres and radians. */
export interface Pose extends Point {
  readonly yaw: number
}

export interface Layout {
  readonly robot: Pose
  /** The goal of the first episode. */
  readonly goal: Point
  /** Drawn with the other objects; Safety-Gymnasium draws the goal again before the first step. */
  readonly firstSampledGoal: Point
  readonly hazards: readonly Pose[]
  readonly vases: readonly Pose[]
}

/** An object as the sampler sees it. */
export interface Placement extends Point {
  readonly keepout: number
}

/** utils/random_generator.py:146, :84: tries per object before the layout starts again, and layouts before giving up. */
const TRIES_PER_OBJECT = 100
const MAX_LAYOUTS = 10000
/** bases/base_task.py:346 */
const GOAL_TRIES = 10000

/** A layout of `world`, and the stream where `reset(seed)` leaves it: later goals continue it. */
export function sampleLayout(world: World, seed: number): { layout: Layout; random: RandomState } {
  const random = new RandomState(seed)
  const [robot, firstSampledGoal, ...objects] = samplePlacements(world, random) as [
    Placement,
    Placement,
    ...Placement[],
  ]

  const yaw = () => random.uniform(0, 2 * Math.PI)
  const robotYaw = yaw()
  // The goal has a yaw too, which nothing depends on.
  yaw()
  const posed = objects.map(({ x, y }) => ({ x, y, yaw: yaw() }))

  const goal = sampleGoal(world, random, [robot, ...objects])
  if (goal === null) throw new Error(`No place is left for the goal of ${world.name}, seed ${seed}`)

  const hazards: Pose[] = []
  const vases: Pose[] = []
  let first = 0
  for (const set of world.objects) {
    const list = set.kind === 'hazard' ? hazards : vases
    list.push(...posed.slice(first, first + set.count))
    first += set.count
  }
  return {
    layout: {
      robot: { x: robot.x, y: robot.y, yaw: robotYaw },
      goal,
      firstSampledGoal: { x: firstSampledGoal.x, y: firstSampledGoal.y },
      hazards,
      vases,
    },
    random,
  }
}

/** A goal clear of everything in `others`, or null after as many draws as Safety-Gymnasium allows. */
export function sampleGoal(world: World, random: RandomState, others: readonly Placement[]): Point | null {
  for (let i = 0; i < GOAL_TRIES; i++) {
    const goal = draw(world.extent, world.goal.keepout, random)
    if (isClear(goal, others)) return { x: goal.x, y: goal.y }
  }
  return null
}

/** Robot, goal, then the objects set by set. */
function samplePlacements(world: World, random: RandomState): Placement[] {
  const keepouts = [world.robot.keepout, world.goal.keepout]
  for (const set of world.objects) for (let i = 0; i < set.count; i++) keepouts.push(set.keepout)

  for (let i = 0; i < MAX_LAYOUTS; i++) {
    const placed = tryPlacements(world.extent, keepouts, random)
    if (placed !== null) return placed
  }
  throw new Error(`The objects of ${world.name} do not fit into its extent of ${world.extent} m`)
}

function tryPlacements(extent: number, keepouts: readonly number[], random: RandomState): Placement[] | null {
  const placed: Placement[] = []
  for (const keepout of keepouts) {
    let tries = 0
    let candidate: Placement
    do {
      if (tries++ === TRIES_PER_OBJECT) return null
      candidate = draw(extent, keepout, random)
    } while (!isClear(candidate, placed))
    placed.push(candidate)
  }
  return placed
}

function draw(extent: number, keepout: number, random: RandomState): Placement {
  const x = random.uniform(-extent + keepout, extent - keepout)
  const y = random.uniform(-extent + keepout, extent - keepout)
  return { x, y, keepout }
}

function isClear(candidate: Placement, others: readonly Placement[]): boolean {
  for (const other of others) {
    const dx = candidate.x - other.x
    const dy = candidate.y - other.y
    if (Math.sqrt(dx * dx + dy * dy) < other.keepout + candidate.keepout) return false
  }
  return true
}
