// What every screen may know about the way to the machine behind it.

export interface ConnectionState {
  /** `connecting`: at the start, and for the moment after a loss until the first attempt has failed. */
  readonly status: 'connecting' | 'online' | 'offline'
  /** When that began, in milliseconds since the Unix epoch. */
  readonly since: number
  /** Attempts that have failed since the last time online. */
  readonly attempts: number
  /** What is wrong and what to do, once an attempt has failed. */
  readonly problem: string | null
}

/** The machine cannot be asked, or the answer was lost. Its message is for people. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected'
}

export const NOT_ANSWERING =
  'C-MAML Studio does not answer. Is it still running in its terminal? If it was started anew, it may have another ' +
  'address: open the one that its terminal shows.'

export const TOKEN_REFUSED =
  'C-MAML Studio was started anew, and this page belongs to the start before. Open the address that its terminal shows ' +
  'now; this page then goes on by itself.'

export const ANSWER_LOST =
  'The connection to C-MAML Studio broke before its answer came. What was asked for may have been done.'

/** Resolves when the promise or the signal does, whichever is first; the signal with its reason as an error. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
