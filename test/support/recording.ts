import type { RunConfig } from '../../src/core/config/settings.ts'
import { localRollouts } from '../../src/core/training/rollouts.ts'
import type { WorkerContext } from '../../src/core/training/worker-context.ts'
import { copyCritic, type CriticState } from '../../src/core/nn/critic.ts'
import type { Batch } from '../../src/core/rl/batch.ts'
import { tinyWorker } from './worker.ts'

/** A batch as the learner was given it, with the policy it was bound to. */
export interface BoundBatch {
  readonly theta: Float32Array
  readonly batch: Batch
  /** The Fisher product uses every so many rows. */
  readonly stride: number
}

export interface RecordedFit {
  readonly before: CriticState
  readonly after: CriticState
  readonly targets: Float32Array
  readonly epochs: number
}

/** What a job did to the learner, in order of the calls of each kind; everything copied. */
export interface Recording {
  /** Policies that were rolled out. */
  readonly policies: Float32Array[]
  /** What each of them left, as it was when a critic first looked at it. */
  readonly rollouts: Batch[]
  readonly bound: BoundBatch[]
  readonly gradients: { readonly theta: Float32Array; readonly weights: Float32Array }[]
  /** One entry per call; a call fits one or more critics to the same rows. */
  readonly fits: RecordedFit[][]
  /** Tasks of the environments that were asked for. */
  readonly tasks: number[]
}

/** A real worker, engine and simulator included, whose learner's calls are written down. */
export async function recordingWorker(config: RunConfig): Promise<{ worker: WorkerContext; recording: Recording }> {
  const real = await tinyWorker(config)
  const { engine } = real
  const recording: Recording = { policies: [], rollouts: [], bound: [], gradients: [], fits: [], tasks: [] }
  const watched: Pick<WorkerContext, 'environments' | 'engine'> = {
    environments(layouts) {
      recording.tasks.push(...new Set(layouts))
      return real.environments(layouts)
    },
    engine: {
      ...engine,
      loadPolicy(theta) {
        recording.policies.push(theta.slice())
        engine.loadPolicy(theta)
      },
      values(critic, observations, count) {
        if (recording.rollouts.length < recording.policies.length) recording.rollouts.push(copyBatch(real.batch))
        return engine.values(critic, observations, count)
      },
      bind(batch, theta, stride) {
        recording.bound.push({ theta: theta.slice(), batch: copyBatch(batch), stride })
        return engine.bind(batch, theta, stride)
      },
      surrogateGradient(theta, weights) {
        recording.gradients.push({ theta: theta.slice(), weights: weights.slice() })
        return engine.surrogateGradient(theta, weights)
      },
      async fitCritics(batch, fits, epochs, settings) {
        const before = fits.map(({ critic }) => copyCritic(critic))
        await engine.fitCritics(batch, fits, epochs, settings)
        recording.fits.push(
          fits.map(({ critic, targets }, i) => ({
            before: before[i]!,
            after: copyCritic(critic),
            targets: targets.slice(),
            epochs: epochs.length,
          })),
        )
      },
    },
  }
  return { worker: { ...real, ...watched, rollouts: localRollouts({ ...real, ...watched }) }, recording }
}

function copyBatch(batch: Batch): Batch {
  return {
    capacity: batch.capacity,
    size: batch.size,
    observations: batch.observations.slice(),
    means: batch.means.slice(),
    actions: batch.actions.slice(),
    logProbs: batch.logProbs.slice(),
    rewards: batch.rewards.slice(),
    costs: batch.costs.slice(),
    next: batch.next.slice(),
    bootstrapSize: batch.bootstrapSize,
    bootstrapObservations: batch.bootstrapObservations.slice(),
  }
}
