import { importComparison } from '../../services/compare/bundle.ts'
import { comparisonData, savedComparison, savedComparisons } from '../../services/compare/saved.ts'
import { suggestComparisons } from '../../services/compare/suggestions.ts'
import { askDatabase } from '../../services/database-launch.ts'
import type { ComparisonFileRequest } from '../../services/database-protocol.ts'
import { appVersion } from '../../services/database.ts'
import { runName } from '../../services/run-name.ts'
import type { Store } from '../../store/store.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

export const comparisons = os.comparisons.router({
  data: os.comparisons.data.handler(async ({ context, input }) => comparisonData(await storeOf(context), input)),
  list: os.comparisons.list.handler(async ({ context }) => {
    const store = await context.database.existing()
    return store === null ? [] : savedComparisons(store)
  }),
  suggest: os.comparisons.suggest.handler(async ({ context }) => {
    const store = await context.database.existing()
    return store === null ? [] : suggestComparisons(store)
  }),
  save: os.comparisons.save.handler(async ({ context, input: { name, ...content } }) =>
    savedComparison((await storeOf(context)).comparisons.save({ name: runName(name), ...content })),
  ),
  rename: os.comparisons.rename.handler(async ({ context, input }) =>
    (await storeOf(context)).comparisons.rename(input.comparison, runName(input.name)),
  ),
  setRuns: os.comparisons.setRuns.handler(async ({ context, input }) =>
    (await storeOf(context)).comparisons.setRuns(input.comparison, input.runs),
  ),
  setLayout: os.comparisons.setLayout.handler(async ({ context, input }) =>
    (await storeOf(context)).comparisons.setLayout(input.comparison, input.layout),
  ),
  setNotes: os.comparisons.setNotes.handler(async ({ context, input: { comparison, notes, was }, errors }) => {
    const stored = (await storeOf(context)).comparisons.setNotes(comparison, notes, was)
    if (stored !== null)
      throw errors.CONFLICT({ message: 'The notes were changed elsewhere.', data: { notes: stored } })
  }),
  report: os.comparisons.report.handler(async ({ context, input, signal }) =>
    comparisonFile(await storeOf(context), { ...input, format: 'report', episodes: false, trainings: false }, signal),
  ),
  bundle: os.comparisons.bundle.handler(async ({ context, input: { comparison, ...choice }, signal }) =>
    comparisonFile(await storeOf(context), { source: { comparison }, ...choice }, signal),
  ),
  import: os.comparisons.import.handler(async ({ context, input }) => {
    const report = await importComparison(await context.database.writable(), input.bytes, input.name)
    context.feed.changes.nudge()
    return {
      added: report.runs.filter(({ added }) => added).length,
      comparisons: report.comparisons.map(({ id }) => id),
    }
  }),
})

/** In a process of its own: it takes seconds, for which the program would stand still. */
async function comparisonFile(
  { file }: Store,
  request: Omit<ComparisonFileRequest, 'work' | 'file' | 'appVersion'>,
  signal: AbortSignal | undefined,
) {
  const answer = await askDatabase('comparison', { work: 'comparison-file', file, appVersion, ...request }, { signal })
  return { ...answer, bytes: new Uint8Array(answer.bytes) }
}
