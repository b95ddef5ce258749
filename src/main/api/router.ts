// Answers the contract from the services of the main process. A handler only translates; the work is in the services.
import { implement, ORPCError } from '@orpc/server'
import { contract, type AppInfo, type Imported, type RunSummary } from './contract.ts'

/** What the router needs from the machine behind it. */
export interface ApiServices {
  appInfo(): AppInfo
  /** The runs of the store, newest first. */
  listRuns(): Promise<RunSummary[]>
  /** Imports the runs that come with the program. */
  openDemonstration(): Promise<Imported>
}

/**
 * An unexpected error is told on the terminal with its stack, and in the page with its message: who looks at the page
 * owns the machine behind it.
 */
const os = implement(contract)
  .$context<ApiServices>()
  .use(async ({ next, path }) => {
    try {
      return await next()
    } catch (error) {
      if (error instanceof ORPCError) throw error
      console.error(`${path.join('.')} failed:`, error)
      const message = error instanceof Error ? error.message : String(error)
      throw new ORPCError('INTERNAL_SERVER_ERROR', { message, cause: error })
    }
  })

export const router = os.router({
  app: { info: os.app.info.handler(({ context }) => context.appInfo()) },
  runs: { list: os.runs.list.handler(({ context }) => context.listRuns()) },
  demonstration: { open: os.demonstration.open.handler(({ context }) => context.openDemonstration()) },
})
