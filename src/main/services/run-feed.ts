/** What those who look at runs are told as it happens: the list, a run's metrics, its log. */
import { METRICS, type MetricName } from '../../core/training/records.ts'
import { StoreError } from '../store/errors.ts'
import type { LogLine, NewIterations, RunListChanges, Store } from '../store/store.ts'
import { createChanges, type Changes } from './changes.ts'
import { follow } from './follow.ts'
import { InvalidRequest } from './invalid-request.ts'
import type { DatabaseAccess } from './jobs/database-access.ts'
import { remainingSeconds, type RunRow } from './run-rows.ts'

/** What happened to the list of runs since a cursor. */
export interface RunChanges extends Omit<RunListChanges, 'rows'> {
  readonly rows: RunRow[]
}

/** Where a list stands: after which change, of which database. */
export interface ListPosition {
  readonly cursor: number
  readonly epoch: string
}

export interface RunFeed {
  readonly changes: Changes
  /** First the whole list (or what changed since a cursor, if its epoch is the database's), then every change. */
  runs(after: ListPosition | null, signal?: AbortSignal): AsyncGenerator<RunChanges, void, void>
  /** Iterations after one, as they are committed. Ends with an error where the run is deleted. */
  metrics(
    query: { readonly run: string; readonly metrics: readonly string[]; readonly after: number },
    signal?: AbortSignal,
  ): AsyncGenerator<NewIterations, void, void>
  log(
    query: { readonly run: string; readonly after: number | null },
    signal?: AbortSignal,
  ): AsyncGenerator<{ readonly cursor: number; readonly lines: LogLine[] }, void, void>
}

/** Owners that fell silent change what is shown without a write: looked for at every n-th look. */
const SILENCE_EVERY = 8
/** At most so many lines or iterations in one answer; the rest follows in the next. */
const MOST_AT_ONCE = 2000
/** Where there is no database. */
const NO_LIST: ListPosition = { cursor: 0, epoch: '' }

/** @param eta seconds until the end of a run that this or another program works on; null where nobody can say */
export function createRunFeed(database: DatabaseAccess, eta: (run: string) => number | null): RunFeed {
  let looks = 0
  const changes = createChanges(async () => {
    const store = await database.existing()
    if (store === null) return 'none'
    if (looks++ % SILENCE_EVERY === 0 && store.noticeInterruptions() > 0) changes.nudge()
    return `${numberOf(store)}/${store.dataVersion()}`
  })
  const newest = sharedAnswers(changes)

  async function* runs(after: ListPosition | null, signal?: AbortSignal): AsyncGenerator<RunChanges, void, void> {
    let told: Store | null | undefined
    yield* follow<number | null, RunChanges>(changes, after?.cursor ?? null, signal, async ({ cursor, started }) => {
      const store = await database.existing()
      // The numbers of another file, or of none, mean nothing here.
      const since = told === undefined || told === store ? cursor : null
      const isSame = told === store
      told = store
      if (store === null) return started && isSame ? null : { ...NO_LIST, complete: true, rows: [], removed: [] }
      // A newcomer is told how it stands now, not how it stood at the last change that anybody waited for.
      const { rows, ...rest } = started ? newest(store, since) : store.changesSince(since, after?.epoch)
      if (started && !rest.complete && rows.length === 0 && rest.removed.length === 0) return null
      return {
        ...rest,
        rows: rows.map((row) => ({ ...row, etaSeconds: remainingSeconds(row, eta) })),
      }
    })
  }

  const present = async (run: string): Promise<Store> => {
    const store = await database.existing()
    if (store === null) throw new StoreError('unknown', `There is no run "${run}": there is no database any more.`)
    return store
  }

  return {
    changes,
    runs,
    metrics({ run, metrics, after }, signal) {
      const names = metricNames(metrics)
      return follow<number, NewIterations>(changes, after, signal, async ({ cursor }) => {
        const store = await present(run)
        const answer = store.iterationsAfter(run, cursor, names, MOST_AT_ONCE)
        if (answer.iteration.length === MOST_AT_ONCE) changes.nudge()
        return answer.iteration.length === 0 ? null : answer
      })
    },
    log({ run, after }, signal) {
      return follow<number, { cursor: number; lines: LogLine[] }>(
        changes,
        after ?? 0,
        signal,
        async ({ cursor, started }) => {
          const lines = (await present(run)).logAfter(run, cursor === 0 ? null : cursor, MOST_AT_ONCE)
          if (lines.length === MOST_AT_ONCE) changes.nudge()
          // An empty log is told once, so that its page knows.
          return lines.length === 0 && started ? null : { cursor: lines.at(-1)?.index ?? cursor, lines }
        },
      )
    },
  }
}

/** Names from outside. @throws InvalidRequest where one is no metric */
export function metricNames(names: readonly string[]): MetricName[] {
  return names.map((name) => {
    if (!Object.hasOwn(METRICS, name)) throw new InvalidRequest(`"${name}" is not a metric of a training.`)
    return name as MetricName
  })
}

const numbers = new WeakMap<Store, number>()
let stores = 0

/** Tells one open store from the next. */
function numberOf(store: Store): number {
  const number = numbers.get(store) ?? ++stores
  numbers.set(store, number)
  return number
}

/** Listeners that stand at the same place share one question to the database. */
function sharedAnswers(changes: Changes) {
  let version = -1
  let of: Store | undefined
  const answers = new Map<number | null, RunListChanges>()
  return (store: Store, since: number | null): RunListChanges => {
    if (version !== changes.version || of !== store) answers.clear()
    version = changes.version
    of = store
    const answer = answers.get(since) ?? store.changesSince(since)
    answers.set(since, answer)
    return answer
  }
}
