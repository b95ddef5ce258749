import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineName } from '../../core/config/engines.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import { chooseEngine } from '../../core/training/choose-engine.ts'
import type { ChangeListener, EngineTrialClient, TrainerClient, TrainerIdentity, TriableEngine } from './client.ts'
import { launchUnderNode } from './launch-node.ts'
import { TrainerCrash, type LaunchTrainer, type TrainerProcess } from './launch.ts'
import type { TrainerCommand, TrainerEvent } from './protocol.ts'

export interface SpawnOptions {
  readonly config: RunConfig
  /** Task workers; all cores by default. */
  readonly workers?: number
  /** What computes updates; what the configuration asks for by default. */
  readonly engine?: EngineName
  /** Most floats of a tensor of an engine of TensorFlow.js: less than usual where a run went on in smaller blocks. */
  readonly blockFloats?: number | undefined
  /** Gives up the start. */
  readonly signal?: AbortSignal
  /** Most time for loading and testing another engine than the SIMD one (ms). */
  readonly patience?: number
}

/** CUDA may take minutes to translate its kernels for a new GPU. */
const PATIENCE_MS = 300_000

/** The engine cannot be used on this machine; nothing was begun. */
export class EngineRefused extends Error {
  readonly engine: EngineName
  /** @param options its cause is a TrainerCrash where it did not survive its start */
  constructor(engine: EngineName, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EngineRefused'
    this.engine = engine
  }
}

/** Something went wrong inside the trainer; `detail` has its stack. */
export class TrainerFailure extends Error {
  readonly detail: string
  constructor(message: string, detail: string) {
    super(message)
    this.name = 'TrainerFailure'
    this.detail = detail
  }
}

/** Starts a trainer process, under Electron or Node as the caller is. */
export async function spawnTrainer({
  config,
  workers = availableParallelism(),
  engine = chooseEngine(config, null),
  blockFloats,
  signal,
  patience = PATIENCE_MS,
}: SpawnOptions): Promise<TrainerClient> {
  const started = await startProcess()
  const { trainer, calls } = started
  let identity: TrainerIdentity | undefined
  let choice: string | null = null
  await untilReady(started, engine, { signal, patience }, () =>
    calls.begin(
      (event) => {
        if (event.type === 'refused') throw new EngineRefused(engine, event.message)
        if (event.type !== 'ready') return false
        identity = event.identity
        choice = event.choice
        return true
      },
      () => trainer.send({ type: 'start', config, workers, engine, blockFloats: blockFloats ?? null }),
    ),
  )

  /** Also for runs after this one on the same trainer. */
  const changed = ({ change, facts }: Extract<TrainerEvent, { type: 'changed' }>, tell?: ChangeListener) => {
    identity = { ...identity!, ...facts, changes: [...(identity!.changes ?? []), change] }
    tell?.(change, facts)
  }

  return {
    get identity() {
      return identity!
    },
    ...(choice === null ? {} : { choice }),
    pid: trainer.pid!,
    train: (request, onIteration, onChange) =>
      calls.begin(
        (event) => {
          if (event.type === 'iteration') onIteration(event.result, event.episodes)
          if (event.type === 'changed') changed(event, onChange)
          return event.type === 'done'
        },
        () => trainer.send({ type: 'train', request }),
      ),
    fineTune: (request, onResult, onChange) =>
      calls.begin(
        (event) => {
          if (event.type === 'fine-tuned') onResult(event.index, event.result)
          if (event.type === 'changed') changed(event, onChange)
          return event.type === 'done'
        },
        () => trainer.send({ type: 'fine-tune', request }),
      ),
    record: (request, onResult) =>
      calls.begin(
        (event) => {
          if (event.type === 'recorded') onResult(event.index, event.recorded)
          return event.type === 'done'
        },
        () => trainer.send({ type: 'record', request }),
      ),
    stop: () => trainer.send({ type: 'stop' }),
    close: () => trainer.kill(),
  }
}

/**
 * Starts a trainer process that only tries an engine.
 *
 * @param workers threads of the SIMD engine
 * @throws EngineRefused if it cannot be used, hangs or crashes; later calls throw TrainerCrash where it crashes
 */
export async function spawnTrial(engine: TriableEngine, workers = availableParallelism()): Promise<EngineTrialClient> {
  const started = await startProcess()
  const { trainer, calls } = started
  /** Sends a command; its answer is what `read` makes of the first event that it knows. */
  const ask = async <T>(command: TrainerCommand, read: (event: TrainerEvent) => T | undefined): Promise<T> => {
    let answer: T | undefined
    await calls.begin(
      (event) => {
        if (event.type === 'refused') throw new EngineRefused(engine, event.message)
        answer = read(event)
        return answer !== undefined
      },
      () => trainer.send(command),
    )
    return answer!
  }
  const loaded = await untilReady(started, engine, {}, () =>
    ask({ type: 'try-engine', engine, workers }, (event) =>
      event.type === 'engine-loaded' ? event.engine : undefined,
    ),
  )
  return {
    engine: loaded,
    pid: trainer.pid!,
    time: (problem) =>
      ask({ type: 'time-update', problem }, (event) => (event.type === 'timed' ? event.seconds : undefined)),
    agreement: () => ask({ type: 'compare-engine' }, (event) => (event.type === 'compared' ? event.rows : undefined)),
    close: () => trainer.kill(),
  }
}

interface StartedProcess {
  readonly trainer: TrainerProcess
  readonly calls: CallSlot
}

/**
 * Waits for a process to have loaded its engine, and ends it if it does not: drivers hang and crash, and nothing there
 * can be asked to stop.
 */
async function untilReady<T>(
  { trainer, calls }: StartedProcess,
  engine: EngineName,
  { signal, patience = PATIENCE_MS }: { readonly signal?: AbortSignal | undefined; readonly patience?: number },
  begin: () => Promise<T>,
): Promise<T> {
  const slow = `The engine ${engine} was not ready after ${Math.ceil(patience / 1000)} s and is not used.`
  const timer = engine === 'simd' ? undefined : setTimeout(() => calls.fail(new EngineRefused(engine, slow)), patience)
  const cancel = () => calls.fail(new Error('Stopped before the trainer was ready: nothing was begun.'))
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted) cancel()
  try {
    return await begin()
  } catch (error) {
    // Nobody else knows this process yet.
    await trainer.kill()
    if (engine === 'simd' || !(error instanceof TrainerCrash)) throw error
    const message = `The engine ${engine} does not survive its start and is not used: ${error.message}`
    throw new EngineRefused(engine, message, { cause: error })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', cancel)
  }
}

async function startProcess(): Promise<StartedProcess> {
  const entry = new URL(`./${extname(import.meta.url) === '.ts' ? 'process.ts' : 'trainer.js'}`, import.meta.url)
  const launch = await launcher()
  const calls = new CallSlot()
  const trainer = launch(fileURLToPath(entry), {
    event: (event) => calls.deliver(event),
    ended: (error) => calls.fail(error),
  })
  return { trainer, calls }
}

/** Only Electron has the module `electron`; `process.type` says that this is its main process. */
async function launcher(): Promise<LaunchTrainer> {
  if ((process as { type?: string }).type === 'browser')
    return (await import('./launch-electron.ts')).launchUnderElectron
  return launchUnderNode
}

/** The call in progress: a trainer does one thing at a time. */
class CallSlot {
  private handle: ((event: TrainerEvent) => boolean) | null = null
  private resolve: () => void = () => {}
  private reject: (error: Error) => void = () => {}
  private ended: Error | null = null

  /** @param handle sees every event and says whether it ends the call */
  begin(handle: (event: TrainerEvent) => boolean, start: () => void): Promise<void> {
    if (this.ended) return Promise.reject(this.ended)
    if (this.handle) return Promise.reject(new Error('The trainer is already at work'))
    return new Promise((resolve, reject) => {
      this.handle = handle
      this.resolve = resolve
      this.reject = reject
      start()
    })
  }

  deliver(event: TrainerEvent): void {
    if (!this.handle) return
    if (event.type === 'failed') return this.settle(new TrainerFailure(event.message, event.detail))
    try {
      if (this.handle(event)) this.settle(null)
    } catch (error) {
      // The owner could not take a result, e.g. could not store it: that ends the call.
      this.settle(error instanceof Error ? error : new Error(String(error)))
    }
  }

  fail(error: Error): void {
    this.ended = error
    if (this.handle) this.settle(error)
  }

  private settle(error: Error | null): void {
    this.handle = null
    if (error) this.reject(error)
    else this.resolve()
  }
}
