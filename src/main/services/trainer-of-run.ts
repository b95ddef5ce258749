/** The trainer of a run: with the engine that it asks for or was computed by, or a refusal that says how to go on. */
import { ENGINE_NAMES, type EngineName } from '../../core/config/engines.ts'
import type { Run, Store } from '../store/store.ts'
import type { ChangeListener, TrainerClient, TrainerIdentity } from '../trainer/client.ts'
import { EngineRefused, spawnTrainer, type SpawnOptions } from '../trainer/spawn.ts'
import { chosenEngine } from './engines/chosen-engine.ts'
import { missingOf } from './engines/installed.ts'
import { InvalidRequest } from './invalid-request.ts'
import { logLine } from './run-log.ts'

/** As `spawnTrainer`, for a new run. Under `auto` the stored measurement of this machine chooses the engine. */
export async function newTrainer(options: SpawnOptions): Promise<TrainerClient> {
  const { config } = options
  const isChosen = options.engine === undefined && config.engine === 'auto'
  const { engine, why, device } = chosenEngine(config)
  try {
    const trainer = await spawnTrainer({ engine, ...options })
    const { device: now = null } = trainer.identity
    const moved = device !== null && now !== null && device !== now ? ` It was timed on ${device}, not on ${now}.` : ''
    return isChosen ? withChoice(trainer, `Engine chosen by auto: ${engine}. ${why}${moved}`) : trainer
  } catch (error) {
    if (!(error instanceof EngineRefused)) throw error
    // What was fastest yesterday may be gone today: nobody asked for it by name.
    if (isChosen && engine !== 'simd')
      return withChoice(
        await spawnTrainer({ ...options, engine: 'simd' }),
        `Engine chosen by auto: simd, because ${engine} cannot be used: ${error.message}`,
      )
    throw new InvalidRequest(`${error.message} The engine simd needs no installation.`)
  }
}

/** No copy: the identity of the trainer may change yet. */
const withChoice = (trainer: TrainerClient, choice: string): TrainerClient => Object.assign(trainer, { choice })

/**
 * A run goes on with the engine that computed it so far, unless another one is asked for: its bits, and how fast it is,
 * should not depend on what is installed on the day of its resumption. For the same reason it goes on in the
 * smaller blocks that its device had memory for.
 */
export async function trainerToGoOn(
  run: Run,
  {
    workers,
    engine,
    signal,
  }: {
    readonly workers?: number | undefined
    readonly engine?: EngineName | undefined
    readonly signal: AbortSignal
  },
): Promise<TrainerClient> {
  const { id, config, trainer } = run
  const chosen = engine ?? ownEngine(run)
  const blockFloats = chosen === recordedEngine(trainer) ? trainer.blockFloats : undefined
  try {
    return await spawnTrainer({
      ...{ config, engine: chosen, blockFloats, signal },
      ...(workers === undefined ? {} : { workers }),
    })
  } catch (error) {
    if (!(error instanceof EngineRefused)) throw error
    const computed = engine === undefined ? `was computed by ${trainer.engine} and ` : ''
    throw new InvalidRequest(
      `Run ${id} ${computed}cannot go on by ${chosen} here: ${error.message} ${withAnotherEngine(run)}`,
    )
  }
}

const withAnotherEngine = ({ id, kind }: Run): string =>
  `It goes on with the SIMD engine by "cmaml ${kind === 'train' ? 'train' : 'finetune'} --resume ${id} --engine simd", ` +
  'or in the app by "Resume with another engine", and its record will say so.'

/** The engine that computed a run so far. @throws InvalidRequest where nobody here knows it */
export function ownEngine(run: Run): EngineName {
  const engine = recordedEngine(run.trainer)
  if (engine !== null) return engine
  throw new InvalidRequest(
    `Run ${run.id} was computed by ${run.trainer.engine}, an engine that this version of the program does not know. ` +
      withAnotherEngine(run),
  )
}

/** Why the engine that computed a run cannot go on with it here: a clause; null where nothing is known to be in the way. */
export function engineObstacle({ trainer }: Run): string | null {
  const engine = recordedEngine(trainer)
  return engine === null ? 'this version of the program does not know it' : missingOf(engine)
}

/** @throws InvalidRequest where a run could not go on by its own engine, before anything is tried */
export function assertOwnEngine(run: Run): void {
  ownEngine(run)
  const obstacle = engineObstacle(run)
  if (obstacle === null) return
  throw new InvalidRequest(
    `Run ${run.id} was computed by ${run.trainer.engine}, which cannot be used on this machine: ${obstacle}. ` +
      withAnotherEngine(run),
  )
}

/**
 * What a run was computed by, as `spawnTrainer` takes it: which kernels an SIMD engine has is another setting's. null
 * where it is unknown here, as that of an imported run may be.
 */
export const recordedEngine = ({ engine }: Pick<TrainerIdentity, 'engine'>): EngineName | null =>
  engine.startsWith('simd/') ? 'simd' : (ENGINE_NAMES.find((name) => name === engine) ?? null)

/** Puts it on the run's record, in its log and before those who watch. */
export function noteChanges(
  store: Store,
  run: string,
  listener: { readonly warning: (text: string) => void },
): ChangeListener {
  return (change, facts) => {
    store.noteChange(run, change, facts)
    const warning = `Run ${run}: ${change}.`
    logLine(store, run, 'warning', warning)
    listener.warning(warning)
  }
}
