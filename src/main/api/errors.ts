// What services throw, as the errors that pages know.
import { ORPCError } from '@orpc/server'
import { ConfigError } from '../../core/config/parse.ts'
import { FileError } from '../file-error.ts'
import { InvalidRequest } from '../services/invalid-request.ts'
import { RefusedRequest } from '../services/jobs/refused-request.ts'
import { StoreError, type StoreErrorCode } from '../store/errors.ts'

const STORE_CODES: Record<StoreErrorCode, 'NOT_FOUND' | 'CONFLICT' | 'BAD_REQUEST'> = {
  missing: 'NOT_FOUND',
  unknown: 'NOT_FOUND',
  conflict: 'CONFLICT',
  busy: 'CONFLICT',
  invalid: 'BAD_REQUEST',
  denied: 'BAD_REQUEST',
  // The database as it is stands against everything: the message says why, and what to do.
  foreign: 'CONFLICT',
  newer: 'CONFLICT',
  corrupt: 'CONFLICT',
  full: 'CONFLICT',
  runtime: 'CONFLICT',
}

/**
 * What a page is told of an error: the words of a refusal; of anything else, which goes to `report`, its message: whoever
 * looks at the page owns the machine behind it.
 */
export function errorForPage(error: unknown, report: (error: unknown) => void): ORPCError<string, unknown> {
  const refusal = refusalOf(error)
  if (refusal !== undefined) return refusal
  report(error)
  const message = error instanceof Error ? error.message : String(error)
  return new ORPCError('INTERNAL_SERVER_ERROR', { message, cause: error })
}

/** Undefined where nothing was refused and something is broken. */
function refusalOf(error: unknown): ORPCError<string, unknown> | undefined {
  if (error instanceof ORPCError) return error
  if (error instanceof StoreError)
    return new ORPCError(STORE_CODES[error.code], { message: error.message, cause: error })
  if (error instanceof RefusedRequest)
    return new ORPCError('BAD_REQUEST', { message: error.message, data: { problems: error.problems }, cause: error })
  if (error instanceof InvalidRequest || error instanceof ConfigError || error instanceof FileError)
    return new ORPCError('BAD_REQUEST', { message: error.message, cause: error })
  return undefined
}
