import type { Command } from 'commander'
import { BUNDLE_EXTENSION } from '../../export/bundle.ts'
import type { RunSummary } from '../../store/store.ts'
import { integer } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { formatTable } from '../table.ts'

interface Options extends DatabaseOptions {
  readonly limit?: number
}

export function runsCommand(): Command {
  return withDatabase(createCommand('runs', 'List runs, newest first.'))
    .option('--limit <n>', 'at most so many', integer({ min: 1, max: 1_000_000 }))
    .action((options: Options) =>
      withStore(options, 'read', (store) => {
        const runs = store.runs(options.limit === undefined ? {} : { limit: options.limit })
        outputOf(options).result(runs, () =>
          runs.length === 0 ? 'No runs yet: npm run quickstart makes the first.' : runsTable(runs),
        )
      }),
    )
}

/** What a run does, in words. */
export function kindOf({ kind, method }: Pick<RunSummary, 'kind' | 'method'>): string {
  if (kind === 'fine-tune') return 'fine-tuning'
  return method === 'pre-train' ? 'pre-training' : 'meta-training'
}

function runsTable(runs: readonly RunSummary[]): string {
  const someImported = runs.some(({ source }) => source !== null)
  return formatTable(
    [
      { title: 'run' },
      { title: 'name' },
      { title: 'kind' },
      { title: 'status' },
      { title: 'done', align: 'right' },
      { title: 'world' },
      { title: 'seed', align: 'right' },
      { title: 'limit', align: 'right' },
      { title: 'env steps', align: 'right' },
      { title: 'created' },
      ...(someImported ? [{ title: 'imported from' }] : []),
    ],
    runs.map((run) => [
      run.id,
      run.name,
      kindOf(run),
      run.status,
      `${run.done}/${run.total}`,
      run.world,
      String(run.seed),
      String(run.costLimit),
      String(run.envSteps),
      formatTime(run.createdAt),
      ...(someImported ? [run.source === null ? '' : `${run.source}${BUNDLE_EXTENSION}`] : []),
    ]),
  )
}

/** Local time to the minute. */
export function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 16).replace('T', ' ')
}
