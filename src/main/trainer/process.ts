/**
 * The trainer process: drives the meta-iterations over a pool of task workers and reports each to its owner, who
 * stores it. It holds nothing that is not also in the last report, so it may die at any time.
 */
import { metaIteration } from '../../core/meta/meta-iteration.ts'
import { initialMetaState } from '../../core/meta/state.ts'
import { trainingTasks } from '../../core/meta/tasks.ts'
import type { FineTuneRequest, MetaTrainRequest } from './client.ts'
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
    case 'meta-train':
      stopping = false
      await metaTrain(requirePool(), command.request)
      port.send({ type: 'done' })
      return
    case 'fine-tune':
      stopping = false
      await fineTune(requirePool(), command.request)
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

async function metaTrain(executor: WorkerPool, { config, state: resumed }: MetaTrainRequest): Promise<void> {
  const environment = { config, trainingTasks: trainingTasks(config), executor, allocate: allocateShared, now }
  let state = resumed ?? initialMetaState(config)
  while (state.iteration < config.meta.iterations && !stopping) {
    const result = await metaIteration(environment, state)
    port.send({ type: 'iteration', result })
    state = result.state
  }
}

async function fineTune(executor: WorkerPool, { jobs, initialisations }: FineTuneRequest): Promise<void> {
  let next = 0
  // As many lanes as jobs may run at once; a stop lets the lanes finish what they hold.
  const lane = async () => {
    while (next < jobs.length && !stopping) {
      const index = next++
      const { task, initialisation } = jobs[index]!
      const result = await executor.run({ kind: 'fine-tune', task, initialisation: initialisations[initialisation]! })
      port.send({ type: 'fine-tuned', index, result })
    }
  }
  await Promise.all(Array.from({ length: executor.size }, lane))
}
