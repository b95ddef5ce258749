/** The bin: what was deleted can be brought back for a while; then it goes, and its disk is freed. */
import { setImmediate } from 'node:timers/promises'
import { StoreError } from '../store/errors.ts'
import type { BinnedRun, RemovedComparison, Store } from '../store/store.ts'
import type { Changes } from './changes.ts'
import { removeImportedCheckpoint } from './checkpoints.ts'
import { follow } from './follow.ts'
import type { DatabaseAccess } from './jobs/database-access.ts'
import type { Service } from './life-cycle.ts'
import type { LogFile } from './log-file.ts'

/** How long what was deleted is kept (ms). */
export interface KeptFor {
  /** Runs and comparisons, which the bin lists. */
  readonly listed: number
  /** Episodes and imported checkpoints, which only the message after their deletion brings back. */
  readonly others: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
export const KEPT_FOR: KeptFor = { listed: 24 * HOUR, others: MINUTE }

/** What can be brought back; each goes for good at `purgeAt`. */
export interface BinContent {
  readonly runs: (BinnedRun & { readonly purgeAt: number })[]
  readonly comparisons: (RemovedComparison & { readonly purgeAt: number })[]
}

/** Ids of what is meant. */
export interface BinChoice {
  readonly runs: readonly string[]
  readonly comparisons: readonly string[]
}

export interface BinKeeper extends Service {
  /** Puts them out of sight, all or none of the runs; answers when they are deleted for good. */
  put(choice: BinChoice): Promise<{ readonly purgeAt: number }>
  /** All or none of the runs. */
  restore(choice: BinChoice): Promise<void>
  /** Deletes them for good, now; resolves once their disk is freed. */
  purge(choice: BinChoice): Promise<void>
  /** The content now, and whenever it changed. */
  watch(changes: Changes, signal?: AbortSignal): AsyncGenerator<BinContent & { readonly cursor: number }, void, void>
  /** The same as of runs for recorded episodes. */
  removeEpisodes(ids: readonly number[]): Promise<{ readonly removed: number; readonly purgeAt: number }>
  restoreEpisodes(ids: readonly number[]): Promise<number>
  /** The same for an imported checkpoint. */
  removeCheckpoint(id: string): Promise<{ readonly purgeAt: number }>
  restoreCheckpoint(id: string): Promise<boolean>
}

/** @param changed called after a change of what is in the bin */
export function createBinKeeper(
  database: DatabaseAccess,
  log: Pick<LogFile, 'error'>,
  changed: () => void,
  keptFor = KEPT_FOR,
): BinKeeper {
  const timers = new Set<NodeJS.Timeout>()
  const ending = new AbortController()
  let hourly: NodeJS.Timeout | undefined
  let purging: Promise<void> = Promise.resolve()

  async function purgeOld(): Promise<void> {
    try {
      const store = await database.existing()
      if (store === null) return
      const now = Date.now()
      while (!ending.signal.aborted && store.purgeSomeEpisodes(now - keptFor.others)) await setImmediate()
      store.purgeCheckpoints(now - keptFor.others)
      store.comparisons.purge(now - keptFor.listed)
      await store.purgeBinned(now - keptFor.listed, ending.signal)
      changed()
    } catch (error) {
      // What stays in the bin goes with the next deletion, or at the next start.
      log.error('Emptying the bin', error)
    }
  }
  async function present(): Promise<Store> {
    const store = await database.existing()
    if (store === null) throw new StoreError('missing', `There is no database at ${database.file} yet.`)
    return store
  }
  const purgeNow = () => (purging = purging.then(purgeOld))
  const purgeAfter = (milliseconds: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      void purgeNow()
    }, milliseconds)
    timer.unref()
    timers.add(timer)
  }
  /** When it goes, which is seen to. */
  const goesAt = (removedAt: number, kept: number): number => {
    // A little later: "before" is exclusive.
    purgeAfter(kept + 50)
    return removedAt + kept
  }

  return {
    name: 'bin',
    needs: ['database'],
    start() {
      // What a program that ended meanwhile left behind, when its time is over.
      purgeAfter(0)
      purgeAfter(keptFor.others)
      hourly = setInterval(purgeNow, HOUR).unref()
      return Promise.resolve()
    },
    async stop() {
      clearInterval(hourly)
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      // A large run takes long; what is left of it goes at the next start.
      ending.abort()
      await purging
    },
    async put({ runs, comparisons }) {
      const store = await present()
      let at = Date.now()
      if (runs.length > 0) at = store.bin(runs)
      for (const id of comparisons) at = store.comparisons.remove(id)
      changed()
      return { purgeAt: goesAt(at, keptFor.listed) }
    },
    async restore({ runs, comparisons }) {
      const store = await present()
      if (runs.length > 0) store.restore(runs)
      for (const id of comparisons) store.comparisons.restore(id)
      changed()
    },
    async purge({ runs, comparisons }) {
      const store = await present()
      store.dropBinned(runs)
      store.comparisons.drop(comparisons)
      changed()
      await purgeNow()
    },
    watch(changes, signal) {
      let told: string | undefined
      return follow(changes, 0, signal, async ({ cursor, started }) => {
        const store = await database.existing()
        const content = store === null ? EMPTY : contentOf(store, keptFor)
        const text = JSON.stringify(content)
        if (started && text === told) return null
        told = text
        return { ...content, cursor: cursor + 1 }
      })
    },
    async removeEpisodes(ids) {
      const { removed, at } = (await present()).removeEpisodes(ids)
      return { removed, purgeAt: goesAt(at, keptFor.others) }
    },
    async restoreEpisodes(ids) {
      return (await present()).restoreEpisodes(ids)
    },
    async removeCheckpoint(id) {
      return { purgeAt: goesAt(removeImportedCheckpoint(await present(), id), keptFor.others) }
    },
    async restoreCheckpoint(id) {
      return (await present()).restoreCheckpoint(id)
    },
  }
}

const EMPTY: BinContent = { runs: [], comparisons: [] }

/** What can be brought back, the newest deletion first. */
export const contentOf = (store: Store, { listed } = KEPT_FOR): BinContent => ({
  runs: store.binned().map((run) => ({ ...run, purgeAt: run.binnedAt + listed })),
  comparisons: store.comparisons.removed().map((one) => ({ ...one, purgeAt: one.removedAt + listed })),
})
