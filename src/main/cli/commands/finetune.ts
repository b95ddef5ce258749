import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { EngineSetting } from '../../../core/config/engines.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import { compareRuns } from '../../services/comparison.ts'
import { assertInstalled } from '../../services/engines/installed.ts'
import { loadConfigurationSource, resolveConfiguration } from '../../services/configuration.ts'
import { assertHeldOut, fineTune, fineTuningConfig, resumeFineTuning, tasksByName } from '../../services/fine-tuning.ts'
import { RANDOM_LABEL } from '../../../core/study/plan/initialisation-label.ts'
import { resolveInitialisations } from '../../services/initialisations.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { runName } from '../../services/run-name.ts'
import type { StopSignals } from '../../services/session.ts'
import type { InitialisationInput, Run, Store } from '../../store/store.ts'
import { collect, engineOption, engineToGoOn, integer, seeds } from '../arguments.ts'
import { taskSelection, WORKER_RANGE, type TaskSelection } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { comparisonText } from '../comparison-table.ts'
import { interruptible } from '../interrupt.ts'
import type { Output } from '../output.ts'
import { databaseArgument, resumeCommand } from '../shell.ts'
import { watchFineTuning } from '../watch.ts'

interface Options extends DatabaseOptions {
  readonly init?: readonly string[]
  readonly tasks?: TaskSelection
  readonly count?: number
  readonly steps?: number
  readonly episodes?: number
  readonly seeds?: readonly number[]
  readonly config?: string
  readonly set?: readonly string[]
  readonly engine?: EngineSetting
  readonly workers?: number
  readonly name?: string
  readonly resume?: string
}

export function finetuneCommand(): Command {
  return withDatabase(
    createCommand('finetune', 'Adapt initialisations to tasks and record return and cost after every step.'),
  )
    .option(
      '--init <start...>',
      'random, a checkpoint, a run (its newest state) or a .safetensors file; may be repeated',
    )
    .option('--tasks <which>', 'training, held-out (the default), or seeds such as 301..320 or 122,233', taskSelection)
    .option('--count <n>', 'only the first so many tasks', integer({ min: 1, max: 100_000 }))
    .option('--steps <k>', 'adaptation steps', integer({ min: 0, max: 100 }))
    .option('--episodes <n>', 'whole episodes per step', integer({ min: 1, max: 1000 }))
    .option('--seeds <list>', 'seeds of the fine-tuning, one run each, e.g. 1..3', seeds)
    .option('--config <preset|file>', 'settings; those of the first checkpoint by default')
    .option('--set <key=value>', 'a setting, e.g. inner.kl=0.04; may be repeated', collect)
    .addOption(engineOption())
    .option('--workers <n>', 'task workers; all cores by default', integer(WORKER_RANGE))
    .option('--name <text>', 'name of the runs (default: fine-tuning)')
    .option('--resume <run>', 'go on with a fine-tuning, with the settings and tasks stored with it')
    .action((options: Options) => {
      if (!options.init && options.resume === undefined)
        throw new InvalidRequest('Name at least one --init: random, a checkpoint, a run or a file.')
      expectEngine(options)
      const output = outputOf(options)
      return withStore(options, needsRuns(options) ? 'read' : 'run', (store) =>
        interruptible(output, (signals) => runFinetune(store, options, signals, output)),
      )
    })
}

/** Before a database is opened, let alone created. @throws ConfigError where the engine asked for is not installed */
function expectEngine({ resume, config, set = [], engine }: Options): void {
  if (resume !== undefined) return
  const settings = config === undefined ? {} : loadConfigurationSource(config).settings
  const asked = [
    ...set.filter((one) => one.startsWith('engine=')),
    ...(engine === undefined ? [] : [`engine=${engine}`]),
  ]
  assertInstalled(resolveConfiguration({ settings }, asked).engine)
}

/** Whether the database must already be there; files and random networks can start an empty one. */
function needsRuns({ init = [], resume }: Options): boolean {
  return resume !== undefined || init.some((start) => start !== RANDOM_LABEL && !existsSync(start))
}

async function runFinetune(store: Store, options: Options, signals: StopSignals, output: Output): Promise<void> {
  const runs =
    options.resume === undefined
      ? await startNew(store, options, signals, output)
      : [await resume(store, options, signals, output)]
  const comparison = runs.some(({ done }) => done > 0)
    ? compareRuns(
        store,
        runs.map(({ id }) => id),
      )
    : null
  const summary = runs.map(({ id, status, done, total, seed }) => ({ run: id, seed, status, done, total }))
  output.line(
    { type: 'result', runs: summary, comparison, database: store.file },
    [
      ...(comparison ? [comparisonText(comparison), ''] : []),
      ...summary.map(
        ({ run, seed, status, done, total }) => `Run ${run} (seed ${seed}) is ${status}: ${done} of ${total} results.`,
      ),
      ...runs
        .filter(({ status }) => status !== 'completed')
        .map((run) => `  ${resumeCommand(run, databaseArgument(options))}   goes on`),
      `Results are in ${store.file}:`,
      `  npx cmaml compare ${runs.map(({ id }) => id).join(' ')}${databaseArgument(options)}`,
    ].join('\n'),
  )
}

async function startNew(store: Store, options: Options, signals: StopSignals, output: Output): Promise<Run[]> {
  const initialisations = resolveInitialisations(store, options.init ?? [])
  const base = baseConfig(store, options, initialisations)
  const tasks = chooseTasks(base, options)
  const world = base.environment.world
  if ((options.tasks ?? 'held-out') === 'held-out') assertHeldOut(store, initialisations, world, tasks)
  const { steps, episodes, workers } = options
  const name = runName(options.name ?? 'fine-tuning')
  const runs: Run[] = []
  for (const seed of options.seeds ?? [base.seed]) {
    if (signals.stop.aborted) break
    const config = fineTuningConfig(base, {
      seed,
      ...(steps === undefined ? {} : { steps }),
      ...(episodes === undefined ? {} : { episodes }),
    })
    const request = { name, config, tasks, initialisations, ...(workers === undefined ? {} : { workers }) }
    const watch = watchFineTuning(output)
    runs.push(await fineTune(store, request, signals, watch.listener).finally(() => watch.finish()))
  }
  return runs
}

function resume(store: Store, options: Options, signals: StopSignals, output: Output): Promise<Run> {
  const settled = ['init', 'tasks', 'count', 'steps', 'episodes', 'seeds', 'config', 'set', 'name'] as const
  const changed = settled.filter((key) => options[key] !== undefined)
  if (changed.length > 0)
    throw new InvalidRequest(
      `--resume goes on with the stored configuration and tasks: leave out --${changed.join(', --')}.`,
    )
  const watch = watchFineTuning(output)
  const { resume: run, workers } = options
  const engine = engineToGoOn(options.engine)
  return resumeFineTuning(store, run!, workers, signals, watch.listener, { engine }).finally(() => watch.finish())
}

/** Settings asked for, else those of the first checkpoint, else the defaults. */
function baseConfig(store: Store, options: Options, initialisations: readonly InitialisationInput[]): RunConfig {
  const { config, set = [], engine } = options
  const first = initialisations.find(({ checkpoint }) => checkpoint !== null)?.checkpoint
  const settings =
    config !== undefined
      ? loadConfigurationSource(config).settings
      : first
        ? { ...store.readCheckpoint(first).config }
        : {}
  return resolveConfiguration({ settings }, [...set, ...(engine === undefined ? [] : [`engine=${engine}`])])
}

function chooseTasks(config: RunConfig, { tasks = 'held-out', count }: Options): number[] {
  const chosen = typeof tasks === 'string' ? tasksByName(config, tasks) : tasks
  if (count !== undefined && count > chosen.length)
    throw new InvalidRequest(`--count is ${count}, but there are only ${chosen.length} such tasks.`)
  return chosen.slice(0, count)
}
