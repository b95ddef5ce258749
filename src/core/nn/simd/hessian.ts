/**
 * Products of a Hessian with a vector without the Hessian, by the R-operator of Pearlmutter (Fast exact multiplication
 * by the Hessian, Neural Computation 6, 1994): R{x} = d x(parameters + r direction) / dr at r = 0, applied to every
 * line of the backward pass. "Tangent" is R of what it belongs to.
 */
import type { NetworkShape } from '../policy.ts'
import type { Kernels } from './kernels.ts'
import type { Allocate, Region } from './memory.ts'
import { BLOCK_ROWS, inputsOf, networkLayout, type Block, type Scratch } from './network.ts'

/** What the pass needs beside the scratch of the first-order passes. */
export interface HessianScratch {
  /** Two buffers that the errors' tangents move between, [BLOCK_ROWS x widest]. */
  readonly even: Region
  readonly odd: Region
  /** Transposed kernels of the direction, of all hidden layers but the first. */
  readonly transposed: readonly Region[]
}

export function allocateHessianScratch(hidden: readonly number[], allocate: Allocate): HessianScratch {
  const widest = Math.max(...hidden)
  return {
    even: allocate(BLOCK_ROWS * widest),
    odd: allocate(BLOCK_ROWS * widest),
    transposed: hidden.slice(1).map((width, i) => allocate(width * hidden[i]!)),
  }
}

/** Byte addresses of the errors of a block's outputs and of their tangents, both [rows x outputs]. */
export interface OutputErrors {
  readonly errors: number
  readonly tangents: number
}

export interface HessianPass {
  /** Readies the passes with this direction, after the network's own `prepareBackward`. */
  prepare(direction: number): void
  /**
   * product += R{J^T errors} = J^T R{errors} + R{J}^T errors, where the scratch holds what `tangent` left of this block
   * and direction.
   */
  backward(parameters: number, direction: number, block: Block, outputs: OutputErrors, product: number): void
}

export function createHessianPass(
  kernels: Kernels,
  shape: NetworkShape,
  scratch: Scratch,
  own: HessianScratch,
): HessianPass {
  const { layers, top, headKernel, headBias } = networkLayout(shape)
  const depth = layers.length
  const errorsOf = (l: number) => (l % 2 === 0 ? scratch.even : scratch.odd)
  const errorTangentsOf = (l: number) => (l % 2 === 0 ? own.even : own.odd)

  return {
    prepare(direction) {
      for (let l = 1; l < depth; l++) {
        const { inputs, width, kernel } = layers[l]!
        kernels.transpose(inputs, width, direction + kernel, own.transposed[l - 1]!.pointer)
      }
    },

    backward(parameters, direction, block, { errors, tangents: errorTangents }, product) {
      const { rows, activations } = block
      const { outputs } = shape
      const { matmul, matmulTransposed, columnSums } = kernels
      const head = product + headKernel
      matmulTransposed(outputs, top.width, rows, errorTangents, activations[depth - 1]!, head)
      matmulTransposed(outputs, top.width, rows, errors, scratch.tangents[depth - 1]!.pointer, head)
      columnSums(rows, outputs, errorTangents, product + headBias)
      const e = errorsOf(depth - 1).pointer
      const t = errorTangentsOf(depth - 1).pointer
      matmul(rows, top.width, outputs, errors, parameters + headKernel, e, 0, 0, false)
      matmul(rows, top.width, outputs, errorTangents, parameters + headKernel, t, 0, 0, false)
      matmul(rows, top.width, outputs, errors, direction + headKernel, t, 0, 0, true)
      for (let l = depth - 1; l >= 0; l--) {
        const { inputs, width, kernel, bias } = layers[l]!
        const delta = errorsOf(l)
        const deltaTangent = errorTangentsOf(l)
        const count = rows * width
        const h = new Float32Array(delta.floats.buffer, activations[l]!, count)
        throughTanhWithTangent(count, delta.floats, deltaTangent.floats, h, scratch.tangents[l]!.floats)
        matmulTransposed(inputs, width, rows, inputsOf(block, l), deltaTangent.pointer, product + kernel)
        columnSums(rows, width, deltaTangent.pointer, product + bias)
        // The inputs of the first layer are data: they have no tangents, and nothing needs their errors.
        if (l === 0) break
        matmulTransposed(inputs, width, rows, scratch.tangents[l - 1]!.pointer, delta.pointer, product + kernel)
        const below = errorsOf(l - 1).pointer
        const belowTangents = errorTangentsOf(l - 1).pointer
        const transposed = scratch.transposed[l - 1]!.pointer
        matmul(rows, inputs, width, delta.pointer, transposed, below, 0, 0, false)
        matmul(rows, inputs, width, deltaTangent.pointer, transposed, belowTangents, 0, 0, false)
        matmul(rows, inputs, width, delta.pointer, own.transposed[l - 1]!.pointer, belowTangents, 0, 0, true)
      }
    },
  }
}

/**
 * Carries errors e and their tangents back through h = tanh(u), in place: e (1 - h^2) and
 * R{e (1 - h^2)} = R{e} (1 - h^2) - 2 e h R{h}.
 */
function throughTanhWithTangent(
  count: number,
  errors: Float32Array,
  errorTangents: Float32Array,
  activations: Float32Array,
  tangents: Float32Array,
): void {
  for (let i = 0; i < count; i++) {
    const e = errors[i]!
    const h = activations[i]!
    const slope = 1 - h * h
    errorTangents[i] = errorTangents[i]! * slope - 2 * e * h * tangents[i]!
    errors[i] = e * slope
  }
}
