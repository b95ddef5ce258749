import { applyAssignments, parseRunConfig } from '../../src/core/config/parse.ts'
import type { RunConfig } from '../../src/core/config/settings.ts'
import type { WorkerContext } from '../../src/core/training/worker-context.ts'
import { loadKernels } from '../../src/main/trainer/kernels.ts'
import { createWorkerContext } from '../../src/main/trainer/worker-context.ts'

/** A run small enough for tests: short episodes, small networks, few tasks; everything else real. */
export function tinyConfig(...assignments: string[]): RunConfig {
  return parseRunConfig(
    applyAssignments({}, [
      'environment.horizon=30',
      'tasks.trainingTo=12',
      'tasks.heldOutFrom=301',
      'tasks.heldOutTo=306',
      'policy.hidden=[16,8]',
      'inner.episodes=3',
      'meta.iterations=2',
      'meta.tasksPerIteration=3',
      'meta.fisherStride=2',
      'fineTune.episodes=2',
      'fineTune.steps=2',
      'critics.minibatch=32',
      ...assignments,
    ]),
  )
}

export function tinyWorker(config: RunConfig): Promise<WorkerContext> {
  return createWorkerContext({ config, kernels: loadKernels(config.kernels).module })
}
