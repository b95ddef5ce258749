import type { Command } from 'commander'
import { revisionOf } from '../../../core/training/numerics-revision.ts'
import { METRICS, type MetricName } from '../../../core/training/records.ts'
import { compareRuns, type Comparison } from '../../services/comparison.ts'
import { counted } from '../../services/conclusion.ts'
import { BUNDLE_EXTENSION, describeLeftOut } from '../../export/bundle.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { shownInitialisations } from '../../services/initialisations.ts'
import { printable } from '../../services/run-name.ts'
import { canGoOn } from '../../services/training.ts'
import type { CheckpointRow, EpisodeRow, InitialisationRow, IterationRow } from '../../store/store.ts'
import type { LogLine, Run, Store } from '../../store/store.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { comparisonText } from '../comparison-table.ts'
import { databaseArgument, resumeCommand } from '../shell.ts'
import { formatDuration, formatNumber, formatTable } from '../table.ts'
import { formatTime, kindOf } from './runs.ts'

interface Options extends DatabaseOptions {
  readonly iterations?: true
  readonly log?: true
}

/** Columns of the table over iterations. */
const SHOWN: readonly MetricName[] = ['returnBefore', 'costBefore', 'returnAfter', 'costAfter', 'lambda', 'eta', 'std']
/** Rows of that table: a long run is shown in stretches. */
const STRETCHES = 12

export function showCommand(): Command {
  return withDatabase(createCommand('show <run>', 'Everything about a run: configuration, progress, checkpoints.'))
    .option('--iterations', 'with --json: all metrics of every iteration')
    .option('--log', 'instead: what happened while it was worked on, with warnings and reasons')
    .addHelpText('after', '\nRUN is an id, a unique part of one, a unique name, or "latest".')
    .action((reference: string, options: Options) =>
      withStore(options, 'read', (store) => {
        if (options.log) return showLog(store, store.run(reference), options)
        const shown = describeRun(store, store.run(reference), options.iterations === true)
        outputOf(options).result(shown, () => runText(store, shown, databaseArgument(options)))
      }),
    )
}

function showLog(store: Store, run: Run, options: Options): void {
  const lines = [...logOf(store, run.id)]
  outputOf(options).result({ run: run.id, log: lines }, () =>
    lines.length === 0
      ? `Nothing was noted about run ${run.id}.`
      : lines.map(({ time, level, text }) => `${formatTime(time)}  ${level.padEnd(7)}  ${printable(text)}`).join('\n'),
  )
}

/** All lines; the store hands out a page at a time. */
function* logOf(store: Store, run: string): Generator<LogLine, void> {
  for (let last: number | null = null; ;) {
    const page = store.logAfter(run, last)
    if (page.length === 0) return
    yield* page
    last = page.at(-1)!.index
  }
}

interface ShownRun {
  readonly run: Run
  readonly lastIteration: IterationRow | null
  readonly iterations?: readonly IterationRow[]
  readonly checkpoints: readonly CheckpointRow[]
  readonly initialisations: readonly InitialisationRow[]
  /** Of a fine-tuning with results. */
  readonly comparison: Comparison | null
  readonly episodes: readonly EpisodeRow[]
}

function describeRun(store: Store, run: Run, withIterations: boolean): ShownRun {
  const trained = run.kind === 'train' && run.done > 0
  return {
    run,
    lastIteration: trained ? (store.iterations(run.id, { from: run.done, to: run.done })[0] ?? null) : null,
    ...(withIterations ? { iterations: store.iterations(run.id) } : {}),
    checkpoints: store.checkpoints(run.id),
    initialisations: run.kind === 'fine-tune' ? shownInitialisations(store, run) : [],
    comparison: run.kind === 'fine-tune' && run.done > 0 ? compareOne(store, run) : null,
    episodes: store.episodes(run.id),
  }
}

/** null as long as no task is finished from all initialisations. */
function compareOne(store: Store, run: Run): Comparison | null {
  try {
    return compareRuns(store, [run.id])
  } catch (error) {
    if (error instanceof InvalidRequest) return null
    throw error
  }
}

function runText(store: Store, shown: ShownRun, db: string): string {
  const { run, lastIteration, checkpoints, initialisations, comparison, episodes } = shown
  const { config } = run
  const { trainer } = run
  const facts: [string, string][] = [
    ['run', `${run.id} (${run.name}), ${kindOf(run)}`],
    ['status', run.status + (run.reason ? `: ${run.reason}` : '')],
    ['progress', `${run.done} of ${run.total}, ${run.envSteps} environment steps`],
    ['created', formatTime(run.createdAt)],
    ['wall time', run.finishedAt ? `${formatDuration((run.finishedAt - run.startedAt) / 1000)} (last session)` : '-'],
    ['world', `${config.environment.world}, goal ${config.environment.goal}, horizon ${config.environment.horizon}`],
    [
      'cost limit',
      `${config.costLimit} per episode (${formatNumber(config.costLimit / config.environment.horizon)} per step)`,
    ],
    ['seed', String(run.seed)],
    [
      'trainer',
      `${trainer.engine}${trainer.device === undefined ? '' : ` (${trainer.device})`}, ${trainer.multiplyAdd}, ` +
        `${counted(trainer.workers, 'worker')}, MuJoCo ${trainer.mujoco}, numerics ${revisionOf(trainer)}`,
    ],
    ...(trainer.changes ?? []).map((change): [string, string] => [
      'changed',
      `${change}: its bits may differ from those of an uninterrupted run`,
    ]),
    ['from', run.parentRun ? `run ${run.parentRun}` : '-'],
    ...importFacts(run),
    ...(run.tasks ? ([['tasks', run.tasks.join(', ')]] as [string, string][]) : []),
    ['database', store.file],
    ...(unfinished(run) && canGoOn(store, run) ? ([['goes on by', resumeCommand(run, db)]] as [string, string][]) : []),
  ]
  const parts = [facts.map(([name, value]) => `${name.padEnd(11)} ${printable(value)}`).join('\n')]
  if (lastIteration) parts.push(iterationsTable(store, run))
  if (checkpoints.length > 0) parts.push(checkpointsTable(checkpoints))
  if (initialisations.length > 0)
    parts.push(`initialisations: ${initialisations.map(({ label }) => printable(label)).join(', ')}`)
  if (comparison) parts.push(comparisonText(comparison))
  if (episodes.length > 0) parts.push(episodesTable(episodes))
  return parts.join('\n\n')
}

function importFacts({ source, sourceRun, leftOut }: Run): [string, string][] {
  if (source === null) return []
  return [
    ['imported', `from ${source}${BUNDLE_EXTENSION}, where it is run ${sourceRun}`],
    ...(leftOut ? [['kept', describeLeftOut(leftOut)] as [string, string]] : []),
  ]
}

const unfinished = ({ status, done, total }: Run) => status !== 'running' && done < total

function iterationsTable(store: Store, run: Run): string {
  const series = SHOWN.map((metric) => store.series(run.id, metric, { buckets: STRETCHES }))
  const rows = series[0]!.map((bucket, i) => [
    bucket.firstIteration === bucket.lastIteration
      ? String(bucket.firstIteration)
      : `${bucket.firstIteration}-${bucket.lastIteration}`,
    ...series.map((buckets) => formatNumber(buckets[i]?.mean ?? NaN)),
  ])
  const columns = ['iteration', ...SHOWN].map((title) => ({ title, align: 'right' as const }))
  const legend = SHOWN.map((metric) => `${metric}: ${METRICS[metric]}`).join('\n')
  return `${formatTable(columns, rows)}\n\n${legend}`
}

function checkpointsTable(checkpoints: readonly CheckpointRow[]): string {
  return formatTable(
    [
      { title: 'checkpoint' },
      { title: 'kind' },
      { title: 'iteration', align: 'right' },
      { title: 'bytes', align: 'right' },
      { title: 'sha-256' },
    ],
    checkpoints.map(({ id, kind, iteration, size, sha256 }) => [
      id,
      kind,
      String(iteration),
      String(size),
      sha256.slice(0, 16),
    ]),
  )
}

function episodesTable(episodes: readonly EpisodeRow[]): string {
  const titles = ['recorded episode', 'iteration', 'task', 'return', 'cost', 'steps', 'bytes']
  return formatTable(
    titles.map((title) => ({ title, align: 'right' as const })),
    episodes.map(({ id, iteration, task, return: value, cost, length, size }) =>
      [id, iteration, task, formatNumber(value), cost, length, size].map(String),
    ),
  )
}
