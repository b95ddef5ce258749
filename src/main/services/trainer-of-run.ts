/** The trainer of a run: with the engine that it asks for or was computed by, or a refusal that says how to go on. */
import { ENGINE_NAMES, type EngineName } from '../../core/config/engines.ts'
import type { Run, Store } from '../store/store.ts'
import type { ChangeListener, TrainerClient, TrainerIdentity } from '../trainer/client.ts'
import { EngineRefused, spawnTrainer, type SpawnOptions } from '../trainer/spawn.ts'
import { chosenEngine } from './engines/chosen-engine.ts'
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
    return isChosen ? { ...trainer, choice: `Engine chosen by auto: ${engine}. ${why}${moved}` } : trainer
  } catch (error) {
    if (!(error instanceof EngineRefused)) throw error
    // What was fastest yesterday may be gone today: nobody asked for it by name.
    if (isChosen && engine !== 'simd')
      return {
        ...(await spawnTrainer({ ...options, engine: 'simd' })),
        choice: `Engine chosen by auto: simd, because ${engine} cannot be used: ${error.message}`,
      }
    throw new InvalidRequest(`${error.message} The engine simd needs no installation.`)
  }
}

/**
 * A run goes on with the engine that computed it so far, unless another one is asked for: its bits, and how fast it is,
 * should not depend on what is installed on the day of its resumption.
 */
export async function trainerToGoOn(
  { id, kind, config, trainer }: Run,
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
  const chosen = engine ?? recordedEngine(trainer)
  try {
    return await spawnTrainer({ config, engine: chosen, signal, ...(workers === undefined ? {} : { workers }) })
  } catch (error) {
    if (!(error instanceof EngineRefused)) throw error
    const command = `cmaml ${kind === 'train' ? 'train' : 'finetune'} --resume ${id} --engine simd`
    const computed = engine === undefined ? `was computed by ${trainer.engine} and` : ''
    throw new InvalidRequest(
      `Run ${id} ${computed} cannot go on by ${chosen} here: ${error.message} It goes on with the SIMD engine by ` +
        `"${command}", and its record will say so.`,
    )
  }
}

/**
 * What a run was computed by, as `spawnTrainer` takes it: which kernels an SIMD engine has is another setting's, and what
 * nobody knows here (of an imported run) cannot go on.
 */
export const recordedEngine = ({ engine }: Pick<TrainerIdentity, 'engine'>): EngineName =>
  ENGINE_NAMES.find((name) => name === engine) ?? 'simd'

/** Puts it on the run's record, in its log and before those who watch. */
export function noteChanges(
  store: Store,
  run: string,
  listener: { readonly warning: (text: string) => void },
): ChangeListener {
  return (change) => {
    store.noteChange(run, change)
    const warning = `Run ${run}: ${change}.`
    logLine(store, run, 'warning', warning)
    listener.warning(warning)
  }
}
