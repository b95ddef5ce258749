/**
 * A layout from above as paths: the syntax of SVG's `d`, which canvases read too (`Path2D`). Metres, with y downwards as on
 * a page: the view box is `-extent -extent 2*extent 2*extent`.
 */
import type { Layout, Point, Pose } from './layout.ts'
import { VASE_HALF_SIZE } from './mjcf.ts'
import { hazardRadii } from './task-difficulty.ts'
import type { World } from './world.ts'

/** As long as the robot with its arrow. */
const ROBOT_SIZE = 0.15

export interface MapPaths {
  readonly hazards: string
  readonly vases: string
  readonly goal: string
  /** An arrowhead in the direction of the heading. */
  readonly robot: string
  /** From the robot's start to the goal. */
  readonly way: string
}

export function mapPaths(world: World, { robot, goal, hazards, vases }: Layout): MapPaths {
  const radii = hazardRadii(world)
  return {
    hazards: hazards.map((hazard, i) => disc(hazard, radii[i]!)).join(''),
    vases: vases.map((vase) => polygon(vaseCorners(vase))).join(''),
    goal: disc(goal, world.goal.radius),
    robot: polygon(robotOutline(robot, ROBOT_SIZE)),
    way: `M${at(robot)}L${at(goal)}`,
  }
}

/** The sector in front of the robot in which the task's goal has to lie; empty for a whole circle. */
export function arcPath({ robot }: Layout, arcDegrees: number, radius: number): string {
  if (arcDegrees >= 360) return ''
  const half = (arcDegrees / 360) * Math.PI
  const end = (turn: number) =>
    at({ x: robot.x + radius * Math.cos(robot.yaw + turn), y: robot.y + radius * Math.sin(robot.yaw + turn) })
  // From the left end to the right one, which is clockwise on the page.
  return `M${at(robot)}L${end(half)}A${fixed(radius)} ${fixed(radius)} 0 ${arcDegrees > 180 ? 1 : 0} 1 ${end(-half)}Z`
}

export const vaseCorners = (vase: Pose): Point[] =>
  [
    [1, 1],
    [-1, 1],
    [-1, -1],
    [1, -1],
  ].map(([ahead = 0, left = 0]) => fromHeading(vase, ahead * VASE_HALF_SIZE, left * VASE_HALF_SIZE))

/** An arrowhead about the robot's centre. */
export const robotOutline = (robot: Pose, size: number): Point[] =>
  [
    [1.1, 0],
    [-0.8, 0.75],
    [-0.4, 0],
    [-0.8, -0.75],
  ].map(([ahead = 0, left = 0]) => fromHeading(robot, ahead * size, left * size))

/** The point `ahead` and `left` of a pose, metres. */
function fromHeading({ x, y, yaw }: Pose, ahead: number, left: number): Point {
  const cos = Math.cos(yaw)
  const sin = Math.sin(yaw)
  return { x: x + cos * ahead - sin * left, y: y + sin * ahead + cos * left }
}

const polygon = (corners: readonly Point[]): string => `M${corners.map(at).join('L')}Z`

function disc({ x, y }: Point, radius: number): string {
  const r = fixed(radius)
  const [left, right] = [at({ x: x - radius, y }), at({ x: x + radius, y })]
  return `M${left}A${r} ${r} 0 0 1 ${right}A${r} ${r} 0 0 1 ${left}Z`
}

const at = ({ x, y }: Point): string => `${fixed(x)} ${fixed(-y)}`

/** Millimetres are more than a screen shows. */
const fixed = (value: number): string => String(Math.round(value * 1000) / 1000)
