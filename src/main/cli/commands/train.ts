import { Option, type Command } from 'commander'
import type { EngineSetting } from '../../../core/config/engines.ts'
import type { RunConfig } from '../../../core/config/settings.ts'
import { compareRuns } from '../../services/comparison.ts'
import { listPresets, loadConfigurationSource, resolveConfiguration } from '../../services/configuration.ts'
import { assertInstalled } from '../../services/engines/installed.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { adaptTrained } from '../../services/own-fine-tuning.ts'
import { runName } from '../../services/run-name.ts'
import type { StopSignals } from '../../services/session.ts'
import { assertEnoughTasks, resumeTraining, train, type TrainingListener } from '../../services/training.ts'
import type { Run, Store } from '../../store/store.ts'
import { collect, engineOption, engineToGoOn, integer, SEED_RANGE, WORKER_RANGE } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import { comparisonText } from '../comparison-table.ts'
import { interruptible } from '../interrupt.ts'
import type { Output } from '../output.ts'
import { databaseArgument, resumeCommand } from '../shell.ts'
import { watchFineTuning, watchTraining } from '../watch.ts'

interface Options extends DatabaseOptions {
  readonly set?: readonly string[]
  readonly seed?: number
  readonly kernels?: RunConfig['kernels']
  readonly engine?: EngineSetting
  readonly workers?: number
  readonly name?: string
  readonly resume?: string
  readonly finetune: boolean
}

export function trainCommand(): Command {
  const presets = listPresets().map(({ name, description }) => `  ${name.padEnd(16)} ${description}`)
  return withDatabase(
    createCommand('train [preset|file]', 'Meta-train or pre-train a policy, then adapt it beside a random start.'),
  )
    .option('--set <key=value>', 'a setting, e.g. meta.eta.cap=1; may be repeated', collect)
    .option('--seed <n>', 'seed of the run (short for --set seed=N)', integer(SEED_RANGE))
    .option(
      '--workers <n>',
      'task workers; all cores by default; the result does not depend on it',
      integer(WORKER_RANGE),
    )
    .addOption(
      new Option('--kernels <which>', 'short for --set kernels=...; portable: the same bits on every machine').choices([
        'auto',
        'portable',
      ]),
    )
    .addOption(engineOption())
    .option('--name <text>', 'name of the run; the preset’s by default')
    .option('--resume <run>', 'go on with a run, with the configuration stored with it; only --engine may change')
    .option('--no-finetune', 'skip the adaptation to held-out tasks; with --resume too, which makes it up otherwise')
    .addHelpText('after', `\nPresets:\n${presets.join('\n')}\n\ncmaml settings lists every setting that --set takes.`)
    .action((preset: string | undefined, options: Options) => {
      const output = outputOf(options)
      const start = startTraining(preset, options)
      return withStore(options, options.resume === undefined ? 'run' : 'read', (store) =>
        interruptible(output, (signals) => runTrain(store, start, options, signals, output)),
      )
    })
}

async function runTrain(
  store: Store,
  start: StartTraining,
  options: Options,
  signals: StopSignals,
  output: Output,
): Promise<void> {
  const watch = watchTraining(output)
  const run = await start(store, signals, watch.listener).finally(() => watch.finish())
  const fineTuned = options.finetune ? await fineTuneRun(store, run, options, signals, output) : null
  report(store, run, fineTuned, options, output)
}

function fineTuneRun(
  store: Store,
  run: Run,
  { workers, resume, engine }: Options,
  signals: StopSignals,
  output: Output,
): Promise<Run | null> {
  const watch = watchFineTuning(output)
  const asked = resume === undefined ? undefined : engineToGoOn(engine)
  return adaptTrained(store, run, workers, signals, watch.listener, asked).finally(() => watch.finish())
}

type StartTraining = (store: Store, signals: StopSignals, listener: TrainingListener) => Promise<Run>

/** What is wrong with the command line alone is found before a database is opened, let alone created. */
function startTraining(preset: string | undefined, options: Options): StartTraining {
  const { resume, workers } = options
  if (resume === undefined) {
    const { config, name } = configure(preset, options)
    assertInstalled(config.engine)
    assertEnoughTasks(config)
    const request = { config, name: runName(name), ...(workers === undefined ? {} : { workers }) }
    return (store, signals, listener) => train(store, request, signals, listener)
  }
  const given = [preset, options.set, options.seed, options.kernels, options.name].some((value) => value !== undefined)
  if (given)
    throw new InvalidRequest(
      '--resume goes on with the stored configuration: leave out the preset, --set, --seed, --kernels and --name.',
    )
  const engine = engineToGoOn(options.engine)
  return (store, signals, listener) => resumeTraining(store, resume, workers, signals, listener, engine)
}

function configure(preset: string | undefined, options: Options): { config: RunConfig; name: string } {
  if (preset === undefined) {
    const names = listPresets().map(({ name }) => name)
    throw new InvalidRequest(`Name a preset (${names.join(', ')}) or a file of settings, or --resume a run.`)
  }
  const source = loadConfigurationSource(preset)
  const short = (['seed', 'kernels', 'engine'] as const).flatMap((key) =>
    options[key] === undefined ? [] : [`${key}=${options[key]}`],
  )
  return { config: resolveConfiguration(source, [...(options.set ?? []), ...short]), name: options.name ?? source.name }
}

function report(store: Store, run: Run, fineTuned: Run | null, options: Options, output: Output): void {
  const db = databaseArgument(options)
  const resuming = resumeCommand(run, `${options.finetune ? '' : ' --no-finetune'}${db}`)
  const stopped = run.status === 'stopped' || fineTuned?.status === 'stopped'
  const comparison = fineTuned?.status === 'completed' ? compareRuns(store, [fineTuned.id]) : null
  const value = {
    type: 'result',
    run: run.id,
    status: run.status,
    iterations: run.done,
    envSteps: run.envSteps,
    fineTuning: fineTuned && { run: fineTuned.id, status: fineTuned.status },
    comparison,
    database: store.file,
  }
  output.line(
    value,
    [
      ...(comparison ? [comparisonText(comparison), ''] : []),
      `Run ${run.id} is ${run.status} after ${run.done} of ${run.total} iterations, ${run.envSteps} environment steps.`,
      ...(fineTuned ? [`Its fine-tuning is run ${fineTuned.id}, ${fineTuned.status}.`] : []),
      `Results are in ${store.file}:`,
      `  npx cmaml show ${run.id}${db}`,
      ...(fineTuned ? [`  npx cmaml compare ${fineTuned.id}${db}`] : []),
      // Training first: going on with it goes on with its fine-tuning too.
      ...(stopped ? [`  ${resuming}   goes on`] : []),
      `  npx cmaml export ${run.id} --format safetensors${db}`,
    ].join('\n'),
  )
}
