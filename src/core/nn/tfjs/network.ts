import { networkTensors, parameterCount, type NetworkShape } from '../policy.ts'
import { productsOf, type Tensor, type TfjsBackend } from './backend.ts'

/**
 * Parameters of P networks in the order of `networkTensors`: kernels of tanh layers [P x in x out], the head's
 * [P x out x in], biases [P x 1 x width].
 */
export type Parameters = readonly Tensor[]

/** What a forward pass leaves: inputs and activations of each tanh layer, [P x rows x width], and the outputs. */
export interface Pass {
  readonly layers: readonly Tensor[]
  readonly outputs: Tensor
}

/** Derivatives of a pass along a direction in parameter space; `layers[l]` is that of tanh layer l. */
export interface TangentPass {
  readonly layers: readonly Tensor[]
  readonly outputs: Tensor
}

/** The passes of P networks over [P x rows x inputs]; the formulas are those of simd/network.ts and simd/hessian.ts. */
export interface BatchedNetwork {
  /** Cuts flat parameters, [P x at least the network's count]. */
  unflatten(flat: Tensor): Parameters
  forward(parameters: Parameters, inputs: Tensor): Pass
  /** The pass again from its kept activations. */
  outputsOf(parameters: Parameters, activations: Tensor): Tensor
  /** 1 - h^2 of each tanh layer. */
  slopesOf(pass: Pass): readonly Tensor[]
  /** J^T errors, [P x count], J the Jacobian of all outputs [P x rows x outputs]. */
  backward(parameters: Parameters, pass: Pass, slopes: readonly Tensor[], errors: Tensor): Tensor
  /** J direction, [P x rows x outputs], with the tangents of the layers on the way. */
  tangent(parameters: Parameters, direction: Parameters, pass: Pass, slopes: readonly Tensor[]): TangentPass
  /** R{J^T errors} along `direction` (Pearlmutter, 1994), [P x count]; see simd/hessian.ts. */
  backwardTangent(
    at: { readonly parameters: Parameters; readonly direction: Parameters },
    pass: Pass,
    slopes: readonly Tensor[],
    tangent: TangentPass,
    errors: { readonly values: Tensor; readonly tangents: Tensor },
  ): Tensor
}

export function createBatchedNetwork(backend: TfjsBackend, shape: NetworkShape): BatchedNetwork {
  const { tf } = backend
  const { plain, transposedLeft, transposedRight } = productsOf(backend)
  const tensors = networkTensors(shape)
  const count = parameterCount(shape)
  const depth = shape.hidden.length
  const headKernel = 2 * depth
  const headBias = headKernel + 1

  /** Gradients by tensor, biases as [P x width], joined to [P x count]. */
  const flatten = (gradients: readonly Tensor[]) =>
    tf.concat(
      gradients.map((gradient, i) => tf.reshape(gradient, [gradient.shape[0]!, tensors[i]!.size])),
      1,
    )
  const columnSums = (x: Tensor) => tf.sum(x, 1)
  const outputsOf = (parameters: Parameters, activations: Tensor) =>
    tf.add<Tensor>(transposedRight(activations, parameters[headKernel]!), parameters[headBias]!)

  return {
    unflatten(flat) {
      const places = flat.shape[0]!
      if (flat.shape[1]! < count) throw new RangeError(`${flat.shape[1]} parameters; ${count} are needed.`)
      return tensors.map(({ offset, size, shape: dims }) =>
        tf.reshape(tf.slice(flat, [0, offset], [places, size]), [places, ...(dims.length === 1 ? [1, ...dims] : dims)]),
      )
    },

    forward(parameters, inputs) {
      const layers = [inputs]
      for (let l = 0; l < depth; l++) {
        layers.push(tf.tanh(tf.add(plain(layers[l]!, parameters[2 * l]!), parameters[2 * l + 1]!)))
      }
      return { layers, outputs: outputsOf(parameters, layers[depth]!) }
    },

    outputsOf,

    slopesOf: ({ layers }) => layers.slice(1).map((h) => tf.sub<Tensor>(1, tf.square(h))),

    backward(parameters, { layers }, slopes, errors) {
      const gradients = new Array<Tensor>(tensors.length)
      gradients[headKernel] = transposedLeft(errors, layers[depth]!)
      gradients[headBias] = columnSums(errors)
      let delta = tf.mul<Tensor>(plain(errors, parameters[headKernel]!), slopes[depth - 1]!)
      for (let l = depth - 1; l >= 0; l--) {
        gradients[2 * l] = transposedLeft(layers[l]!, delta)
        gradients[2 * l + 1] = columnSums(delta)
        if (l > 0) delta = tf.mul(transposedRight(delta, parameters[2 * l]!), slopes[l - 1]!)
      }
      return flatten(gradients)
    },

    tangent(parameters, direction, { layers }, slopes) {
      const tangents: Tensor[] = []
      for (let l = 0; l < depth; l++) {
        let sum = tf.add<Tensor>(plain(layers[l]!, direction[2 * l]!), direction[2 * l + 1]!)
        if (l > 0) sum = tf.add(sum, plain(tangents[l - 1]!, parameters[2 * l]!))
        tangents.push(tf.mul(sum, slopes[l]!))
      }
      const through = transposedRight(tangents[depth - 1]!, parameters[headKernel]!)
      return { layers: tangents, outputs: tf.add(outputsOf(direction, layers[depth]!), through) }
    },

    backwardTangent({ parameters, direction }, { layers }, slopes, { layers: tangents }, errors) {
      const product = new Array<Tensor>(tensors.length)
      product[headKernel] = tf.add(
        transposedLeft(errors.tangents, layers[depth]!),
        transposedLeft(errors.values, tangents[depth - 1]!),
      )
      product[headBias] = columnSums(errors.tangents)
      let e = plain(errors.values, parameters[headKernel]!)
      let t = tf.add<Tensor>(
        plain(errors.tangents, parameters[headKernel]!),
        plain(errors.values, direction[headKernel]!),
      )
      for (let l = depth - 1; l >= 0; l--) {
        // R{e (1 - h^2)} = R{e} (1 - h^2) - 2 e h R{h}
        const bend = tf.mul<Tensor>(tf.mul(2, e), tf.mul(layers[l + 1]!, tangents[l]!))
        t = tf.sub(tf.mul(t, slopes[l]!), bend)
        e = tf.mul(e, slopes[l]!)
        product[2 * l + 1] = columnSums(t)
        const straight = transposedLeft(layers[l]!, t)
        // The inputs of the first layer are data: they have no tangents, and nothing needs their errors.
        if (l === 0) product[0] = straight
        else {
          product[2 * l] = tf.add(straight, transposedLeft(tangents[l - 1]!, e))
          t = tf.add(transposedRight(t, parameters[2 * l]!), transposedRight(e, direction[2 * l]!))
          e = transposedRight(e, parameters[2 * l]!)
        }
      }
      return flatten(product)
    },
  }
}
