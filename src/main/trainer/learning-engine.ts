import type { EngineName } from '../../core/config/engines.ts'
import type { RunConfig } from '../../core/config/settings.ts'
import type { BatchedLearner } from '../../core/nn/batched-learner.ts'
import { createSimdEngine } from '../../core/nn/simd/engine.ts'
import { createTfjsEngine } from '../../core/nn/tfjs/engine.ts'
import { placesOf } from '../../core/training/batched-executor.ts'
import { SELF_TEST_ROWS, selfTest } from '../../core/training/self-test.ts'
import { policyShapeOf } from '../../core/training/state.ts'
import { requiredRows } from '../../core/training/worker-context.ts'
import { availableBackends, BackendUnavailableError, loadBackend } from './engines/backends.ts'
import type { BackendName, BackendStatus, LoadedBackend } from './engines/backends.ts'
import type { KernelModule } from './kernels.ts'

/** An engine on TensorFlow.js that has passed its test, and what it computes on. */
export interface LearningEngine extends Pick<LoadedBackend, 'backend' | 'device' | 'versions'> {
  readonly learner: BatchedLearner
  /** Preferred backends that are not installed or do not load, with why. */
  readonly passedOver: readonly BackendUnavailableError[]
  /** Floats of its blocks' largest tensor, where that is less than usual; null else. */
  blockFloats(): number | null
  /** Gives its memory back, on the device and here. */
  dispose(): void
}

export interface LearningEngineOptions {
  /** To begin with smaller blocks than usual. */
  readonly blockFloats?: number | null
  /** Told when blocks became smaller for want of memory; not before its test is passed. */
  readonly onSmallerBlocks?: (blockFloats: number) => void
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
  { blockFloats: given, onSmallerBlocks }: LearningEngineOptions = {},
): Promise<LearningEngine | null> {
  if (name === 'simd') return null
  const { loaded, passedOver } = await loadFirst(
    name === 'tfjs' ? availableBackends() : [{ backend: name.slice('tfjs/'.length) as BackendName, missing: null }],
  )
  const { tf, backend, device, versions, transposeExplicitly } = loaded
  const policyShape = policyShapeOf(config)
  const size = { tasks: placesOf(config), taskRows: requiredRows(config).task }
  let blockFloats = given ?? null
  let isTested = false
  const learner = createTfjsEngine({
    ...{ tf, backend, transposeExplicitly, policyShape, ...size },
    ...(blockFloats === null ? {} : { maximumFloats: blockFloats }),
    onSmallerBlocks(floats) {
      blockFloats = floats
      if (isTested) onSmallerBlocks?.(floats)
    },
  })
  const { module } = kernels
  await selfTest(learner, createSimdEngine({ module, policyShape, capacity: SELF_TEST_ROWS, episodes: 1 }))
  isTested = true
  const dispose = () => {
    learner.dispose()
    loaded.dispose()
  }
  return { learner, backend, device, versions, passedOver, blockFloats: () => blockFloats, dispose }
}

/** That a backend's files are there does not mean that it finds its device: the next one is tried. */
async function loadFirst(
  candidates: readonly Pick<BackendStatus, 'backend' | 'missing'>[],
): Promise<{ readonly loaded: LoadedBackend; readonly passedOver: readonly BackendUnavailableError[] }> {
  const passedOver: BackendUnavailableError[] = []
  for (const { backend, missing } of candidates) {
    try {
      if (missing !== null) throw new BackendUnavailableError(backend, missing, null)
      return { loaded: await loadBackend(backend), passedOver }
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error
      passedOver.push(error)
    }
  }
  throw passedOver.at(-1)!
}
