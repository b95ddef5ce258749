/** The page's end of the worker. Answers are kept: the same question is computed once. */
import type { Cube } from '../../core/study/comparison/cube.ts'
import type { PartChoice } from '../../core/study/comparison/part.ts'
import type { ComputationArguments, ComputationName, ComputationResult } from './computations.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

export interface Computer {
  compute<Name extends ComputationName>(
    choice: PartChoice,
    name: Name,
    ...args: ComputationArguments<Name>
  ): Promise<ComputationResult<Name>>
  stop(): void
}

/** What is asked next: what takes no resampling, then the figure in the centre, then the panels around it. */
const RANKS: Partial<Record<ComputationName, number>> = { taskMoves: 0, taskMatrix: 0, bands: 1, feasibleShares: 1 }
const LAST_RANK = 2

type Question = Extract<ToWorker, { readonly kind: 'compute' }>

/** Answers that are kept; the oldest goes first. Each is at most a few hundred kB. */
const MOST_KEPT = 100

export function startComputer({ initialisations, replicates, tasks, steps, costLimit, values }: Cube): Computer {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'comparison' })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const kept = new Map<string, Promise<unknown>>()
  const queue: Question[] = []
  /** One question at a time is with the worker, so that a later one of a lower rank can come first. */
  let isAsked = false
  let last = 0
  const send = (message: ToWorker) => worker.postMessage(message)

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    const one = waiting.get(data.id)
    waiting.delete(data.id)
    isAsked = false
    askNext()
    if ('problem' in data) one?.reject(new Error(data.problem))
    else one?.resolve(data.result)
  })
  // Where it cannot even be loaded, nobody waits for ever.
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message || 'The statistics could not be loaded.'))
    waiting.clear()
    kept.clear()
    queue.length = 0
    isAsked = false
  })
  // Of what was read from the server, the numbers alone.
  send({ kind: 'cube', cube: { initialisations, replicates, tasks, steps, costLimit, values } })

  function ask(choice: PartChoice, name: ComputationName, args: readonly unknown[]): Promise<unknown> {
    const id = ++last
    const one = Promise.withResolvers<unknown>()
    waiting.set(id, one)
    forgetOthers(choice)
    queue.push({ kind: 'compute', id, choice, name, args })
    askNext()
    return one.promise
  }

  /** What nobody has begun with is not worth its time once another part is chosen: whoever asked asks anew. */
  function forgetOthers(choice: PartChoice): void {
    const key = JSON.stringify(choice)
    for (const question of queue.filter((one) => JSON.stringify(one.choice) !== key)) {
      queue.splice(queue.indexOf(question), 1)
      waiting.get(question.id)?.reject(new Error('Another part was chosen before this was computed.'))
      waiting.delete(question.id)
    }
  }

  function askNext(): void {
    if (isAsked || queue.length === 0) return
    const rankOf = ({ name }: Question) => RANKS[name] ?? LAST_RANK
    // Of equal rank the newest: a panel asks when it comes into view.
    const next = queue.reduce((first, one) => (rankOf(one) <= rankOf(first) ? one : first))
    queue.splice(queue.indexOf(next), 1)
    isAsked = true
    send(next)
  }

  return {
    compute(choice, name, ...args) {
      const key = JSON.stringify([choice, name, args])
      let answer = kept.get(key)
      if (answer === undefined) {
        answer = ask(choice, name, args)
        kept.set(key, answer)
        // A failure is asked for anew.
        answer.catch(() => kept.delete(key))
        if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!)
      }
      return answer as Promise<never>
    },
    stop: () => worker.terminate(),
  }
}
