/**
 * Can the robot touch a vase here? The robot's shape is a circle and a square ahead of it, a vase standing flat is a
 * square; all of them are as good as prisms at the robot's height, so the exact answer is a planar one.
 */
import { VASE_HALF_SIZE } from '../mjcf.ts'

/** Robot's sphere, and its arrow: a cube ahead of the centre (assets/xmls/point.xml), metres. */
const SPHERE_RADIUS = 0.1
const ARROW_OFFSET = 0.1
const ARROW_HALF_SIZE = 0.05
/** Added to every test: nothing that MuJoCo would list as a contact may be missed for rounding, metres. */
const MARGIN = 1e-5

/**
 * Cosine of the tilt up to which a vase stands flat: 1.4e-4 rad move its faces by less than the margin at the heights
 * that the robot can touch. Vases that came to rest on a face tilt by 2e-5 rad.
 */
const UPRIGHT = 1 - 1e-8

/** No point of the robot is farther from its centre. */
export const ROBOT_REACH = Math.hypot(ARROW_OFFSET + ARROW_HALF_SIZE, ARROW_HALF_SIZE)
/** No point of a vase is farther from its centre, however it lies. */
export const VASE_REACH = Math.sqrt(3) * VASE_HALF_SIZE

/**
 * Whether a robot at (`dx`, `dy`) from the vase's centre, heading (`cos`, `sin`), overlaps the vase, whose square is
 * turned by (`vaseCos`, `vaseSin`).
 */
export function robotOverlapsSquare(
  dx: number,
  dy: number,
  cos: number,
  sin: number,
  vaseCos: number,
  vaseSin: number,
): boolean {
  // Circle and square, in the square's frame.
  const gapX = Math.max(0, Math.abs(vaseCos * dx + vaseSin * dy) - VASE_HALF_SIZE)
  const gapY = Math.max(0, Math.abs(vaseCos * dy - vaseSin * dx) - VASE_HALF_SIZE)
  const radius = SPHERE_RADIUS + MARGIN
  if (gapX * gapX + gapY * gapY < radius * radius) return true

  // Arrow and square: no axis of either separates them.
  const ax = dx + ARROW_OFFSET * cos
  const ay = dy + ARROW_OFFSET * sin
  const spread = Math.abs(vaseCos * cos + vaseSin * sin) + Math.abs(vaseCos * sin - vaseSin * cos)
  const onVase = ARROW_HALF_SIZE * spread + VASE_HALF_SIZE + MARGIN
  const onArrow = VASE_HALF_SIZE * spread + ARROW_HALF_SIZE + MARGIN
  return (
    Math.abs(vaseCos * ax + vaseSin * ay) < onVase &&
    Math.abs(vaseCos * ay - vaseSin * ax) < onVase &&
    Math.abs(cos * ax + sin * ay) < onArrow &&
    Math.abs(cos * ay - sin * ax) < onArrow
  )
}

/**
 * Writes the cosine and sine of the square that a vase covers in the plane to `out[to]` and `out[to + 1]`, from its pose
 * at `poses[at]`; NaN if it stands on no face.
 */
export function findSquare(poses: Float64Array, at: number, out: Float64Array, to: number): void {
  const w = poses[at + 3]!
  const x = poses[at + 4]!
  const y = poses[at + 5]!
  const z = poses[at + 6]!
  // Vertical components of the vase's three axes: which one stands up?
  const upX = Math.abs(2 * (x * z - w * y))
  const upY = Math.abs(2 * (y * z + w * x))
  const upZ = Math.abs(1 - 2 * (x * x + y * y))
  let cos = NaN
  let sin = NaN
  if (upZ > UPRIGHT || upY > UPRIGHT) {
    // The vase's own x axis lies in the floor.
    cos = 1 - 2 * (y * y + z * z)
    sin = 2 * (x * y + w * z)
  } else if (upX > UPRIGHT) {
    cos = 2 * (x * y - w * z)
    sin = 1 - 2 * (x * x + z * z)
  }
  const length = Math.sqrt(cos * cos + sin * sin)
  out[to] = cos / length
  out[to + 1] = sin / length
}
