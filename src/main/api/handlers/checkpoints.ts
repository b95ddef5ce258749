import { checkpointPage } from '../../services/checkpoint-page.ts'
import {
  checkpointsOfRun,
  exportedCheckpoint,
  importedCheckpoints,
  importUploadedCheckpoint,
} from '../../services/checkpoints.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

export const checkpoints = os.checkpoints.router({
  list: os.checkpoints.list.handler(async ({ context, input }) => checkpointsOfRun(await storeOf(context), input.run)),
  page: os.checkpoints.page.handler(async ({ context, input }) => {
    const store = await context.database.existing()
    return store === null ? { rows: [], total: 0 } : checkpointPage(store, input)
  }),
  imported: os.checkpoints.imported.handler(async ({ context }) => {
    const store = await context.database.existing()
    return store === null ? [] : importedCheckpoints(store)
  }),
  export: os.checkpoints.export.handler(async ({ context, input }) =>
    exportedCheckpoint(await storeOf(context), input.checkpoint, input.format),
  ),
  import: os.checkpoints.import.handler(async ({ context, input }) =>
    importUploadedCheckpoint(await context.database.writable(), input.name, input.bytes),
  ),
  remove: os.checkpoints.remove.handler(({ context, input }) => context.bin.removeCheckpoint(input.checkpoint)),
  restore: os.checkpoints.restore.handler(async ({ context, input }) => ({
    restored: await context.bin.restoreCheckpoint(input.checkpoint),
  })),
})
