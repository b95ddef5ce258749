import type { Command } from 'commander'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'

export function gcCommand(): Command {
  return withDatabase(createCommand('gc', 'Delete what no run refers to and give its disk space back.')).action(
    (options: DatabaseOptions) =>
      withStore(options, 'read', (store) => {
        const report = store.gc()
        outputOf(options).result(
          report,
          () => `${report.blobsDeleted} unreferenced blobs deleted, ${report.bytesFreed} bytes freed.`,
        )
      }),
  )
}
