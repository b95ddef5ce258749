import { initialisePolicy } from '../nn/initialise.ts'
import { createCritic } from '../nn/critic.ts'
import type { BatchedLearner } from '../nn/batched-learner.ts'
import { logStdOf } from '../nn/policy.ts'
import type { SimdEngine } from '../nn/simd/engine.ts'
import { stream } from '../random/stream.ts'
import type { Batch } from '../rl/batch.ts'

/** Rows of the test; not a multiple of anything that a kernel may take at once. */
const ROWS = 53
/** Norm of the difference over the norm: float32 sums differ by some 1e-6. */
const TOLERANCE = 1e-4

/** The reference needs room for a batch of the test. */
export const SELF_TEST_ROWS = ROWS

/** An engine whose results are not those of the SIMD engine. */
export class EngineSelfTestError extends Error {
  constructor(engine: string, operation: string, error: number) {
    super(
      `The engine ${engine} computes wrongly on this machine and is not used: its ${operation} differs from the SIMD ` +
        `engine's by ${error.toPrecision(2)} of its norm; at most ${TOLERANCE} is rounding.`,
    )
    this.name = 'EngineSelfTestError'
  }
}

/**
 * Compares an engine with the SIMD engine on a small batch of a random policy, before it computes anything of a run.
 * @throws EngineSelfTestError naming the first operation that differs
 */
export async function selfTest(engine: BatchedLearner, reference: SimdEngine): Promise<void> {
  const { policyShape } = reference
  const random = stream('engine self-test')
  const normals = (length: number) => new Float32Array(length).map(() => random.normal())
  const theta = initialisePolicy(policyShape, 0.5, -0.4, random)
  const candidate = theta.map((value) => value + 0.01 * random.normal())
  const batch = randomTransitions(reference, theta, () => random.normal())
  const weights = normals(ROWS)
  const v = normals(theta.length)
  const critic = createCritic(policyShape, random).parameters.map((value) => value + 0.01)

  const compare = (operation: string, own: ArrayLike<number>, expected: ArrayLike<number>) => {
    const error = relativeError(own, expected)
    if (!(error <= TOLERANCE)) throw new EngineSelfTestError(engine.name, operation, error)
  }
  const place = engine.tasks - 1
  const of = <A extends readonly unknown[]>(...given: A) => [{ place, arguments: given }]
  reference.bind(batch, theta, 2)
  await engine.bind(of(batch, theta, 2))
  const [gradient] = await engine.surrogateGradient(of(candidate, weights))
  compare('gradient', gradient!, reference.surrogateGradient(candidate, weights))
  const [product] = await engine.fisherProduct(of(v))
  compare('Fisher product', product!, reference.fisherProduct(v))
  const [evaluation] = await engine.evaluatePolicy(of(candidate, [weights]))
  const expected = reference.evaluatePolicy(candidate, [weights])
  compare('KL and surrogate', [evaluation!.kl, ...evaluation!.surrogates], [expected.kl, ...expected.surrogates])
  const [values] = await engine.values(of(critic, batch.observations, ROWS))
  compare('values', values!, reference.values(critic, batch.observations, ROWS))
}

function randomTransitions(reference: SimdEngine, theta: Float32Array, normal: () => number): Batch {
  const { observationSize, actionSize } = reference.policyShape
  const batch = reference.createBatch(ROWS, 0)
  batch.size = ROWS
  for (let i = 0; i < ROWS * observationSize; i++) batch.observations[i] = 0.7 * normal()
  reference.loadPolicy(theta)
  reference.forwardPolicy(batch, 0, ROWS)
  const logStd = logStdOf(reference.policyShape, theta)
  for (let row = 0; row < ROWS; row++)
    for (let k = 0; k < actionSize; k++) {
      const noise = normal()
      batch.actions[row * actionSize + k] = batch.means[row * actionSize + k]! + noise * Math.exp(logStd[k]!)
      batch.logProbs[row]! -= 0.5 * noise * noise + logStd[k]! + 0.5 * Math.log(2 * Math.PI)
    }
  return batch
}

/** NaN, and so no agreement, where anything is not a number. */
function relativeError(own: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (own.length !== expected.length) return Infinity
  let difference = 0
  let norm = 0
  for (let i = 0; i < expected.length; i++) {
    difference += (own[i]! - expected[i]!) ** 2
    norm += expected[i]! ** 2
  }
  return Math.sqrt(difference / norm)
}
