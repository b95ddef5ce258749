/** Where things are between two recorded states. `time` counts steps and may lie between them. */
import type { Point, Pose } from '../env/layout.ts'

/** A pose in space: metres, and the rotation as MuJoCo's quaternion. */
export interface BodyPose {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly w: number
  readonly i: number
  readonly j: number
  readonly k: number
}

/** `robot` is [(T + 1) x 3]: x, y and the heading, which is never wrapped, so that it can be interpolated. */
export function robotAt(robot: Float64Array, time: number): Pose {
  const { at, next, share } = between(time, robot.length / 3)
  const mix = (column: number) => lerp(robot[3 * at + column]!, robot[3 * next + column]!, share)
  return { x: mix(0), y: mix(1), yaw: mix(2) }
}

/** Vase `index` of `vases` [(T + 1) x count x 7]. Quaternions are interpolated on the shorter way and normalised. */
export function vaseAt(vases: Float64Array, count: number, index: number, time: number): BodyPose {
  const { at, next, share } = between(time, vases.length / (7 * count))
  const from = 7 * (at * count + index)
  const to = 7 * (next * count + index)
  let dot = 0
  for (let c = 3; c < 7; c++) dot += vases[from + c]! * vases[to + c]!
  const sign = dot < 0 ? -1 : 1
  const place = (c: number) => lerp(vases[from + c]!, vases[to + c]!, share)
  const turn = (c: number) => lerp(vases[from + c]!, sign * vases[to + c]!, share)
  const [w, i, j, k] = [turn(3), turn(4), turn(5), turn(6)]
  const norm = Math.hypot(w, i, j, k) || 1
  return { x: place(0), y: place(1), z: place(2), w: w / norm, i: i / norm, j: j / norm, k: k / norm }
}

/** The goal jumps: it is never between two places. `goal` is [(T + 1) x 2]. */
export function goalAt(goal: Float64Array, time: number): Point {
  const at = Math.min(Math.floor(time), goal.length / 2 - 1)
  return { x: goal[2 * at]!, y: goal[2 * at + 1]! }
}

/**
 * The outline of a cube from above, as the convex hull of its corners: a square while it stands, more when it tips.
 * Points in order around it.
 */
export function cubeFromAbove(pose: BodyPose, half: number): Point[] {
  const { x, y, w, i, j, k } = pose
  // The upper two rows of the rotation matrix of a unit quaternion.
  const xx = 1 - 2 * (j * j + k * k)
  const xy = 2 * (i * j - w * k)
  const xz = 2 * (i * k + w * j)
  const yx = 2 * (i * j + w * k)
  const yy = 1 - 2 * (i * i + k * k)
  const yz = 2 * (j * k - w * i)
  const corners: Point[] = []
  for (const a of [-half, half])
    for (const b of [-half, half])
      for (const c of [-half, half]) corners.push({ x: x + xx * a + xy * b + xz * c, y: y + yx * a + yy * b + yz * c })
  return convexHull(corners)
}

/** Andrew's monotone chain, counter-clockwise. Corners that coincide up to a nanometre are one. */
function convexHull(points: Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y)
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = []
    for (const point of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 1e-9) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.toReversed())]
}

const turn = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)

function between(time: number, states: number): { at: number; next: number; share: number } {
  const last = states - 1
  const at = Math.min(Math.max(0, Math.floor(time)), last)
  return { at, next: Math.min(at + 1, last), share: Math.min(Math.max(0, time - at), 1) }
}

const lerp = (a: number, b: number, share: number): number => a + (b - a) * share
