/**
 * Safety-Gymnasium's pseudo-lidar (1.0.0, bases/base_task.py:455-501): every object lights the bin that its bearing falls
 * in, by its closeness, and its two neighbours by how near the bearing is to them.
 */
export const LIDAR_BINS = 16
/** Objects farther away are not seen, metres. */
const RANGE = 3
const BIN_ANGLE = (2 * Math.PI) / LIDAR_BINS

/** Where the robot looks from: its centre and the cosine and sine of its heading. */
export interface Viewpoint {
  readonly x: number
  readonly y: number
  readonly cos: number
  readonly sin: number
}

/**
 * Adds one object at (`x`, `y`) to the bins `out[offset .. offset + LIDAR_BINS)`, which start at 0; an object only
 * ever brightens a bin.
 */
export function addToLidar(out: Float64Array, offset: number, x: number, y: number, view: Viewpoint): void {
  const dx = x - view.x
  const dy = y - view.y
  const squared = dx * dx + dy * dy
  if (squared >= RANGE * RANGE) return

  const closeness = (RANGE - Math.sqrt(squared)) / RANGE
  let angle = Math.atan2(dy * view.cos - dx * view.sin, dx * view.cos + dy * view.sin)
  if (angle < 0) angle += 2 * Math.PI
  // A tiny negative angle plus 2 pi rounds to 2 pi itself: that is bin 0.
  if (angle >= 2 * Math.PI) angle = 0
  const bin = Math.floor(angle / BIN_ANGLE)
  const fraction = (angle - BIN_ANGLE * bin) / BIN_ANGLE

  const left = offset + ((bin + 1) % LIDAR_BINS)
  const right = offset + ((bin + LIDAR_BINS - 1) % LIDAR_BINS)
  const here = offset + bin
  if (closeness > out[here]!) out[here] = closeness
  if (fraction * closeness > out[left]!) out[left] = fraction * closeness
  if ((1 - fraction) * closeness > out[right]!) out[right] = (1 - fraction) * closeness
}
