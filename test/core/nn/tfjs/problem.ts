/** Several tasks that differ in everything but the policy's shape, each with a SIMD engine of its own beside it. */
import type { PolicyShape } from '../../../../src/core/nn/policy.ts'
import type { ForTask } from '../../../../src/core/nn/batched-learner.ts'
import { randomProblem } from '../engine.ts'

export function taskProblems(shape: PolicyShape, rows: readonly number[], seed: number) {
  return rows.map((count, place) => ({ place, rows: count, ...randomProblem(shape, count, seed + place) }))
}

export type TaskProblem = ReturnType<typeof taskProblems>[number]

/** One request per task. */
export function requestsOf<A extends readonly unknown[]>(
  tasks: readonly TaskProblem[],
  argumentsOf: (task: TaskProblem) => A,
): ForTask<A>[] {
  return tasks.map((task) => ({ place: task.place, arguments: argumentsOf(task) }))
}
