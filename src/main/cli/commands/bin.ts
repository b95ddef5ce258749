import type { Command } from 'commander'
import { contentOf, KEPT_FOR } from '../../services/bin-keeper.ts'
import { counted } from '../../services/conclusion.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import type { Store } from '../../store/store.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { formatMegabytes, formatTable } from '../table.ts'
import { formatTime, kindOf } from './runs.ts'

interface Options extends DatabaseOptions {
  readonly empty?: true
}

const HOURS = KEPT_FOR.listed / 3_600_000

export function binCommand(): Command {
  return withDatabase(createCommand('bin', 'List what was deleted in the interface and can still be brought back.'))
    .option('--empty', 'delete all of it for good, and give its disk space back')
    .addHelpText('after', `\nDeleted runs and comparisons are kept for ${HOURS} hours. cmaml restore brings them back.`)
    .action((options: Options) => withStore(options, 'read', (store) => (options.empty ? empty : list)(store, options)))
}

export function restoreCommand(): Command {
  return withDatabase(createCommand('restore <references...>', 'Bring deleted runs or comparisons back from the bin.'))
    .addHelpText('after', '\nA reference is an id, or a name that only one in the bin has; cmaml bin lists them.')
    .action((references: string[], options: DatabaseOptions) =>
      withStore(options, 'read', (store) => {
        const chosen = references.map((reference) => inBin(store, reference))
        const runs = chosen.filter(({ what }) => what === 'run').map(({ id }) => id)
        const comparisons = chosen.filter(({ what }) => what === 'comparison').map(({ id }) => id)
        if (runs.length > 0) store.restore(runs)
        for (const id of comparisons) store.comparisons.restore(id)
        outputOf(options).result({ runs, comparisons }, () => `${said(runs.length, comparisons.length)} brought back.`)
      }),
    )
}

interface Entry {
  readonly what: 'run' | 'comparison'
  readonly id: string
}

function inBin(store: Store, reference: string): Entry {
  const { runs, comparisons } = contentOf(store)
  const all = [
    ...runs.map(({ id, name }) => ({ what: 'run' as const, id, name })),
    ...comparisons.map(({ id, name }) => ({ what: 'comparison' as const, id, name })),
  ]
  const byId = all.find(({ id }) => id === reference)
  if (byId !== undefined) return byId
  const [found, ...others] = all.filter(({ name }) => name === reference)
  if (found === undefined) throw new InvalidRequest(`"${reference}" is not in the bin; cmaml bin lists what is.`)
  if (others.length > 0)
    throw new InvalidRequest(
      `"${reference}" is the name of several: ${[found, ...others].map(({ id }) => id).join(', ')}. Give the id of one.`,
    )
  return found
}

function list(store: Store, options: Options): void {
  const { runs, comparisons } = contentOf(store)
  const sized = runs.map((run) => ({ ...run, size: store.runSize(run.id) }))
  outputOf(options).result({ runs: sized, comparisons }, () => {
    if (runs.length + comparisons.length === 0) return 'The bin is empty.'
    const lines = [
      ...sized.map(
        (run) => [run.id, run.name, kindOf(run), run.binnedAt, formatMegabytes(run.size), run.purgeAt] as const,
      ),
      ...comparisons.map((one) => [one.id, one.name, 'comparison', one.removedAt, '', one.purgeAt] as const),
    ].sort((a, b) => b[3] - a[3])
    return formatTable(
      [
        ...['id', 'name', 'kind', 'deleted'].map((title) => ({ title })),
        { title: 'size', align: 'right' },
        { title: 'gone for good' },
      ],
      lines.map(([id, name, kind, at, size, purgeAt]) => [id, name, kind, formatTime(at), size, formatTime(purgeAt)]),
    )
  })
}

async function empty(store: Store, options: Options): Promise<void> {
  const { runs, comparisons } = contentOf(store)
  const before = store.storageReport()
  store.dropBinned(runs.map(({ id }) => id))
  store.comparisons.drop(comparisons.map(({ id }) => id))
  await store.purgeBinned(0)
  const bytesFreed = Math.max(0, before.database - store.storageReport().database)
  outputOf(options).result(
    { runs: runs.map(({ id }) => id), comparisons: comparisons.map(({ id }) => id), bytesFreed },
    () => `${said(runs.length, comparisons.length)} deleted for good, ${formatMegabytes(bytesFreed)} freed.`,
  )
}

function said(runs: number, comparisons: number): string {
  const parts = [
    ...(runs > 0 || comparisons === 0 ? [counted(runs, 'run')] : []),
    ...(comparisons > 0 ? [counted(comparisons, 'comparison')] : []),
  ]
  return parts.join(' and ')
}
