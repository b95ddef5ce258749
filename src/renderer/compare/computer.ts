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

/** Answers that are kept; the oldest goes first. Each is at most a few hundred kB. */
const MOST_KEPT = 100

export function startComputer({ initialisations, replicates, tasks, steps, costLimit, values }: Cube): Computer {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'comparison' })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const kept = new Map<string, Promise<unknown>>()
  let last = 0
  const send = (message: ToWorker) => worker.postMessage(message)

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    const one = waiting.get(data.id)
    waiting.delete(data.id)
    if ('problem' in data) one?.reject(new Error(data.problem))
    else one?.resolve(data.result)
  })
  // Where it cannot even be loaded, nobody waits for ever.
  worker.addEventListener('error', ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message || 'The statistics could not be loaded.'))
    waiting.clear()
    kept.clear()
  })
  // Of what was read from the server, the numbers alone.
  send({ kind: 'cube', cube: { initialisations, replicates, tasks, steps, costLimit, values } })

  function ask(choice: PartChoice, name: ComputationName, args: readonly unknown[]): Promise<unknown> {
    const id = ++last
    const one = Promise.withResolvers<unknown>()
    waiting.set(id, one)
    send({ kind: 'compute', id, choice, name, args })
    return one.promise
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
