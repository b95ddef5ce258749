import { episodeGrid } from '../../services/episode-grid.ts'
import { episodePage } from '../../services/episode-page.ts'
import { recordEpisodes } from '../../services/episode-recording.ts'
import { liveEpisode } from '../../services/live-episode.ts'
import { readRecordedEpisode } from '../../services/recorded-episode.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

const NONE = { rows: [], total: 0, next: null }

export const episodes = os.episodes.router({
  list: os.episodes.list.handler(async ({ context, input }) => {
    const store = await context.database.existing()
    return store === null ? NONE : episodePage(store, input)
  }),
  owners: os.episodes.owners.handler(
    async ({ context }) => (await context.database.existing())?.ownersOfEpisodes() ?? { runs: [], checkpoints: [] },
  ),
  read: os.episodes.read.handler(async ({ context, input }) => readRecordedEpisode(await storeOf(context), input.id)),
  record: os.episodes.record.handler(async function* ({ context, input, signal }) {
    const workers = context.preferences.current().workers
    yield* recordEpisodes(await storeOf(context), input, { signal, ...(workers === null ? {} : { workers }) })
  }),
  remove: os.episodes.remove.handler(({ context, input }) => context.bin.removeEpisodes(input.ids)),
  restore: os.episodes.restore.handler(async ({ context, input }) => ({
    restored: await context.bin.restoreEpisodes(input.ids),
  })),
  figure9: os.episodes.figure9.handler(async ({ context, input }) =>
    episodeGrid(await storeOf(context), input.runs, input.task),
  ),
  live: os.episodes.live.handler(async function* ({ context, input, signal }) {
    yield* liveEpisode(await storeOf(context), context.liveTrainer, input, signal)
  }),
})
