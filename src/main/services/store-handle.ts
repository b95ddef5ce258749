/** The program's one long-lived connection to its database, whose file may come, go, or be replaced at any time. */
import { statSync } from 'node:fs'
import { StoreError } from '../store/errors.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { appVersion } from './database.ts'
import type { DatabaseAccess } from './jobs/database-access.ts'

export interface StoreHandle extends DatabaseAccess {
  /** Why the database cannot be used and what to do; null where it can, or is not there. */
  problem(): Promise<string | null>
  close(): void
}

/** A database that could not be opened is not tried again for so long (ms). */
const RETRY_MS = 10_000

/** The program stands still while it waits for another's lock, so that it gives up early; jobs wait longer (ms). */
const BUSY_MS = 2000

interface Opened {
  readonly store: Store
  /** Tells a file from another one that took its name. */
  readonly identity: string
}

/** @param locate where the database lies; asked once, when it is first needed */
export function createStoreHandle(locate: () => string, now: () => number = Date.now): StoreHandle {
  let located: string | undefined
  const fileName = () => (located ??= locate())
  let opened: Opened | null = null
  let failed: { readonly error: unknown; readonly identity: string | null; readonly at: number } | null = null
  // One after the other: two callers at once must get the same store.
  let turn: Promise<unknown> = Promise.resolve()

  const forget = () => {
    opened?.store.close()
    opened = null
  }

  async function use(mode: 'existing' | 'create-folder'): Promise<Store | null> {
    const file = fileName()
    const identity = identityOf(file)
    if (opened !== null && opened.identity === identity) return opened.store
    forget()
    if (identity === null && mode === 'existing') return null
    if (failed !== null && failed.identity === identity && now() - failed.at < RETRY_MS) throw failed.error
    try {
      const store = await openStore(file, { appVersion, mode, busyTimeout: BUSY_MS })
      failed = null
      opened = { store, identity: identityOf(file) ?? '' }
      return store
    } catch (error) {
      // It may have gone between the look and the opening.
      if (mode === 'existing' && error instanceof StoreError && error.code === 'missing') return null
      failed = { error, identity, at: now() }
      throw error
    }
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const existing = () => inTurn(() => use('existing'))
  return {
    get file() {
      return fileName()
    },
    existing,
    writable: () => inTurn(async () => (await use('create-folder'))!),
    own: () => openStore(fileName(), { appVersion, mode: 'create-folder' }),
    problem: async () => {
      try {
        await existing()
        return null
      } catch (error) {
        return problemText(fileName(), error)
      }
    },
    close: forget,
  }
}

function identityOf(file: string): string | null {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.dev}/${stat.ino}`
}

/** The reason with what a person can do about it. */
function problemText(file: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const advice = error instanceof StoreError ? ADVICE[error.code] : undefined
  return advice === undefined ? message : `${message} ${advice(file)}`
}

const elsewhere = 'or choose another database in the settings.'
const ADVICE: Partial<Record<StoreError['code'], (file: string) => string>> = {
  newer: () => `Update C-MAML Studio, ${elsewhere}`,
  busy: () => 'Close the program that holds it; this window goes on by itself.',
  corrupt: (file) => `Put a backup in the place of ${file}, ${elsewhere}`,
  foreign: () => `Move it away, ${elsewhere}`,
  denied: () => `Give this user the right to write there, ${elsewhere}`,
  full: () => 'Free some space on that disk.',
}
