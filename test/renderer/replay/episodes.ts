import { worlds } from '../../../src/core/env/world.ts'
import { sampleTask } from '../../../src/core/env/tasks.ts'
import { yawQuaternion } from '../../../src/core/env/mjcf.ts'
import type { Episode } from '../../../src/core/episode/episode.ts'
import type { SeriesRole } from '../../../src/core/study/figure-data.ts'
import { makeActor, type Actor } from '../../../src/renderer/replay/actors.ts'

/** An episode that goes straight along x from the start of a task, one centimetre a step. */
export function straightEpisode(
  costs: readonly number[],
  task = 122,
  world: Episode['world'] = worlds['environment-2'],
): Episode {
  const { layout } = sampleTask(world, task)
  const length = costs.length
  const states = Array.from({ length: length + 1 }, (_, t) => t)
  return {
    ...{ task, world, layout, length, goalVisible: true, terminated: false, truncated: true },
    robot: Float64Array.from(states.flatMap((t) => [layout.robot.x + 0.01 * t, layout.robot.y, 0])),
    velocity: new Float64Array(3 * (length + 1)),
    vases: Float64Array.from(
      states.flatMap(() => layout.vases.flatMap(({ x, y, yaw }) => [x, y, 0.1, ...yawQuaternion(yaw)])),
    ),
    sensors: new Float64Array(12 * (length + 1)),
    goal: Float64Array.from(states.flatMap(() => [layout.goal.x, layout.goal.y])),
    actions: new Float32Array(2 * length),
    rewards: new Float64Array(length).fill(0.01),
    costs: Float64Array.from(costs),
    costParts: Uint8Array.from(costs),
    goalReached: new Uint8Array(length),
  }
}

export const actor = (key: string, episode: Episode, role: SeriesRole = 'c-maml'): Actor =>
  makeActor({ key, name: `policy ${key}`, detail: 'before adaptation', brief: 'before', role }, episode)
