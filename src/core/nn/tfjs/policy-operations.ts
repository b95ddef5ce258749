import { spreadOf } from '../gaussian.ts'
import { logStdOf, meanShape, parameterCount, type PolicyShape } from '../policy.ts'
import type { Tensor, Tf } from './backend.ts'
import { sumOver } from './execution.ts'
import type { BatchedNetwork } from './network.ts'
import { stackShares, stackVectors } from './rows.ts'
import { pick, pickBlock, pickFisherBlock, type SharePlaces } from './shares.ts'
import { ratiosOf, spreadsOf, surrogateErrors, surrogateErrorTangents } from './surrogate.ts'

/** What the operations on bound tasks work with. Each returns a tensor with a row per request of the share. */
export interface PolicyContext {
  readonly tf: Tf
  readonly shape: PolicyShape
  readonly network: BatchedNetwork
}

type AtPolicy = readonly [theta: Float32Array, weights: Float32Array, ...rest: unknown[]]

/** Policies, not the old ones in general, over a share's blocks. */
function policiesOf<A extends AtPolicy>({ tf, shape, network }: PolicyContext, share: SharePlaces<A>) {
  const thetas = share.requests.map((request) => request.arguments[0])
  // The passes of the old policies are kept.
  const atOld = thetas.every((theta, i) => theta.every((value, k) => value === share.tasks[i]!.theta[k]))
  const parameters = network.unflatten(stackVectors(tf, thetas))
  const spreads = spreadsOf(tf, shape, thetas)
  /** A block with its pass, 1 - h^2 of its layers, and weights. */
  const passesOf = (whole: Parameters<typeof pickBlock>[2]) => {
    const block = pickBlock(tf, share, whole, atOld)
    const pass = atOld ? share.bound.passOf(parameters, block) : network.forward(parameters, block.observations)
    const weights = stackShares(tf, share.tasks, (t) => [share.requests[t]!.arguments[1]], 1, whole.range)
    return { block, pass, slopes: network.slopesOf(pass), weights }
  }
  return { parameters, spreads, passesOf }
}

/** [requests x parameters] */
export function surrogateGradients(
  context: PolicyContext,
  share: SharePlaces<[theta: Float32Array, weights: Float32Array]>,
): Tensor {
  const { tf, network } = context
  const { parameters, spreads, passesOf } = policiesOf(context, share)
  return sumOver(tf, share.bound.device.blocks, (whole) => {
    const { block, pass, slopes, weights } = passesOf(whole)
    const { errors, logStd } = surrogateErrors(tf, block, spreads, pass.outputs, weights)
    return tf.concat([network.backward(parameters, pass, slopes, errors), logStd], 1)
  })
}

/** [requests x parameters] */
export function surrogateHessianProducts(
  context: PolicyContext,
  share: SharePlaces<[theta: Float32Array, weights: Float32Array, v: Float32Array]>,
): Tensor {
  const { tf, shape, network } = context
  const { parameters, spreads, passesOf } = policiesOf(context, share)
  const vectors = share.requests.map((request) => request.arguments[2])
  const direction = network.unflatten(stackVectors(tf, vectors))
  const logStdDirection = stackVectors(
    tf,
    vectors.map((v) => logStdOf(shape, v)),
  )
  const logStd = tf.reshape(logStdDirection, [vectors.length, 1, shape.actionSize])
  return sumOver(tf, share.bound.device.blocks, (whole) => {
    const { block, pass, slopes, weights } = passesOf(whole)
    const tangent = network.tangent(parameters, direction, pass, slopes)
    const moved = { means: tangent.outputs, logStd }
    const errors = surrogateErrorTangents(tf, block, spreads, pass.outputs, weights, moved)
    const product = network.backwardTangent({ parameters, direction }, pass, slopes, tangent, errors)
    return tf.concat([product, errors.logStd], 1)
  })
}

/** J' Sigma^-1 J v of the means, [requests x parameters of the mean network]. */
export function fisherProducts(context: PolicyContext, share: SharePlaces<[v: Float32Array]>): Tensor {
  const { tf, shape, network } = context
  const { theta, fisherBlocks } = share.bound.device
  const parameters = network.unflatten(pick(tf, share, theta))
  const thetas = share.tasks.map((task) => task.theta)
  const precision = tf.square<Tensor>(spreadsOf(tf, shape, thetas).inverseStd)
  const vectors = share.requests.map((request) => request.arguments[0])
  const direction = network.unflatten(stackVectors(tf, vectors))
  return sumOver(tf, fisherBlocks, (whole) => {
    const block = pickFisherBlock(tf, share, whole)
    const pass = share.bound.passOf(parameters, block)
    const slopes = network.slopesOf(pass)
    const { outputs } = network.tangent(parameters, direction, pass, slopes)
    const errors = tf.mul<Tensor>(tf.mul(outputs, precision), block.share)
    return network.backward(parameters, pass, slopes, errors)
  })
}

/**
 * Mean squared distances between old and new means by action dimension, then the surrogates, [requests x (actions +
 * vectors)]; requests with fewer weight vectors end in zeros.
 */
export function policyEvaluations(
  context: PolicyContext,
  share: SharePlaces<[theta: Float32Array, weights: readonly Float32Array[]]>,
  vectors: number,
): Tensor {
  const { tf, shape, network } = context
  const thetas = share.requests.map((request) => request.arguments[0])
  const parameters = network.unflatten(stackVectors(tf, thetas))
  const spreads = spreadsOf(tf, shape, thetas)
  return sumOver(tf, share.bound.device.blocks, (whole) => {
    const block = pickBlock(tf, share, whole, false)
    const { outputs } = network.forward(parameters, block.observations)
    const distances = tf.sum<Tensor>(tf.mul(tf.square(tf.sub(block.means, outputs)), block.share), 1)
    if (vectors === 0) return distances
    const { ratios } = ratiosOf(tf, block, spreads, outputs)
    const weights = stackShares(tf, share.tasks, (t) => share.requests[t]!.arguments[1], vectors, whole.range)
    return tf.concat([distances, tf.sum(tf.mul(ratios, weights), 1)], 1)
  })
}

/**
 * Mean KL(old || candidate) from the mean squared distances of the means by action dimension: the parts of the standard
 * deviations, which nearly cancel, are the same for all rows and are taken in float64.
 */
export function meanKl(
  shape: PolicyShape,
  old: Float32Array,
  candidate: Float32Array,
  distances: ArrayLike<number>,
): number {
  const before = spreadOf(logStdOf(shape, old))
  const after = spreadOf(logStdOf(shape, candidate))
  let kl = 0
  for (let k = 0; k < shape.actionSize; k++) {
    const inverse = after.inverseStd[k]!
    const widths = inverse / before.inverseStd[k]!
    kl += after.logStd[k]! - before.logStd[k]! + 0.5 * (widths * widths + distances[k]! * inverse * inverse - 1)
  }
  return kl
}

/** The second derivative of log s + s0^2 / (2 s^2) in log s at s = s0 is 2. */
export function withLogStdProduct(shape: PolicyShape, meanProduct: Float32Array, v: Float32Array): Float32Array {
  const result = v.map((value) => 2 * value)
  result.set(meanProduct.subarray(0, parameterCount(meanShape(shape))))
  return result
}
