/** Errors of answers, exchanged for those that the asker is to see. Streams fail later than calls, and alike. */

type Exchange = (error: unknown) => unknown

/** Does what answers; whether it fails at once or, where it answers a stream, later, `exchange` says with what. */
export async function exchangeErrors<T>(answer: () => Promise<T>, exchange: Exchange): Promise<T> {
  try {
    return exchangeStreamErrors(await answer(), exchange)
  } catch (error) {
    throw exchange(error)
  }
}

/** The same for an answer that is there already; what is no stream cannot fail any more. */
export function exchangeStreamErrors<T>(answer: T, exchange: Exchange): T {
  return isStream(answer) ? (exchanging(answer, exchange) as T) : answer
}

const isStream = (value: unknown): value is AsyncIterator<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value

/** Not a generator: its `return` would wait for the `next` in progress. */
function exchanging(stream: AsyncIterator<unknown>, exchange: Exchange): AsyncIterableIterator<unknown> {
  return {
    next: () =>
      stream.next().catch((error: unknown) => {
        throw exchange(error)
      }),
    return: async (value?: unknown) => (await stream.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
