// The contract, to be implemented handler by handler; errors of all of them are told alike.
import { implement } from '@orpc/server'
import { exchangeErrors, exchangeStreamErrors } from '../../../core/wire/answer-errors.ts'
import type { ApiContext } from '../context.ts'
import { contract } from '../contract.ts'
import { errorForPage } from '../errors.ts'

/** An unexpected error is in the log with its stack. */
export const os = implement(contract)
  .$context<ApiContext>()
  .use(({ context, path, next }) => {
    const told = (error: unknown) =>
      errorForPage(error, (unexpected) => context.log.error(`${path.join('.')} failed`, unexpected))
    return exchangeErrors(async () => {
      const result = await next()
      return { ...result, output: exchangeStreamErrors(result.output, told) }
    }, told)
  })
