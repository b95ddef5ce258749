/** The bin: runs that were deleted can be brought back for a while; then they go, and their disk is freed. */
import { setImmediate } from 'node:timers/promises'
import { StoreError } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { removeImportedCheckpoint } from './checkpoints.ts'
import type { DatabaseAccess } from './jobs/database-access.ts'
import type { Service } from './life-cycle.ts'
import type { LogFile } from './log-file.ts'

/** How long a deletion can be undone (ms). */
export const UNDO_MS = 60_000

export interface BinKeeper extends Service {
  /** Puts runs out of sight; answers when they are deleted for good. */
  bin(runs: readonly string[]): Promise<{ readonly binned: string[]; readonly purgeAt: number }>
  restore(runs: readonly string[]): Promise<void>
  /** The same for recorded episodes. */
  removeEpisodes(ids: readonly number[]): Promise<{ readonly removed: number; readonly purgeAt: number }>
  restoreEpisodes(ids: readonly number[]): Promise<number>
  /** The same for an imported checkpoint. */
  removeCheckpoint(id: string): Promise<{ readonly purgeAt: number }>
  restoreCheckpoint(id: string): Promise<boolean>
}

/** @param changed called after a deletion */
export function createBinKeeper(
  database: DatabaseAccess,
  log: Pick<LogFile, 'error'>,
  changed: () => void,
  undoMs = UNDO_MS,
): BinKeeper {
  const timers = new Set<NodeJS.Timeout>()
  const ending = new AbortController()
  let purging: Promise<void> = Promise.resolve()

  async function purge(): Promise<void> {
    try {
      const store = await database.existing()
      if (store === null) return
      const before = Date.now() - undoMs
      while (!ending.signal.aborted && store.purgeSomeEpisodes(before)) await setImmediate()
      store.purgeCheckpoints(before)
      await store.purgeBinned(before, ending.signal)
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
  const purgeAfter = (milliseconds: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      purging = purging.then(purge)
    }, milliseconds)
    timer.unref()
    timers.add(timer)
  }

  return {
    name: 'bin',
    needs: ['database'],
    start() {
      // What a program that ended meanwhile left behind, when its time is over.
      purgeAfter(0)
      purgeAfter(undoMs)
      return Promise.resolve()
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      // A large run takes long; what is left of it goes at the next start.
      ending.abort()
      await purging
    },
    async bin(runs) {
      const store = await present()
      const purgeAt = store.bin(runs) + undoMs
      // A little later: "before" is exclusive.
      purgeAfter(undoMs + 50)
      return { binned: [...runs], purgeAt }
    },
    async restore(runs) {
      ;(await present()).restore(runs)
    },
    async removeEpisodes(ids) {
      const { removed, at } = (await present()).removeEpisodes(ids)
      purgeAfter(undoMs + 50)
      return { removed, purgeAt: at + undoMs }
    },
    async restoreEpisodes(ids) {
      return (await present()).restoreEpisodes(ids)
    },
    async removeCheckpoint(id) {
      const purgeAt = removeImportedCheckpoint(await present(), id) + undoMs
      purgeAfter(undoMs + 50)
      return { purgeAt }
    },
    async restoreCheckpoint(id) {
      return (await present()).restoreCheckpoint(id)
    },
  }
}
