import { networkTensors, parameterCount, type NetworkShape } from '../policy.ts'
import type { Kernels } from './kernels.ts'
import type { Allocate, Region } from './memory.ts'

/**
 * Rows per pass: enough to amortise calls, few enough that a block's inputs, activations and errors (about 160 KB at
 * 72-64-64) stay in the second-level cache between the products that read them.
 */
export const BLOCK_ROWS = 128

/** Buffers of one block, shared by all networks with the same hidden layers. */
export interface Scratch {
  /** Tangents of the activations of each hidden layer, [BLOCK_ROWS x width]. */
  readonly tangents: readonly Region[]
  /** Two buffers that errors move between, [BLOCK_ROWS x widest]. */
  readonly even: Region
  readonly odd: Region
  /** Transposed kernels of all hidden layers but the first. */
  readonly transposed: readonly Region[]
}

export function allocateScratch(hidden: readonly number[], allocate: Allocate): Scratch {
  const widest = Math.max(...hidden)
  return {
    tangents: hidden.map((width) => allocate(BLOCK_ROWS * width)),
    even: allocate(BLOCK_ROWS * widest),
    odd: allocate(BLOCK_ROWS * widest),
    transposed: hidden.slice(1).map((width, i) => allocate(width * hidden[i]!)),
  }
}

/** Byte addresses of a block: its inputs [rows x inputs] and the activations of each hidden layer [rows x width]. */
export interface Block {
  readonly rows: number
  readonly inputs: number
  readonly activations: readonly number[]
}

/**
 * The passes of an MLP over one block of rows. Parameters, directions and gradients are byte addresses of vectors in
 * the order of `networkTensors`.
 */
export interface NetworkPasses {
  /** Fills the block's activations and `outputs` [rows x outputs]. */
  forward(parameters: number, block: Block, outputs: number): void
  /** Readies the backward passes with these parameters. */
  prepareBackward(parameters: number): void
  /** gradient += J^T errors, J the Jacobian of all outputs [rows x outputs] with respect to the parameters. */
  backward(parameters: number, block: Block, errors: number, gradient: number): void
  /** outputs = J direction; leaves the activations' tangents in the scratch. */
  tangent(parameters: number, direction: number, block: Block, outputs: number): void
}

interface Layer {
  readonly inputs: number
  readonly width: number
  /** Byte offsets in a parameter vector. */
  readonly kernel: number
  readonly bias: number
}

/** Where a network's layers lie in its parameter vector. */
export interface NetworkLayout {
  readonly layers: readonly Layer[]
  /** The last hidden layer. */
  readonly top: Layer
  /** Byte offsets in a parameter vector. */
  readonly headKernel: number
  readonly headBias: number
}

export function networkLayout(shape: NetworkShape): NetworkLayout {
  const offsets = networkTensors(shape).map((tensor) => 4 * tensor.offset)
  const layers = shape.hidden.map((width, l): Layer => {
    const inputs = l === 0 ? shape.inputs : shape.hidden[l - 1]!
    return { inputs, width, kernel: offsets[2 * l]!, bias: offsets[2 * l + 1]! }
  })
  const [headKernel, headBias] = offsets.slice(-2)
  return { layers, top: layers.at(-1)!, headKernel: headKernel!, headBias: headBias! }
}

/** Address of what hidden layer `l` reads. */
export const inputsOf = (block: Block, l: number) => (l === 0 ? block.inputs : block.activations[l - 1]!)

export function createNetworkPasses(kernels: Kernels, shape: NetworkShape, scratch: Scratch): NetworkPasses {
  const { layers, top, headKernel, headBias } = networkLayout(shape)
  const depth = layers.length
  const tangents = scratch.tangents.map((region) => region.pointer)
  const buffer = (l: number) => (l % 2 === 0 ? scratch.even.pointer : scratch.odd.pointer)

  return {
    forward(parameters, block, outputs) {
      for (let l = 0; l < depth; l++) {
        const { inputs, width, kernel, bias } = layers[l]!
        const h = block.activations[l]!
        kernels.matmul(
          block.rows,
          width,
          inputs,
          inputsOf(block, l),
          parameters + kernel,
          h,
          parameters + bias,
          0,
          false,
        )
        kernels.tanhRows(block.rows * width, h)
      }
      const h = block.activations[depth - 1]!
      const { outputs: count } = shape
      kernels.head(block.rows, count, top.width, h, parameters + headKernel, parameters + headBias, outputs, false)
    },

    prepareBackward(parameters) {
      for (let l = 1; l < depth; l++) {
        const { inputs, width, kernel } = layers[l]!
        kernels.transpose(inputs, width, parameters + kernel, scratch.transposed[l - 1]!.pointer)
      }
    },

    backward(parameters, block, errors, gradient) {
      const { rows, activations } = block
      const { outputs } = shape
      const h = activations[depth - 1]!
      kernels.matmulTransposed(outputs, top.width, rows, errors, h, gradient + headKernel)
      kernels.columnSums(rows, outputs, errors, gradient + headBias)
      kernels.matmul(rows, top.width, outputs, errors, parameters + headKernel, buffer(depth - 1), 0, h, false)
      for (let l = depth - 1; l >= 0; l--) {
        const { inputs, width, kernel, bias } = layers[l]!
        const delta = buffer(l)
        kernels.matmulTransposed(inputs, width, rows, inputsOf(block, l), delta, gradient + kernel)
        kernels.columnSums(rows, width, delta, gradient + bias)
        if (l === 0) break
        const transposed = scratch.transposed[l - 1]!.pointer
        kernels.matmul(rows, inputs, width, delta, transposed, buffer(l - 1), 0, activations[l - 1]!, false)
      }
    },

    tangent(parameters, direction, block, outputs) {
      const { rows, activations } = block
      for (let l = 0; l < depth; l++) {
        const { inputs, width, kernel, bias } = layers[l]!
        const t = tangents[l]!
        const h = activations[l]!
        const first = l === 0 ? h : 0
        kernels.matmul(rows, width, inputs, inputsOf(block, l), direction + kernel, t, direction + bias, first, false)
        if (l > 0) kernels.matmul(rows, width, inputs, tangents[l - 1]!, parameters + kernel, t, 0, h, true)
      }
      const { outputs: count } = shape
      const h = activations[depth - 1]!
      kernels.head(rows, count, top.width, h, direction + headKernel, direction + headBias, outputs, false)
      kernels.head(rows, count, top.width, tangents[depth - 1]!, parameters + headKernel, 0, outputs, true)
    },
  }
}

/** Floats of a parameter vector in kernel memory, padded to whole vectors. */
export const paddedCount = (shape: NetworkShape): number => Math.ceil(parameterCount(shape) / 4) * 4
