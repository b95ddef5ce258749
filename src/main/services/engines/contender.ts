/** An engine that is being timed, in a process of its own. */
import { constants, setPriority } from 'node:os'
import type { EngineProblem } from '../../../core/engines/timings.ts'
import type { EngineTrialClient, TriableEngine } from '../../trainer/client.ts'
import { circumstancesOf } from './circumstances.ts'
import type { TimedEngine } from './timings-file.ts'

/** Starts the process of an engine. */
export type SpawnTrial = (name: TriableEngine, workers?: number) => Promise<EngineTrialClient>

export interface Contender {
  readonly name: TriableEngine
  /** null: it failed, and is timed no more. */
  trial: EngineTrialClient | null
  readonly device: string
  readonly versions: Readonly<Record<string, string>>
  failure: string | null
  /** Widths that its process has computed once. */
  readonly warm: Set<number>
  /** What is not timed yet. */
  readonly open: Set<EngineProblem>
  /** Seconds that its updates took. */
  spent: number
  /** Seconds that they may take. */
  allowed: number
  /** This and what is no smaller takes too long. */
  overdue: EngineProblem | null
}

export interface LoadOptions {
  readonly spawn: SpawnTrial
  readonly workers: number | undefined
  /** Lets others go first. */
  readonly background: boolean
  readonly signal: AbortSignal | undefined
  /** Seconds. */
  readonly limit: number
}

/** Never rejects. */
export async function load(
  name: TriableEngine,
  problems: readonly EngineProblem[],
  options: LoadOptions,
): Promise<Contender> {
  const { spawn, workers, background, signal, limit } = options
  const own = { warm: new Set<number>(), open: new Set(problems), spent: 0, allowed: 0, overdue: null }
  const spawned = spawn(name, workers)
  try {
    const trial = await within(spawned, { limit, signal })
    if (background) setPriority(trial.pid, constants.priority.PRIORITY_LOW)
    const { device, versions } = trial.engine
    return { name, trial, device, versions, failure: null, ...own }
  } catch (error) {
    void spawned.then((late) => late.close()).catch(() => {})
    const failure = error instanceof TooLong ? 'It does not load in time' : briefly(error)
    return { name, trial: null, device: '', versions: {}, failure, ...own }
  }
}

export const timedEngine = ({ name, device, versions, failure }: Contender): TimedEngine => ({
  ...{ name, device, versions, failure },
  ...(failure === null ? {} : { failedUnder: circumstancesOf(name) }),
})

export class TooLong extends Error {}

/** @param limit seconds */
export function within<T>(
  work: Promise<T>,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal | undefined },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(signal!.reason as Error)
    if (signal?.aborted) cancel()
    const timer = setTimeout(() => reject(new TooLong()), Math.max(0, 1000 * limit))
    signal?.addEventListener('abort', cancel)
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    })
  })
}

/** What a native library says at its end is long: what happened, and the first line of what it said. */
export const briefly = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 2).join(' ').slice(0, 500)
