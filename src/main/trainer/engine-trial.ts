/** An engine tried outside of any run: how long it takes and how exact it is. */
import type { EngineName } from '../../core/config/engines.ts'
import { isSameProblem, type EngineProblem } from '../../core/engines/timings.ts'
import { randomUpdateData, update, updateConfig, updateTask, type UpdateTask } from '../../core/engines/update.ts'
import type { BatchedLearner } from '../../core/nn/batched-learner.ts'
import { lockStep } from '../../core/nn/lock-step.ts'
import { createTfjsEngine } from '../../core/nn/tfjs/engine.ts'
import { policyShapeOf } from '../../core/training/state.ts'
import { createPlainBatch } from '../../core/training/transitions.ts'
import type { TriedEngine } from './client.ts'
import { measureAgreement, type AgreementRow } from './engine-agreement.ts'
import { loadBackend, type BackendName, type LoadedBackend } from './engines/backends.ts'
import { identify } from './identity.ts'
import { loadKernels } from './kernels.ts'
import { startSimdLanes } from './simd-lanes.ts'

export interface EngineTrial {
  readonly engine: TriedEngine
  /** One update of all tasks. @returns wall time in seconds */
  time(problem: EngineProblem): Promise<number>
  agreement(): Promise<readonly AgreementRow[]>
}

/** Something that updates all tasks of one problem, kept for the next round. */
interface Ready {
  readonly problem: EngineProblem
  update(): Promise<number>
  close(): void | Promise<void>
}

/**
 * @param workers threads of the SIMD engine
 * @throws BackendUnavailableError
 */
export async function startTrial(name: Exclude<EngineName, 'tfjs'>, workers: number): Promise<EngineTrial> {
  const kernels = loadKernels('auto')
  const loaded = name === 'simd' ? null : await loadBackend(name.slice('tfjs/'.length) as BackendName)
  const { cpu, node } = identify(kernels, workers)
  const make = loaded ? (problem: EngineProblem) => readyTfjs(problem, loaded, kernels.module) : readySimd
  async function readySimd(problem: EngineProblem): Promise<Ready> {
    const data = randomUpdateData(problem.width, problem.rows, problem.tasks, kernels.module)
    return { problem, ...(await startSimdLanes(workers, { kernels: kernels.module, problem, data })) }
  }
  let ready: Ready | null = null
  return {
    engine: loaded
      ? { name, device: loaded.device, versions: loaded.versions }
      : { name, device: `${cpu}, ${workers === 1 ? 'one thread' : `${workers} threads`}`, versions: { node } },
    async time(problem) {
      if (ready === null || !isSameProblem(ready.problem, problem)) {
        await ready?.close()
        ready = null
        ready = await make(problem)
      }
      return ready.update()
    },
    agreement: () => measureAgreement(loaded),
  }
}

/** All tasks in lock step, as a run's. */
function readyTfjs(problem: EngineProblem, loaded: LoadedBackend, kernels: WebAssembly.Module): Ready {
  const { width, rows, tasks } = problem
  const policyShape = policyShapeOf(updateConfig(width))
  const data = randomUpdateData(width, rows, tasks, kernels)
  const places = Array.from({ length: tasks }, (_, place) => place)
  const shared = updateTask(width, data, (size) => createPlainBatch(policyShape, size, 1))
  const { tf, backend, transposeExplicitly } = loaded
  const learner = createTfjsEngine({ tf, backend, transposeExplicitly, policyShape, tasks })
  return {
    problem,
    update: () => timedInLockStep(learner, places, shared),
    close: () => learner.dispose(),
  }
}

async function timedInLockStep(learner: BatchedLearner, places: readonly number[], task: UpdateTask): Promise<number> {
  const lanes = lockStep(learner)
  const start = performance.now()
  await Promise.all(places.map((place) => lanes.run((own) => update(own, place, task))))
  return (performance.now() - start) / 1000
}
