// One whole update as a run makes it, on data that only look like a run's: what engines are timed on.
import { applyAssignments, parseRunConfig } from '../config/parse.ts'
import type { RunConfig } from '../config/settings.ts'
import { createCritic } from '../nn/critic.ts'
import { logProbability, spreadOf } from '../nn/gaussian.ts'
import type { Learner } from '../nn/learner.ts'
import { logStdOf } from '../nn/policy.ts'
import { createSimdEngine } from '../nn/simd/engine.ts'
import { stream } from '../random/stream.ts'
import type { Batch } from '../rl/batch.ts'
import { fitCritics } from '../rl/critics.ts'
import { policyStep } from '../rl/policy-step.ts'
import { policyShapeOf, randomPolicy } from '../training/state.ts'
import { createPlainBatch, loadTransitions, type Transitions } from '../training/transitions.ts'

/** The default configuration but for the width of the policy. */
export const updateConfig = (width: number): RunConfig =>
  parseRunConfig(applyAssignments({}, [`policy.hidden=[${width},${width}]`]))

/** What all tasks of a timed update work on; each sees the advantages at an offset of its own. */
export interface UpdateData {
  readonly transitions: Transitions
  readonly theta: Float32Array
  /** More than rows. */
  readonly advantages: Float32Array
}

const OFFSET = 7
/** Rows of which the means are computed at once. */
const BLOCK = 4096

/** Observations of a lidar's range, actions of the policy itself. @param kernels of the SIMD engine, compiled */
export function randomUpdateData(width: number, rows: number, tasks: number, kernels: WebAssembly.Module): UpdateData {
  const config = updateConfig(width)
  const policyShape = policyShapeOf(config)
  const { observationSize, actionSize } = policyShape
  const random = stream('engine timing', width, rows)
  const theta = randomPolicy(config, ['engine timing', width])
  const batch = createPlainBatch(policyShape, rows, 0)
  batch.size = rows
  for (let i = 0; i < batch.observations.length; i++) batch.observations[i] = random.uniform()
  const forward = createSimdEngine({ module: kernels, policyShape, capacity: BLOCK, episodes: 1 })
  const block = forward.createBatch(BLOCK, 0)
  forward.loadPolicy(theta)
  const spread = spreadOf(logStdOf(policyShape, theta))
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from)
    block.observations.set(batch.observations.subarray(from * observationSize, (from + count) * observationSize))
    forward.forwardPolicy(block, 0, count)
    batch.means.set(block.means.subarray(0, count * actionSize), from * actionSize)
  }
  for (let row = 0; row < rows; row++) {
    const at = row * actionSize
    for (let k = 0; k < actionSize; k++)
      batch.actions[at + k] = batch.means[at + k]! + random.normal() * Math.exp(spread.logStd[k]!)
    batch.logProbs[row] = logProbability(spread, batch.actions, at, batch.means, at)
  }
  const advantages = new Float32Array(rows + OFFSET * (tasks + 1)).map(() => random.normal())
  const { capacity: _, ...transitions } = batch
  return { transitions, theta, advantages }
}

/** One task's part of the data, in a batch of the engine's own. */
export interface UpdateTask extends Pick<UpdateData, 'theta' | 'advantages'> {
  readonly config: RunConfig
  readonly batch: Batch
}

export function updateTask(width: number, data: UpdateData, createBatch: (rows: number) => Batch): UpdateTask {
  const batch = createBatch(data.transitions.size)
  loadTransitions(batch, data.transitions)
  return { config: updateConfig(width), batch, theta: data.theta, advantages: data.advantages }
}

/** Binds, takes the policy step of the default algorithm and fits both critics. */
export async function update(learner: Learner, place: number, task: UpdateTask): Promise<void> {
  const { config, batch, theta, advantages } = task
  const { inner, policy, critics } = config
  const rows = batch.size
  const rewardAdvantages = advantages.subarray(OFFSET * place, OFFSET * place + rows)
  const costAdvantages = advantages.subarray(OFFSET * (place + 1), OFFSET * (place + 1) + rows)
  const where = `timed update of task ${place}`
  await learner.bind(batch, theta, inner.fisherStride)
  await policyStep(inner.algorithm, {
    ...{ learner, theta, rewardAdvantages, costAdvantages, where },
    ...{ lambda: 0.5, violation: 0, settings: inner, bounds: policy },
  })
  const random = stream('engine timing', place)
  const fits = [rewardAdvantages, costAdvantages].map((targets) => ({
    critic: createCritic(learner.policyShape, random),
    targets,
  }))
  await fitCritics(learner, batch, fits, critics.epochs, critics, random)
}
