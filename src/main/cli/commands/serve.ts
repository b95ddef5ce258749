import type { Command } from 'commander'
import { resolve } from 'node:path'
import { integer } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, type DatabaseOptions } from '../command.ts'

interface Options extends DatabaseOptions {
  readonly host?: string
  readonly port?: number
  readonly open: boolean
}

export function serveCommand(): Command {
  return withDatabase(createCommand('serve', 'Serve the interface to a browser, until Ctrl-C.'))
    .option('--host <address>', 'address to serve at (default: 127.0.0.1, which only this machine reaches)')
    .option(
      '--port <n>',
      'port to serve at (default: that of last time if it is free, else any)',
      integer({ min: 0, max: 65_535 }),
    )
    .option('--no-open', 'do not open the browser')
    .action(async (options: Options) => {
      // Only this command needs the server: the others start sooner without it.
      const { openInBrowser, serveUntilInterrupted } = await import('../../app/serve.ts')
      const { host, port, db } = options
      const output = outputOf(options)
      await serveUntilInterrupted(
        { host, port, database: db === undefined ? undefined : resolve(db) },
        {
          ready(served) {
            if (served.warning !== undefined) output.warn(served.warning)
            output.result(
              { url: served.url, origin: served.origin },
              () =>
                'C-MAML Studio is served at the address below, to whoever has it. Ctrl-C stops it.\n\n' +
                `  ${served.url}\n`,
            )
            if (options.open && !output.json) openInBrowser(served.url)
          },
          say: output.note,
        },
      )
    })
}
