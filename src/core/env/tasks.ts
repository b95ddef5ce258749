/** Tasks: a task is one seed, hence one fixed layout, start pose and goal. */
import { sampleLayout } from './layout.ts'
import type { Layout } from './layout.ts'
import type { World } from './world.ts'

export interface Task {
  readonly seed: number
  readonly layout: Layout
  /** Direction of the goal from the robot's heading at the start, radians in (-pi, pi], left is positive. */
  readonly goalBearing: number
  /** From the robot's start to the goal, metres. */
  readonly goalDistance: number
}

export interface TaskSelection {
  /** First and last seed, both included. */
  readonly from: number
  readonly to: number
  /** Keeps the tasks whose goal lies within an arc this wide around the robot's heading. */
  readonly arcDegrees?: number
}

export function sampleTask(world: World, seed: number): Task {
  const { layout } = sampleLayout(world, seed)
  const dx = layout.goal.x - layout.robot.x
  const dy = layout.goal.y - layout.robot.y
  const turn = Math.atan2(dy, dx) - layout.robot.yaw
  return {
    seed,
    layout,
    goalBearing: Math.atan2(Math.sin(turn), Math.cos(turn)),
    goalDistance: Math.sqrt(dx * dx + dy * dy),
  }
}

/**
 * The tasks of a range of seeds. The paper chooses its seeds "to require the agent to search for goals within a
 * 140-degree arc"; read as +-70 degrees of the heading towards the first goal.
 */
export function sampleTasks(world: World, { from, to, arcDegrees = 360 }: TaskSelection): Task[] {
  const tasks: Task[] = []
  for (let seed = from; seed <= to; seed++) {
    const task = sampleTask(world, seed)
    if (isWithinArc(task, arcDegrees)) tasks.push(task)
  }
  return tasks
}

export const isWithinArc = ({ goalBearing }: Task, arcDegrees: number): boolean =>
  Math.abs(goalBearing) <= (arcDegrees / 360) * Math.PI
