// The contract, to be implemented handler by handler; errors of all of them are told alike.
import { implement } from '@orpc/server'
import type { ApiContext } from '../context.ts'
import { contract } from '../contract.ts'
import { failureOf, refusalOf } from '../errors.ts'

/** Streams fail later than calls, and alike. An unexpected error is in the log with its stack. */
export const os = implement(contract)
  .$context<ApiContext>()
  .use(async ({ context, path, next }) => {
    const told = (error: unknown) => {
      const refusal = refusalOf(error)
      if (refusal !== undefined) return refusal
      context.log.error(`${path.join('.')} failed`, error)
      return failureOf(error)
    }
    try {
      const result = await next()
      return isStream(result.output) ? { ...result, output: tellingErrors(result.output, told) } : result
    } catch (error) {
      throw told(error)
    }
  })

type Stream = AsyncIterator<unknown, unknown, unknown>

const isStream = (value: unknown): value is Stream =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value

/** Not a generator: its `return` would wait for the `next` in progress. */
function tellingErrors(stream: Stream, told: (error: unknown) => unknown): AsyncIterableIterator<unknown> {
  return {
    next: () =>
      stream.next().catch((error: unknown) => {
        throw told(error)
      }),
    return: async (value?: unknown) => (await stream.return?.(value)) ?? { done: true, value },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
