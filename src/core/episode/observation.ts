/** What the robot saw, recomputed from the state by the simulator's own lidar. */
import { LIDAR_BINS, addToLidar, type Viewpoint } from '../env/lidar.ts'
import { SENSOR_VALUES } from '../env/point-robot.ts'
import { countObjects, observationSizeOf } from '../env/world.ts'
import { VASE_VALUES, vaseCount, type Episode } from './episode.ts'

/** Brightness of each of 16 bins, counted anticlockwise from the heading. */
export interface LidarRings {
  readonly hazards: Float64Array
  readonly vases: Float64Array
  /** Computed also where the policy does not see the goal. */
  readonly goal: Float64Array
}

export function lidarAt(episode: Episode, t: number): LidarRings {
  const { robot, goal, layout, vases } = episode
  const heading = robot[3 * t + 2]!
  const view = { x: robot[3 * t]!, y: robot[3 * t + 1]!, cos: Math.cos(heading), sin: Math.sin(heading) }
  const first = t * vaseCount(episode)
  return {
    hazards: ring(view, layout.hazards),
    vases: ring(
      view,
      layout.vases.map((_, i) => {
        const at = (first + i) * VASE_VALUES
        return { x: vases[at]!, y: vases[at + 1]! }
      }),
    ),
    goal: ring(view, [{ x: goal[2 * t]!, y: goal[2 * t + 1]! }]),
  }
}

/** The raw observation after step `t`, as the policy got it: sensors, then the lidars that the world has. */
export function observationAt(episode: Episode, t: number): Float64Array {
  const { world, goalVisible, sensors } = episode
  const rings = lidarAt(episode, t)
  const observation = new Float64Array(observationSizeOf(world, goalVisible))
  observation.set(sensors.subarray(t * SENSOR_VALUES, (t + 1) * SENSOR_VALUES))
  let at = SENSOR_VALUES
  const append = (bins: Float64Array) => {
    observation.set(bins, at)
    at += LIDAR_BINS
  }
  if (goalVisible) append(rings.goal)
  if (countObjects(world, 'hazard') > 0) append(rings.hazards)
  if (countObjects(world, 'vase') > 0) append(rings.vases)
  return observation
}

function ring(view: Viewpoint, objects: readonly { readonly x: number; readonly y: number }[]): Float64Array {
  const bins = new Float64Array(LIDAR_BINS)
  for (const { x, y } of objects) addToLidar(bins, 0, x, y, view)
  return bins
}
