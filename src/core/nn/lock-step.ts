import type { BatchedLearner, ForTask } from './batched-learner.ts'
import type { Learner } from './learner.ts'

/** Runs algorithms that are written for one task and one `Learner` side by side on a `BatchedLearner`. */
export interface LockStep {
  /** Most tasks that are worked on at once. */
  readonly places: number
  /** Does the work with the learner of a place, as soon as one is free; the place is free again when the work has ended. */
  run<T>(work: (learner: Learner, place: number) => Promise<T>): Promise<T>
}

/**
 * The operations, in the order in which they are computed where tasks wait for different ones. A critic fit costs more
 * than all others of a step together, so it waits until no task waits for anything else: tasks whose line searches end
 * after different numbers of candidates still fit their critics in one call.
 */
const OPERATIONS = [
  'bind',
  'values',
  'surrogateGradient',
  'surrogateHessianProduct',
  'fisherProduct',
  'evaluatePolicy',
] as const
const LAST = 'fitCritics'

type Operation = (typeof OPERATIONS)[number] | typeof LAST

interface Waiting {
  readonly operation: Operation
  readonly request: ForTask<readonly unknown[]>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Every task runs until it awaits an operation. When all that are being worked on wait for one, those that wait for the
 * same operation are answered by one batched call. Conjugate gradients and line searches of all tasks thus advance
 * together, and a task that has ended is simply no longer waited for. A task that does something else meanwhile, such as
 * a rollout, is being worked on: the others wait for it. A call that fails fails for all tasks in it, and for no other.
 */
export function lockStep(batched: BatchedLearner): LockStep {
  const places = Array.from({ length: batched.tasks }, (_, place) => place)
  // The place that was used last comes first: what its user keeps with it is kept for few.
  const free = places.toReversed()
  const queue: ((place: number) => void)[] = []
  let active = 0
  let waiting: Waiting[] = []
  let scheduled = false

  /** Looks when all that happens in this turn has happened: tasks that are begun together wait for each other. */
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    void Promise.resolve().then(() => {
      scheduled = false
      if (waiting.length > 0 && waiting.length === active) void answer()
    })
  }
  const answer = async () => {
    const asked = waiting
    const now = asked.some(({ operation }) => operation !== LAST) ? OPERATIONS : [LAST]
    const groups = now.map((operation) => asked.filter((one) => one.operation === operation))
    waiting = asked.filter(({ operation }) => !(now as readonly Operation[]).includes(operation))
    for (const group of groups) if (group.length > 0) await compute(batched, group)
  }
  const ask = (operation: Operation, place: number, given: readonly unknown[]): Promise<never> =>
    new Promise((resolve, reject) => {
      waiting.push({ operation, request: { place, arguments: given }, resolve: resolve as Waiting['resolve'], reject })
      schedule()
    })
  const learners = places.map((place): Learner => ({
    policyShape: batched.policyShape,
    name: batched.name,
    bind: (...given) => ask('bind', place, given),
    surrogateGradient: (...given) => ask('surrogateGradient', place, given),
    surrogateHessianProduct: (...given) => ask('surrogateHessianProduct', place, given),
    fisherProduct: (...given) => ask('fisherProduct', place, given),
    evaluatePolicy: (...given) => ask('evaluatePolicy', place, given),
    values: (...given) => ask('values', place, given),
    fitCritics: (...given) => ask('fitCritics', place, given),
  }))

  return {
    places: batched.tasks,
    async run(work) {
      const place = free.pop() ?? (await new Promise<number>((resolve) => queue.push(resolve)))
      active++
      try {
        return await work(learners[place]!, place)
      } finally {
        active--
        const next = queue.shift()
        if (next) next(place)
        else free.push(place)
        schedule()
      }
    },
  }
}

/** One batched call; never rejects. */
async function compute(batched: BatchedLearner, group: readonly Waiting[]): Promise<void> {
  try {
    const requests = group.map(({ request }) => request)
    // Every operation takes the requests of its own tasks: `ask` has put them there by its name.
    const operation = batched[group[0]!.operation] as (requests: readonly unknown[]) => unknown
    const results = (await operation.call(batched, requests)) as readonly unknown[] | undefined
    group.forEach(({ resolve }, i) => resolve(results?.[i]))
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

/** Batched calls answered task by task: for engines that gain nothing by a batch, one learner per place. */
export function batchedFrom(learners: readonly Learner[]): BatchedLearner {
  const { policyShape, name } = learners[0]!
  const each = async <A extends readonly unknown[], R>(
    requests: readonly ForTask<A>[],
    operation: (learner: Learner, given: A) => R | Promise<R>,
  ): Promise<R[]> => {
    const results: R[] = []
    for (const { place, arguments: given } of requests) results.push(await operation(learners[place]!, given))
    return results
  }
  return {
    policyShape,
    name,
    tasks: learners.length,
    bind: async (requests) => void (await each(requests, (learner, given) => learner.bind(...given))),
    surrogateGradient: (requests) => each(requests, (learner, given) => learner.surrogateGradient(...given)),
    surrogateHessianProduct: (requests) =>
      each(requests, (learner, given) => learner.surrogateHessianProduct(...given)),
    fisherProduct: (requests) => each(requests, (learner, given) => learner.fisherProduct(...given)),
    evaluatePolicy: (requests) => each(requests, (learner, given) => learner.evaluatePolicy(...given)),
    values: (requests) => each(requests, (learner, given) => learner.values(...given)),
    fitCritics: async (requests) => void (await each(requests, (learner, given) => learner.fitCritics(...given))),
    dispose: () => {},
  }
}
