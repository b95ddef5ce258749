import { StoreError } from '../../store/errors.ts'
import type { Store } from '../../store/store.ts'
import { runDetail, runDifferences } from '../../services/run-detail.ts'
import { metricNames } from '../../services/run-feed.ts'
import { runResults } from '../../services/run-results.ts'
import { runName } from '../../services/run-name.ts'
import type { ApiContext } from '../context.ts'
import { os } from './implement.ts'

/** The store that a question about a run needs. */
export async function storeOf({ database }: ApiContext): Promise<Store> {
  const store = await database.existing()
  if (store === null) throw new StoreError('missing', `There is no database at ${database.file} yet.`)
  return store
}

/** Writes, and wakes those who look at runs. */
async function change<T>(context: ApiContext, work: (store: Store) => T): Promise<T> {
  try {
    return work(await storeOf(context))
  } finally {
    context.feed.changes.nudge()
  }
}

/** A number alone may be another database's. */
const positionOf = ({ after, epoch }: { after: number | null; epoch?: string | undefined }) =>
  after === null || epoch === undefined ? null : { cursor: after, epoch }

export const runs = os.runs.router({
  watch: os.runs.watch.handler(({ context, input, signal }) => context.feed.runs(positionOf(input), signal)),
  detail: os.runs.detail.handler(async ({ context, input }) =>
    runDetail(await storeOf(context), input.run, context.eta),
  ),
  size: os.runs.size.handler(async ({ context, input }) => (await storeOf(context)).runSize(input.run)),
  log: os.runs.log.handler(({ context, input, signal }) => context.feed.log(input, signal)),
  setting: os.runs.setting.handler(async ({ context, input }) => {
    const store = await context.database.existing()
    return store?.settingOfRuns(input.path) ?? []
  }),
  noting: os.runs.noting.handler(async ({ context, input }) => {
    const texts = input.texts.map((text) => text.toLowerCase())
    return (await context.database.existing())?.runsNoting(texts) ?? texts.map(() => [])
  }),
  differences: os.runs.differences.handler(async ({ context, input }) =>
    runDifferences(await storeOf(context), input.runs),
  ),
  results: os.runs.results.handler(async ({ context, input }) =>
    runResults(await storeOf(context), input.runs, metricNames(input.metrics)),
  ),
  rename: os.runs.rename.handler(({ context, input }) =>
    change(context, (store) => store.rename(input.run, runName(input.name))),
  ),
  setNotes: os.runs.setNotes.handler(({ context, input: { run, notes, was }, errors }) =>
    change(context, (store) => {
      const stored = store.setNotes(run, notes, was)
      if (stored !== null)
        throw errors.CONFLICT({ message: 'The notes were changed elsewhere.', data: { notes: stored } })
    }),
  ),
  organise: os.runs.organise.handler(({ context, input: { runs, ...organisation } }) =>
    change(context, (store) => store.organise(runs, organisation)),
  ),
})
