import type { EngineName } from '../../core/config/engines.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { BatchedLearner } from '../../core/nn/batched-learner.ts'
import { createSimdEngine } from '../../core/nn/simd/engine.ts'
import { createTfjsEngine } from '../../core/nn/tfjs/engine.ts'
import { placesOf } from '../../core/training/batched-executor.ts'
import { SELF_TEST_ROWS, selfTest } from '../../core/training/self-test.ts'
import { policyShapeOf } from '../../core/training/state.ts'
import { availableBackends, BackendUnavailableError, loadBackend } from './engines/backends.ts'
import type { BackendName, LoadedBackend } from './engines/backends.ts'
import type { KernelModule } from './kernels.ts'

/** An engine on TensorFlow.js that has passed its test, and what it computes on. */
export interface LearningEngine extends Pick<LoadedBackend, 'backend' | 'device' | 'versions'> {
  readonly learner: BatchedLearner
}

/**
 * Loads the engine that updates all tasks of a run; null where the task workers do it themselves.
 *
 * @throws BackendUnavailableError, EngineSelfTestError
 */
export async function loadLearningEngine(
  name: EngineName,
  config: RunConfig,
  kernels: KernelModule,
): Promise<LearningEngine | null> {
  if (name === 'simd') return null
  const loaded = await (name === 'tfjs' ? loadBest() : loadBackend(name.slice('tfjs/'.length) as BackendName))
  const { tf, backend, device, versions, transposeExplicitly } = loaded
  const policyShape = policyShapeOf(config)
  const learner = createTfjsEngine({ tf, backend, transposeExplicitly, policyShape, tasks: placesOf(config) })
  const { module } = kernels
  await selfTest(learner, createSimdEngine({ module, policyShape, capacity: SELF_TEST_ROWS, episodes: 1 }))
  return { learner, backend, device, versions }
}

/** Backends of which nothing is known to be missing, the preferred first. */
const candidates = (): BackendName[] =>
  availableBackends().flatMap(({ backend, missing }) => (missing === null ? [backend] : []))

/** The engine's name as runs record it, as far as it can be told without loading anything. */
export const recordedName = (name: Exclude<EngineName, 'simd'>): string =>
  name === 'tfjs' ? `tfjs/${candidates()[0]!}` : name

/** That a backend's files are there does not mean that it finds its device: the next one is tried. */
async function loadBest(): Promise<LoadedBackend> {
  let last: unknown
  for (const backend of candidates()) {
    try {
      return await loadBackend(backend)
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error
      last = error
    }
  }
  throw last
}
