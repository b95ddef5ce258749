/** Where a robot went, cut where it begins and ends to cost. */

/** States `from` to `to`, both included: neighbours share the state between them. */
export interface TrailSegment {
  readonly from: number
  readonly to: number
  /** Whether every step of it costs. */
  readonly costly: boolean
}

/** The segments of the steps from state `from` to state `to`. */
export function trailSegments(costs: ArrayLike<number>, from: number, to: number): TrailSegment[] {
  const segments: TrailSegment[] = []
  const last = Math.min(to, costs.length)
  for (let state = Math.max(0, from); state < last;) {
    const costly = costs[state]! !== 0
    const start = state
    while (state < last && (costs[state]! !== 0) === costly) state++
    segments.push({ from: start, to: state, costly })
  }
  return segments
}

/** How far from the origin the widest of the trails goes along an axis, metres. `robot` is [(T + 1) x 3]. */
export function reachOf(robots: Iterable<Float64Array>, least: number): number {
  let reach = least
  for (const robot of robots)
    for (let i = 0; i < robot.length; i += 3) reach = Math.max(reach, Math.abs(robot[i]!), Math.abs(robot[i + 1]!))
  return reach
}
