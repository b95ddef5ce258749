import type { Command } from 'commander'
import { z } from 'zod'
import type { RunConfig } from '../../../core/config/settings.ts'
import type { Episode } from '../../../core/episode/episode.ts'
import { resolveConfiguration } from '../../services/configuration.ts'
import { resolveCheckpoint } from '../../services/initialisations.ts'
import { counted, fixed } from '../../services/conclusion.ts'
import { checkFits } from '../../services/fine-tuning.ts'
import { InvalidRequest } from '../../services/invalid-request.ts'
import { readJsonFile } from '../../services/json-file.ts'
import { saveEpisodeAs } from '../../services/recorded-episode.ts'
import { recordRollout, type Driver } from '../../services/rollout.ts'
import type { CheckpointRow } from '../../store/store.ts'
import { collect, integer, SEED_RANGE } from '../arguments.ts'
import { createCommand, outputOf, withDatabase, withStore, type DatabaseOptions } from '../command.ts'
import type { Output } from '../output.ts'
import { formatNumber } from '../table.ts'
import { worldByName } from '../world-option.ts'

interface Options extends DatabaseOptions {
  readonly env?: string
  readonly seed: number
  readonly actions?: string
  readonly policy?: string
  readonly deterministic?: true
  readonly set?: readonly string[]
  readonly physics?: string
  readonly horizon?: number
  readonly save?: true
  readonly run?: string
}

export function rolloutCommand(): Command {
  return withDatabase(createCommand('rollout', 'One episode, step by step: qpos, qvel, observation, reward, cost.'))
    .option('--env <world>', 'environment; the checkpoint’s by default')
    .requiredOption('--seed <n>', 'seed of the task', integer(SEED_RANGE))
    .option('--actions <file>', 'JSON array of [drive, turn] pairs')
    .option('--policy <checkpoint>', 'a checkpoint, a run or a .safetensors file')
    .option('--deterministic', 'act with the policy’s mean instead of sampling')
    .option('--physics <mode>', 'fast or reference')
    .option('--horizon <n>', 'steps before the episode is cut', integer({ min: 10, max: 10_000 }))
    .option('--set <key=value>', 'any other setting, e.g. environment.goalRule=resample', collect)
    .option(
      '--save',
      'keep the episode of a policy with its run, or the imported file; one of the same policy and task is replaced',
    )
    .option('--run <run>', 'the run to keep it with (default: that of the checkpoint, or an imported one itself)')
    .addHelpText('after', '\nWith --json a line of JSON per step, all numbers in full; step 0 is the start.')
    .action(async (options: Options) => {
      const { config, driver, checkpoint } = await prepare(options)
      const output = outputOf(options)
      let [steps, episodeReturn, cost] = [0, 0, 0]
      const episode = await recordRollout(config, options.seed, driver, (record) => {
        steps = record.step
        episodeReturn += record.reward
        cost += record.cost
        const [x = 0, y = 0] = record.qpos
        const parts = Object.entries(record.costParts).flatMap(([name, present]) => (present ? [name] : []))
        const shown = [
          `reward ${formatNumber(record.reward)}`,
          `cost ${record.cost}`,
          ...parts,
          ...(record.goalReached ? ['goal'] : []),
        ]
        output.line(
          record,
          `${String(record.step).padStart(4)}  slides ${fixed(x, 3)} ${fixed(y, 3)}  ${shown.join('  ')}`,
        )
      })
      output.note(`${counted(steps, 'step')}, return ${formatNumber(episodeReturn)}, cost ${cost}`)
      if (checkpoint && options.save) await save(checkpoint, episode, options, output)
    })
}

async function save(checkpoint: CheckpointRow, episode: Episode, options: Options, output: Output): Promise<void> {
  await withStore(options, 'read', (store) => {
    const run = options.run === undefined ? checkpoint.run : store.run(options.run).id
    const stochastic = options.deterministic !== true
    const { iteration } = checkpoint
    const owner = run === null ? { run, checkpoint: checkpoint.id } : { run }
    const key = { ...owner, initialisation: null, iteration, task: options.seed, step: 0, episode: 0, stochastic }
    const { size } = saveEpisodeAs(store, key, episode)
    output.note(
      `The episode is kept with ${run === null ? `the imported checkpoint ${checkpoint.id}` : `run ${run}`} (${size} bytes).`,
    )
  })
}

interface Prepared {
  readonly config: RunConfig
  readonly driver: Driver
  /** Of the policy that drives. */
  readonly checkpoint: CheckpointRow | null
}

async function prepare(options: Options): Promise<Prepared> {
  const { actions, policy } = options
  if (options.run !== undefined && !options.save) throw new InvalidRequest('--run says where --save keeps the episode.')
  if (options.save && policy === undefined)
    throw new InvalidRequest('Only the episode of a policy can be kept: --policy CHECKPOINT.')
  if ((actions === undefined) === (policy === undefined))
    throw new InvalidRequest('Say who drives: either --actions FILE or --policy CHECKPOINT.')
  if (actions !== undefined) {
    if (options.env === undefined) throw new InvalidRequest('Recorded actions need an environment: --env.')
    return {
      config: resolve({}, options),
      driver: { kind: 'actions', actions: readActions(actions) },
      checkpoint: null,
    }
  }
  return withStore(options, 'read', (store) => {
    const checkpoint = resolveCheckpoint(store, policy!)
    if (options.run !== undefined) store.run(options.run)
    const { config: trained, state } = store.readCheckpoint(checkpoint.id)
    const config = resolve({ ...trained }, options)
    checkFits(policy!, trained, config)
    const { theta, moments } = state
    const stochastic = options.deterministic !== true
    return { config, driver: { kind: 'policy', theta, moments, stochastic }, checkpoint }
  })
}

function resolve(settings: Record<string, unknown>, options: Options): RunConfig {
  const { env, physics, horizon, set = [] } = options
  const assignments = [
    ...(env === undefined ? [] : [`environment.world=${worldByName(env).name}`]),
    ...(physics === undefined ? [] : [`environment.physics=${physics}`]),
    ...(horizon === undefined ? [] : [`environment.horizon=${horizon}`]),
  ]
  return resolveConfiguration({ settings }, [...assignments, ...set])
}

const actionsSchema = z.array(z.tuple([z.number(), z.number()])).min(1)

function readActions(file: string): [number, number][] {
  const actions = actionsSchema.safeParse(readJsonFile(file))
  if (actions.success) return actions.data
  const issue = actions.error.issues[0]!
  throw new InvalidRequest(
    `${file} must hold a JSON array of [drive, turn] pairs; entry ${issue.path.join('.') || '0'}: ${issue.message}`,
  )
}
