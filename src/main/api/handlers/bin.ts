import { sizesOfRuns } from '../../services/run-sizes.ts'
import { os } from './implement.ts'

export const bin = os.bin.router({
  watch: os.bin.watch.handler(({ context, signal }) => context.bin.watch(context.feed.changes, signal)),
  sizes: os.bin.sizes.handler(async ({ context, input }) => {
    const store = await context.database.existing()
    return store === null ? input.runs.map(() => 0) : sizesOfRuns(store, input.runs)
  }),
  put: os.bin.put.handler(({ context, input }) => context.bin.put(input)),
  restore: os.bin.restore.handler(({ context, input }) => context.bin.restore(input)),
  purge: os.bin.purge.handler(({ context, input }) => context.bin.purge(input)),
})
