import { setImmediate } from 'node:timers/promises'
import { StoreError } from '../store/errors.ts'
import type { Store } from '../store/store.ts'

/** Bytes that deleting each run frees, about; others get their turn between two runs. 0 of one that is gone meanwhile. */
export async function sizesOfRuns(store: Store, runs: readonly string[]): Promise<number[]> {
  const sizes: number[] = []
  for (const run of runs) {
    sizes.push(sizeOf(store, run))
    await setImmediate()
  }
  return sizes
}

function sizeOf(store: Store, run: string): number {
  try {
    return store.runSize(run)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unknown') return 0
    throw error
  }
}
