import type { BatchedLearner, ForTask } from './batched-learner.ts'
import type { Awaitable } from './learner.ts'

/** An engine, and how much of its time each place has used. */
export interface ChargedLearner {
  readonly learner: BatchedLearner
  /** Seconds; only ever grows. */
  secondsOf(place: number): number
}

/**
 * Divides the time of every call among the places in it. Tasks in lock step wait for each other; a clock on the wall
 * would count that time once for each of them.
 *
 * @param now wall clock in seconds
 */
export function chargeCalls(batched: BatchedLearner, now: () => number): ChargedLearner {
  const seconds = new Float64Array(batched.tasks)
  const charged =
    <A extends readonly unknown[], R>(operation: (requests: readonly ForTask<A>[]) => Awaitable<R>) =>
    async (requests: readonly ForTask<A>[]): Promise<R> => {
      const started = now()
      try {
        return await operation(requests)
      } finally {
        const share = (now() - started) / requests.length
        for (const { place } of requests) seconds[place]! += share
      }
    }
  return {
    learner: {
      policyShape: batched.policyShape,
      name: batched.name,
      tasks: batched.tasks,
      bind: charged((requests) => batched.bind(requests)),
      surrogateGradient: charged((requests) => batched.surrogateGradient(requests)),
      surrogateHessianProduct: charged((requests) => batched.surrogateHessianProduct(requests)),
      fisherProduct: charged((requests) => batched.fisherProduct(requests)),
      evaluatePolicy: charged((requests) => batched.evaluatePolicy(requests)),
      values: charged((requests) => batched.values(requests)),
      fitCritics: charged((requests) => batched.fitCritics(requests)),
      dispose: () => batched.dispose(),
    },
    secondsOf: (place) => seconds[place]!,
  }
}
