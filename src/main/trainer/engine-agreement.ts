import { agreementRows, type AgreementProblem, type AgreementRow } from '../../core/engines/agreement.ts'
import { applyAssignments, parseRunConfig } from '../../core/config/parse.ts'
import { createCritic } from '../../core/nn/critic.ts'
import { emptyMoments } from '../../core/nn/observation-scaling.ts'
import { createSimdEngine } from '../../core/nn/simd/engine.ts'
import { createTfjsEngine } from '../../core/nn/tfjs/engine.ts'
import { stream } from '../../core/random/stream.ts'
import { centre, standardise } from '../../core/rl/advantages.ts'
import { estimateRewardAndCost } from '../../core/rl/critics.ts'
import { localRollouts } from '../../core/training/rollouts.ts'
import { policyShapeOf, randomPolicy } from '../../core/training/state.ts'
import { repeated } from '../../core/training/worker-context.ts'
import type { LoadedBackend } from './engines/backends.ts'
import { loadKernels } from './kernels.ts'
import { createWorkerContext } from './worker-context.ts'

export type { AgreementRow } from '../../core/engines/agreement.ts'

/** Episodes by task; the first task is the one that is compared. */
const EPISODES = [8, 5, 2]
const HORIZON = 500
const CRITIC_EPOCHS = 4

/** On episodes of the real environment: 4,000 rows of one task beside shorter ones. @param loaded null: of SIMD itself */
export async function measureAgreement(loaded: LoadedBackend | null): Promise<AgreementRow[]> {
  const problem = await collectProblem()
  const { policyShape } = problem
  return agreementRows(problem, loaded && ((tasks) => createTfjsEngine({ ...backendOf(loaded), policyShape, tasks })))
}

const backendOf = ({ tf, backend, transposeExplicitly }: LoadedBackend) => ({ tf, backend, transposeExplicitly })

async function collectProblem(): Promise<AgreementProblem> {
  const settings = [`environment.horizon=${HORIZON}`, `inner.episodes=${EPISODES[0]}`]
  const config = parseRunConfig(applyAssignments({}, settings))
  const kernels = loadKernels(config.kernels)
  const worker = await createWorkerContext({ config, kernels: kernels.module })
  const policyShape = policyShapeOf(config)
  const episodes = EPISODES.reduce((sum, count) => sum + count)
  const simd = createSimdEngine({ module: kernels.module, policyShape, capacity: episodes * HORIZON, episodes })
  const theta = randomPolicy(config, [1, 'agreement'])
  const rollouts = localRollouts({ config, engine: simd, environments: worker.environments, now: () => 0 })
  const tasks = await Promise.all(
    EPISODES.map(async (count, place) => {
      const random = stream(1, 'agreement', place)
      const batch = simd.createBatch(count * HORIZON, count)
      const moments = emptyMoments(policyShape.observationSize)
      await rollouts(repeated(place + 1, count), moments, batch)(theta, [1, 'agreement', place, 'rollout'])
      const critic = createCritic(policyShape, random)
      const critics = { reward: critic.parameters, cost: critic.parameters }
      const { reward, cost } = await estimateRewardAndCost(simd, batch, critics, config.advantage, 'agreement')
      standardise(reward.advantages)
      centre(cost.advantages)
      const nearby = theta.map((value) => value + 0.02 * random.normal())
      const v = theta.map(() => random.normal())
      const order = Array.from({ length: CRITIC_EPOCHS }, () =>
        random.shuffle(Int32Array.from({ length: batch.size }, (_, i) => i)),
      )
      return { batch, theta, nearby, v, weights: reward.advantages, targets: reward.targets, critic, order }
    }),
  )
  return { policyShape, settings: config.critics, simd, tasks }
}
