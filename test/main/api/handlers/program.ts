// The program's services on a database in a temporary folder, asked through the router in this process.
import { createRouterClient, type RouterClient } from '@orpc/server'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { router } from '../../../../src/main/api/router.ts'
import { createServices, type ServiceOptions, type Services } from '../../../../src/main/app/services.ts'
import { temporaryFolder } from '../../store/fixtures.ts'

export interface Program {
  readonly client: RouterClient<typeof router>
  readonly services: Services
  /** Absolute path of the database, which is not there at first. */
  readonly database: string
  readonly folder: string
}

/** Started; stopped after the test. */
export async function startProgram(options: Partial<ServiceOptions> = {}): Promise<Program> {
  const folder = temporaryFolder()
  const database = join(folder, 'runs.sqlite')
  const services = createServices({
    host: 'browser',
    database,
    configurationFolder: join(folder, 'configuration'),
    logFolder: join(folder, 'log'),
    ...options,
  })
  await services.start()
  onTestFinished(() => services.stop())
  const client = createRouterClient(router, { context: services.context })
  return { client, services, database: options.database ?? database, folder }
}

/** What a stream answers next; the test fails where it ends instead. */
export async function next<T>(stream: AsyncIterator<T, unknown, unknown>): Promise<T> {
  const { done, value } = await stream.next()
  if (done) throw new Error('The stream has ended.')
  return value
}

/** Listens until an answer is as wanted, and returns it. */
export async function nextWhere<T>(
  stream: AsyncIterator<T, unknown, unknown>,
  isWanted: (answer: T) => boolean,
): Promise<T> {
  for (;;) {
    const answer = await next(stream)
    if (isWanted(answer)) return answer
  }
}
