/**
 * The trainer process: drives the iterations over a pool of task workers and reports each to its owner, who
 * stores it. It holds nothing that is not also in the last report, so it may die at any time.
 */
import { totalIterations, type RunConfig } from '../../core/config/settings.ts'
import { episodesToRecord } from '../../core/episode/record-training.ts'
import { trainingIteration } from '../../core/training/iteration.ts'
import { initialTrainingState, type TrainingState } from '../../core/training/state.ts'
import { trainingTasks } from '../../core/training/tasks.ts'
import type { FineTuneRequest, RecordRequest, TrainedEpisode, TrainRequest } from './client.ts'
import { identify } from './identity.ts'
import { loadKernels } from './kernels.ts'
import { allocateShared, createWorkerPool, type WorkerPool } from './pool.ts'
import { ownerPort } from './port.ts'
import type { TrainerCommand } from './protocol.ts'

const port = ownerPort()
let pool: WorkerPool | null = null
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
    case 'start': {
      const kernels = loadKernels(command.config.kernels)
      pool = createWorkerPool(command.workers, { config: command.config, kernels: kernels.module })
      port.send({ type: 'ready', identity: identify(kernels, command.workers) })
      return
    }
    case 'train':
      stopping = false
      await train(requirePool(), command.request)
      port.send({ type: 'done' })
      return
    case 'fine-tune':
      stopping = false
      await fineTune(requirePool(), command.request)
      port.send({ type: 'done' })
      return
    case 'record':
      stopping = false
      await record(requirePool(), command.request)
      port.send({ type: 'done' })
      return
    case 'stop':
      stopping = true
  }
}

function requirePool(): WorkerPool {
  if (!pool) throw new Error('The trainer was given work before it was started')
  return pool
}

async function train(executor: WorkerPool, { config, state: resumed }: TrainRequest): Promise<void> {
  const environment = { config, trainingTasks: trainingTasks(config), executor, allocate: allocateShared, now }
  let state = resumed ?? initialTrainingState(config)
  while (state.iteration < totalIterations(config) && !stopping) {
    const result = await trainingIteration(environment, state)
    const episodes = await recordOnTheWay(executor, config, environment.trainingTasks, result.state)
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

function fineTune(executor: WorkerPool, { jobs, initialisations }: FineTuneRequest): Promise<void> {
  return inLanes(executor.size, jobs, async ({ task, initialisation }, index) => {
    const start = initialisations[initialisation]!
    const result = await executor.run({ kind: 'fine-tune', task, initialisation: start })
    port.send({ type: 'fine-tuned', index, result })
  })
}

function record(executor: WorkerPool, { jobs, initialisations }: RecordRequest): Promise<void> {
  return inLanes(executor.size, jobs, async (job, index) => {
    const initialisation = initialisations[job.initialisation]!
    port.send({ type: 'recorded', index, recorded: await executor.record({ ...job, kind: 'record', initialisation }) })
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
