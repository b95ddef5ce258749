import type { Store } from '../../store/store.ts'

/** The database that a program works with; it may come, go and be replaced while the program runs. */
export interface DatabaseAccess {
  /** Absolute path. */
  readonly file: string
  /**
   * The store that the program shares; null as long as there is no file.
   *
   * @throws StoreError where it cannot be used
   */
  existing(): Promise<Store | null>
  /** The same; a file that is not there is created. */
  writable(): Promise<Store>
  /** A store of the caller's own, which it closes: one owner of runs, whatever happens to the shared one. */
  own(): Promise<Store>
}
