// Layouts are computed in the page, a stretch at a time: 600 take some 20 ms, yet a range may be long or a world crowded.
import { taskDifficulty } from '../../core/env/task-difficulty.ts'
import { sampleTask, type Task } from '../../core/env/tasks.ts'
import type { World } from '../../core/env/world.ts'
import { layoutValues, type FigureValues, type LayoutFigure } from './figures.ts'

/** A task with the figures of its layout. */
export interface LaidTask {
  readonly task: Task
  readonly figures: Readonly<Record<'seed' | LayoutFigure, number>>
}

/** With the values of the results that are chosen. */
export interface ShownTask extends LaidTask {
  readonly values: FigureValues
}

/** The page goes on after so long (ms). */
const SLICE_MS = 8

export const layTask = (world: World, seed: number): LaidTask => {
  const task = sampleTask(world, seed)
  return { task, figures: layoutValues(seed, taskDifficulty(world, task)) }
}

/** @returns null where the signal stopped it */
export async function layTasks(
  world: World,
  { from, to, arcDegrees }: { readonly from: number; readonly to: number; readonly arcDegrees: number },
  signal: AbortSignal,
): Promise<LaidTask[] | null> {
  const half = arcDegrees / 2
  const tasks: LaidTask[] = []
  let begun = performance.now()
  for (let seed = from; seed <= to; seed++) {
    const laid = layTask(world, seed)
    if (Math.abs(laid.figures.bearing) <= half) tasks.push(laid)
    if (performance.now() - begun < SLICE_MS) continue
    await new Promise((resolve) => setTimeout(resolve))
    if (signal.aborted) return null
    begun = performance.now()
  }
  return tasks
}
