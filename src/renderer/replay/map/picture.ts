// What a map shows, and its shapes in world coordinates: every function here draws in metres, with y upwards.
import type { Point, Pose } from '../../../core/env/layout.ts'
import { LIDAR_BINS } from '../../../core/env/lidar.ts'
import { VASE_HALF_SIZE } from '../../../core/env/mjcf.ts'
import type { World } from '../../../core/env/world.ts'
import { vaseCount, VASE_VALUES, type Episode } from '../../../core/episode/episode.ts'
import { lidarAt } from '../../../core/episode/observation.ts'
import { cubeFromAbove, vaseAt } from '../../../core/episode/pose.ts'
import { trailSegments } from '../../../core/episode/trail.ts'
import type { Actor } from '../actors.ts'
import { withOpacity } from '../../charts/theme.ts'
import type { MapColours } from './colours.ts'

export interface MapPicture {
  /** Of one task, unless there is only one. */
  readonly actors: readonly Actor[]
  /** Half the width of the floor that is shown, metres. */
  readonly reach: number
  readonly lidar: boolean
  /** The whole trail, faintly; not of an episode that still grows. */
  readonly whole: boolean
  readonly colours: MapColours
}

/** A canvas whose unit is a metre, and how many metres a pixel of the page is. */
export interface Ground {
  readonly context: CanvasRenderingContext2D
  readonly pixel: number
}

/** The robot's sphere has this radius, and its arrow ends this far ahead of its centre (mjcf.ts), metres. */
const ROBOT_RADIUS = 0.1
const ARROW_END = 0.15

export function drawFloor({ context, pixel }: Ground, { reach, colours }: MapPicture, world: World): void {
  context.fillStyle = colours.floor
  context.fillRect(-reach, -reach, 2 * reach, 2 * reach)
  context.strokeStyle = withOpacity(colours.line, 0.9)
  context.lineWidth = pixel
  context.setLineDash([4 * pixel, 4 * pixel])
  // Where things are placed; the floor goes on.
  context.strokeRect(-world.extent, -world.extent, 2 * world.extent, 2 * world.extent)
  context.setLineDash([])
}

export function drawHazards({ context, pixel }: Ground, { colours }: MapPicture, { world, layout }: Episode): void {
  const hazards = [...layout.hazards]
  for (const set of world.objects) {
    if (set.kind !== 'hazard') continue
    for (const hazard of hazards.splice(0, set.count)) {
      disc(context, hazard, set.radius)
      if (set.constrained) {
        context.fillStyle = colours.hazard
        context.fill()
      }
      context.strokeStyle = colours['hazard-line']
      context.lineWidth = 1.2 * pixel
      context.stroke()
    }
  }
}

export function drawGoal({ context, pixel }: Ground, { colours }: MapPicture, goal: Point, radius: number): void {
  disc(context, goal, radius)
  context.fillStyle = colours.goal
  context.fill()
  context.strokeStyle = colours['goal-line']
  context.lineWidth = 1.5 * pixel
  context.stroke()
  // A flag pole's foot: the centre, which the reward measures to.
  disc(context, goal, 2 * pixel)
  context.fillStyle = colours['goal-line']
  context.fill()
}

/** @param stroke of the outline; of one among several episodes, its own colour */
export function drawVases(ground: Ground, picture: MapPicture, episode: Episode, time: number, stroke?: string): void {
  const { context, pixel } = ground
  const { colours } = picture
  const count = vaseCount(episode)
  const isFree = !episode.world.objects.some((set) => set.kind === 'vase' && set.constrained)
  context.fillStyle = colours.vase
  context.strokeStyle = stroke ?? colours['vase-line']
  context.lineWidth = (stroke === undefined ? 1.2 : 1.6) * pixel
  context.beginPath()
  for (let i = 0; i < count; i++) {
    // Of several episodes on one map each shows the vases that it has moved.
    if (stroke !== undefined && !hasMoved(episode, i, time)) continue
    cubeFromAbove(vaseAt(episode.vases, count, i, time), VASE_HALF_SIZE).forEach(({ x, y }, corner) =>
      corner === 0 ? context.moveTo(x, y) : context.lineTo(x, y),
    )
    context.closePath()
  }
  if (!isFree && stroke === undefined) context.fill()
  context.stroke()
}

/** From where it settles, by more than 5 mm. */
function hasMoved({ vases, layout }: Episode, index: number, time: number): boolean {
  const at = VASE_VALUES * (Math.floor(time) * layout.vases.length + index)
  const { x, y } = layout.vases[index]!
  return Math.hypot(vases[at]! - x, vases[at + 1]! - y) > 0.005
}

/** The steps from state `from` to state `to`; what costs is thicker as well, for those who see no red. */
export function drawTrail(ground: Ground, { colours }: MapPicture, actor: Actor, from: number, to: number): void {
  const { context, pixel } = ground
  const { robot, costs } = actor.episode
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const segment of trailSegments(costs, from, to)) {
    context.beginPath()
    for (let t = segment.from; t <= segment.to; t++) context.lineTo(robot[3 * t]!, robot[3 * t + 1]!)
    context.strokeStyle = segment.costly ? colours.cost : colours.series[actor.role]
    context.lineWidth = (segment.costly ? 4 : 2) * pixel
    context.stroke()
  }
}

/** From the newest whole state to where the robot is now. */
export function drawTrailTip(ground: Ground, { colours }: MapPicture, actor: Actor, time: number, end: Point): void {
  const { context, pixel } = ground
  const state = Math.min(Math.floor(time), actor.episode.length)
  if (state >= actor.episode.length) return
  const isCostly = actor.episode.costs[state]! !== 0
  context.beginPath()
  context.moveTo(actor.episode.robot[3 * state]!, actor.episode.robot[3 * state + 1]!)
  context.lineTo(end.x, end.y)
  context.lineCap = 'round'
  context.strokeStyle = isCostly ? colours.cost : colours.series[actor.role]
  context.lineWidth = (isCostly ? 4 : 2) * pixel
  context.stroke()
}

/** Sphere and arrow, as the simulator has them; the filling tells several apart. */
export function drawRobot({ context, pixel }: Ground, { colours }: MapPicture, pose: Pose, fill: string): void {
  context.save()
  context.translate(pose.x, pose.y)
  context.rotate(pose.yaw)
  // Never too small to be seen.
  const scale = Math.max(1, (6 * pixel) / ROBOT_RADIUS)
  context.scale(scale, scale)
  context.beginPath()
  context.arc(0, 0, ROBOT_RADIUS, 0.5, 2 * Math.PI - 0.5)
  context.lineTo(ARROW_END, 0)
  context.closePath()
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = colours.floor
  context.lineWidth = (1.5 * pixel) / scale
  context.stroke()
  context.beginPath()
  context.moveTo(0, 0)
  context.lineTo(ARROW_END * 0.75, 0)
  context.strokeStyle = colours.floor
  context.lineWidth = (2 * pixel) / scale
  context.stroke()
  context.restore()
}

/** A ring that leaves the robot and fades: `strength` goes from 1 to 0. */
export function drawFlash({ context, pixel }: Ground, { colours }: MapPicture, at: Point, strength: number): void {
  if (strength <= 0) return
  disc(context, at, 0.16 + 0.14 * (1 - strength))
  context.strokeStyle = withOpacity(colours.cost, strength)
  context.lineWidth = 3 * pixel
  context.stroke()
}

/** Brightness of the lidar's bins as three rings about the robot: goal, hazards, vases from the inside out. */
export function drawLidar(ground: Ground, { colours }: MapPicture, episode: Episode, time: number, pose: Pose): void {
  const { context, pixel } = ground
  const rings = lidarAt(episode, Math.min(Math.floor(time), episode.length))
  const width = Math.max(0.05, 3 * pixel)
  const bins = [
    { values: rings.goal, colour: colours['goal-line'] },
    { values: rings.hazards, colour: colours['hazard-line'] },
    { values: rings.vases, colour: colours['vase-line'] },
  ]
  bins.forEach(({ values, colour }, ring) => {
    const radius = 0.24 + ring * width * 1.25
    context.lineCap = 'butt'
    context.lineWidth = width
    for (let bin = 0; bin < LIDAR_BINS; bin++) {
      const from = pose.yaw + (bin / LIDAR_BINS) * 2 * Math.PI
      context.beginPath()
      context.arc(pose.x, pose.y, radius, from + 0.03, from + (2 * Math.PI) / LIDAR_BINS - 0.03)
      context.strokeStyle = withOpacity(colour, 0.12 + 0.88 * values[bin]!)
      context.stroke()
    }
  })
}

function disc(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
}
