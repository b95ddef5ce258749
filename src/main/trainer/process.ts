/**
 * The trainer process: drives the iterations over a pool of task workers and reports each to its owner, who
 * stores it. It holds nothing that is not also in the last report, so it may die at any time.
 */
import { mixesTasks } from '../../core/config/engines.ts'
import { totalIterations, type RunConfig } from '../../core/config/settings.ts'
import { episodesToRecord } from '../../core/episode/record-training.ts'
import { trainingIteration } from '../../core/training/iteration.ts'
import { createBatchedExecutor } from '../../core/training/batched-executor.ts'
import { withFallback } from '../../core/training/fallback-executor.ts'
import { EngineSelfTestError } from '../../core/training/self-test.ts'
import { createPlainBatch } from '../../core/training/transitions.ts'
import { initialTrainingState, type TrainingState } from '../../core/training/state.ts'
import { trainingTasks } from '../../core/training/tasks.ts'
import type { FineTuneRequest, RecordRequest, TrainedEpisode, TrainRequest } from './client.ts'
import { BackendUnavailableError } from './engines/backends.ts'
import { startTrial, type EngineTrial } from './engine-trial.ts'
import { identify } from './identity.ts'
import { loadKernels } from './kernels.ts'
import { loadLearningEngine, type LearningEngine } from './learning-engine.ts'
import { allocateShared, createWorkerPool, type WorkerPool } from './pool.ts'
import { ownerPort } from './port.ts'
import type { TrainerCommand } from './protocol.ts'

const port = ownerPort()
let trainer: Trainer | null = null
let trial: EngineTrial | null = null
let stopping = false

const now = () => performance.now() / 1000

port.onCommand((command) => {
  handle(command).catch((error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    port.send({ type: 'failed', message, detail: stack ?? message })
  })
})

async function handle(command: TrainerCommand): Promise<void> {
  switch (command.type) {
    case 'start':
      await start(command)
      return
    case 'train':
      stopping = false
      await train(started(), command.request)
      port.send({ type: 'done' })
      return
    case 'fine-tune':
      stopping = false
      await fineTune(started(), command.request)
      port.send({ type: 'done' })
      return
    case 'record':
      stopping = false
      await record(started(), command.request)
      port.send({ type: 'done' })
      return
    case 'stop':
      stopping = true
      return
    case 'try-engine':
      await tryEngine(command)
      return
    case 'time-update':
      port.send({ type: 'timed', seconds: await tried().time(command.problem) })
      return
    case 'compare-engine':
      port.send({ type: 'compared', rows: await tried().agreement() })
  }
}

/** Who learns: the workers themselves, or one engine for which they roll out. */
interface Trainer {
  readonly pool: WorkerPool
  readonly learning: Pick<WorkerPool, 'run' | 'runAll'>
  /** Fine-tunings that are worked on at once. */
  readonly lanes: number
}

function started(): Trainer {
  if (!trainer) throw new Error('The trainer was given work before it was started')
  return trainer
}

async function start(command: Extract<TrainerCommand, { type: 'start' }>): Promise<void> {
  const { config, workers, engine: name, blockFloats } = command
  const kernels = loadKernels(config.kernels)
  let engine: LearningEngine | null
  try {
    engine = await loadLearningEngine(name, config, kernels, { blockFloats, onSmallerBlocks })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isSaid = error instanceof BackendUnavailableError || error instanceof EngineSelfTestError
    const message = isSaid ? reason : `The engine ${name} does not start and is not used: ${reason}`
    port.send({ type: 'refused', message })
    return
  }
  const pool = createWorkerPool(workers, { config, kernels: kernels.module })
  trainer = engine ? withEngine(config, pool, engine) : { pool, learning: pool, lanes: pool.size }
  const why = engine?.passedOver.map(({ backend, missing }) => `tfjs/${backend} (${missing})`).join(' and ')
  const choice = why
    ? `Engine taken for ${name}: ${engine!.learner.name}. Passed over, since not usable here: ${why}.`
    : null
  port.send({ type: 'ready', identity: identify(kernels, workers, engine), choice })

  function onSmallerBlocks(floats: number): void {
    const { learner, device } = engine!
    const change =
      `${learner.name} (${device}) was short of memory: since then it computes in smaller blocks, of tensors of at most ` +
      `${floats} floats`
    port.send({ type: 'changed', change, facts: { blockFloats: floats } })
  }
}

async function tryEngine({ engine, workers }: Extract<TrainerCommand, { type: 'try-engine' }>): Promise<void> {
  try {
    trial = await startTrial(engine, workers)
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error
    // Whoever tries engines knows which one it is, and how each is installed.
    port.send({ type: 'refused', message: error.missing })
    return
  }
  port.send({ type: 'engine-loaded', engine: trial.engine })
}

function tried(): EngineTrial {
  if (!trial) throw new Error('The trainer was asked to try an engine before it was loaded')
  return trial
}

function withEngine(config: RunConfig, pool: WorkerPool, engine: LearningEngine): Trainer {
  const { learner, device } = engine
  const createBatch = (_: number, rows: number, episodes: number) =>
    createPlainBatch(learner.policyShape, rows, episodes)
  const batched = createBatchedExecutor({ config, engine: learner, simulators: pool, createBatch, now })
  const learning = withFallback(batched, pool, {
    onFallback() {
      const change = `${learner.name} (${device}) ran out of memory: everything since was computed by the SIMD engine`
      port.send({ type: 'changed', change, facts: {} })
    },
    onLeft: () => engine.dispose(),
  })
  // One thread gains nothing by many tasks at once: their results, and a stop, would only come later.
  const lanes = mixesTasks(learner.name) ? learning.places : Math.min(pool.size, learning.places)
  return { pool, learning, lanes }
}

async function train({ pool, learning }: Trainer, { config, state: resumed }: TrainRequest): Promise<void> {
  const tasks = trainingTasks(config)
  const environment = { config, trainingTasks: tasks, executor: learning, allocate: allocateShared, now }
  let state = resumed ?? initialTrainingState(config)
  while (state.iteration < totalIterations(config) && !stopping) {
    const result = await trainingIteration(environment, state)
    const episodes = await recordOnTheWay(pool, config, tasks, result.state)
    port.send({ type: 'iteration', result, episodes })
    state = result.state
  }
}

async function recordOnTheWay(
  executor: WorkerPool,
  config: RunConfig,
  tasks: readonly number[],
  state: TrainingState,
): Promise<TrainedEpisode[]> {
  const jobs = episodesToRecord(config, tasks, state)
  const recorded = await Promise.all(jobs.map((job) => executor.record(job)))
  return recorded.flatMap((episodes, i) => episodes.map((episode) => ({ ...episode, task: jobs[i]!.task })))
}

function fineTune({ learning, lanes }: Trainer, { jobs, initialisations }: FineTuneRequest): Promise<void> {
  return inLanes(lanes, jobs, async ({ task, initialisation }, index) => {
    const start = initialisations[initialisation]!
    const result = await learning.run({ kind: 'fine-tune', task, initialisation: start })
    port.send({ type: 'fine-tuned', index, result })
  })
}

function record({ pool }: Trainer, { jobs, initialisations }: RecordRequest): Promise<void> {
  return inLanes(pool.size, jobs, async (job, index) => {
    const initialisation = initialisations[job.initialisation]!
    port.send({ type: 'recorded', index, recorded: await pool.record({ ...job, kind: 'record', initialisation }) })
  })
}

/** As many lanes as jobs may run at once; a stop lets the lanes finish what they hold. */
async function inLanes<T>(count: number, jobs: readonly T[], run: (job: T, index: number) => Promise<void>) {
  let next = 0
  const lane = async () => {
    while (next < jobs.length && !stopping) {
      const index = next++
      await run(jobs[index]!, index)
    }
  }
  await Promise.all(Array.from({ length: count }, lane))
}
