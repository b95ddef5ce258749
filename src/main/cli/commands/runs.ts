import type { Command } from 'commander'
import { BUNDLE_EXTENSION } from '../../export/bundle.ts'
import { FIELDS } from '../../../core/config/form/fields.ts'
import { asksForArchived, compileQuery, noteTexts, settingPaths } from '../../../core/runs/match.ts'
import { parseQuery } from '../../../core/runs/parse.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import type { RunListRow, RunSummary, Store } from '../../store/store.ts'
import { integer } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { formatTable } from '../table.ts'

interface Options extends DatabaseOptions {
  readonly limit?: number
  readonly filter?: string
  readonly archived?: true
}

export function runsCommand(): Command {
  return withDatabase(createCommand('runs', 'List runs, newest first.'))
    .option('--limit <n>', 'at most so many', integer({ min: 1, max: 1_000_000 }))
    .option('--filter <query>', "only those that meet it, e.g. 'cost<5 algo:cpo tag:paper note:seed set.inner.kl=0.02'")
    .option('--archived', 'those in the archive too')
    .action((options: Options) =>
      withStore(options, 'read', (store) => {
        const runs = chosenRuns(store, options)
        outputOf(options).result(runs, () => {
          if (runs.length > 0) return runsTable(runs)
          return options.filter === undefined
            ? 'No runs yet: npm run quickstart makes the first.'
            : 'No run meets the filter.'
        })
      }),
    )
}

/** The table of runs of the interface, by the same filter language. */
function chosenRuns(store: Store, { limit, filter = '', archived }: Options): RunListRow[] {
  const { query, problems } = parseQuery(
    filter,
    FIELDS.map(({ path }) => path),
  )
  if (problems.length > 0)
    throw new InvalidRequest(
      problems.map(({ from, to, message }) => `The filter's "${filter.slice(from, to)}": ${message}.`).join('\n'),
    )
  const values = new Map(settingPaths(query).map((path) => [path, new Map(store.settingOfRuns(path))]))
  const texts = noteTexts(query)
  const noting = new Map(store.runsNoting(texts).map((ids, index) => [texts[index]!, new Set(ids)]))
  const meets = compileQuery(
    query,
    ({ id }, path) => values.get(path)?.get(id),
    ({ id }, text) => noting.get(text)?.has(id) ?? false,
  )
  const withArchive = archived === true || asksForArchived(query)
  const rows = store.changesSince(null).rows.filter((run) => (withArchive || !run.archived) && meets(run))
  return rows.slice(0, limit)
}

/** What a run does, in words. */
export function kindOf({ kind, method }: Pick<RunSummary, 'kind' | 'method'>): string {
  if (kind === 'fine-tune') return 'fine-tuning'
  return method === 'pre-train' ? 'pre-training' : 'meta-training'
}

function runsTable(runs: readonly RunListRow[]): string {
  const someTagged = runs.some(({ tags }) => tags.length > 0)
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
      ...(someTagged ? [{ title: 'tags' }] : []),
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
      ...(someTagged ? [run.tags.join(' ')] : []),
      ...(someImported ? [run.source === null ? '' : `${run.source}${BUNDLE_EXTENSION}`] : []),
    ]),
  )
}

/** Local time to the minute. */
export function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 16).replace('T', ' ')
}
