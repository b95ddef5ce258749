import { printable } from './printable.ts'

/** What went wrong, for callers that react differently; people read the message. */
export type StoreErrorCode =
  /** The file or its folder does not exist. */
  | 'missing'
  /** Not a SQLite database, or a database of another program. */
  | 'foreign'
  /** Written by a newer version of this program, or by an unreleased build. */
  | 'newer'
  /** Content fails its own checks. */
  | 'corrupt'
  /** Another process held the database for longer than we wait. */
  | 'busy'
  /** No space is left. */
  | 'full'
  /** The operating system refuses reading or writing. */
  | 'denied'
  /** No such run, checkpoint or episode, or a reference that fits several. */
  | 'unknown'
  /** The run belongs to another process, or does not continue where the database stands. */
  | 'conflict'
  /** A value that must not be stored. */
  | 'invalid'
  /** This Node cannot load the database engine. */
  | 'runtime'

export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    // It may quote what it refuses, e.g. a bundle's own words.
    super(printable(message), options)
    this.name = 'StoreError'
    this.code = code
  }
}
