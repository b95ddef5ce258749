import { BETA_1, BETA_2 } from '../adam.ts'
import { MAX_CRITICS } from '../checks.ts'
import type { CriticFit, CriticFitSettings } from '../learner.ts'
import type { Kernels } from './kernels.ts'
import { storePadded, type Allocate, type Region } from './memory.ts'
import { BLOCK_ROWS, paddedCount, type Block, type NetworkPasses } from './network.ts'
import type { NetworkShape } from '../policy.ts'

/** A critic's parameters, gradient and Adam moments while it is being fitted. */
export interface CriticSlot {
  readonly parameters: Region
  readonly gradient: Region
  readonly firstMoment: Region
  readonly secondMoment: Region
}

export interface CriticRegions {
  readonly slots: readonly CriticSlot[]
  /** Row numbers of the block being gathered, [BLOCK_ROWS] int32. */
  readonly indices: Region
  /** Gathered observations, [BLOCK_ROWS x inputs]. */
  readonly inputs: Region
  /** [BLOCK_ROWS] */
  readonly values: Region
  readonly errors: Region
}

export function allocateCritics(shape: NetworkShape, allocate: Allocate): CriticRegions {
  const vector = () => allocate(paddedCount(shape))
  return {
    slots: Array.from({ length: MAX_CRITICS }, () => ({
      parameters: vector(),
      gradient: vector(),
      firstMoment: vector(),
      secondMoment: vector(),
    })),
    indices: allocate(BLOCK_ROWS),
    inputs: allocate(BLOCK_ROWS * shape.inputs),
    values: allocate(BLOCK_ROWS),
    errors: allocate(BLOCK_ROWS),
  }
}

/** Where the critics of a fit find kernels, buffers and data. */
export interface CriticContext {
  readonly kernels: Kernels
  readonly shape: NetworkShape
  readonly network: NetworkPasses
  readonly regions: CriticRegions
  /** Byte addresses of the block's activations. */
  readonly activations: readonly number[]
  /** Byte address of the observations that row numbers refer to. */
  readonly observations: number
}

/** Fits critics on the minibatches of `epochs`; see `Learner.fitCritics`. */
export function fitCritics(
  context: CriticContext,
  fits: readonly CriticFit[],
  epochs: readonly Int32Array[],
  settings: CriticFitSettings,
): void {
  const { slots } = context.regions
  fits.forEach(({ critic }, i) => {
    storePadded(critic.parameters, slots[i]!.parameters)
    storePadded(critic.firstMoment, slots[i]!.firstMoment)
    storePadded(critic.secondMoment, slots[i]!.secondMoment)
  })
  for (const rows of epochs) {
    for (let from = 0; from < rows.length; from += settings.minibatch) {
      const minibatch = rows.subarray(from, from + settings.minibatch)
      addGradients(context, fits, minibatch)
      fits.forEach(({ critic }, i) => {
        critic.updates++
        stepAdam(context, slots[i]!, critic.updates, settings)
      })
    }
  }
  fits.forEach(({ critic }, i) => {
    const count = critic.parameters.length
    critic.parameters.set(slots[i]!.parameters.floats.subarray(0, count))
    critic.firstMoment.set(slots[i]!.firstMoment.floats.subarray(0, count))
    critic.secondMoment.set(slots[i]!.secondMoment.floats.subarray(0, count))
  })
}

/** Sets each slot's gradient to that of the minibatch's mean squared error. */
function addGradients(context: CriticContext, fits: readonly CriticFit[], minibatch: Int32Array): void {
  const { kernels, shape, network, regions } = context
  const indices = new Int32Array(regions.indices.floats.buffer, regions.indices.pointer, BLOCK_ROWS)
  for (let i = 0; i < fits.length; i++) regions.slots[i]!.gradient.floats.fill(0)
  for (let from = 0; from < minibatch.length; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, minibatch.length - from)
    indices.set(minibatch.subarray(from, from + rows))
    kernels.gatherRows(rows, shape.inputs, context.observations, regions.indices.pointer, regions.inputs.pointer)
    const block: Block = { rows, inputs: regions.inputs.pointer, activations: context.activations }
    for (let i = 0; i < fits.length; i++) {
      const { parameters, gradient } = regions.slots[i]!
      const { targets } = fits[i]!
      network.forward(parameters.pointer, block, regions.values.pointer)
      const values = regions.values.floats
      const errors = regions.errors.floats
      for (let row = 0; row < rows; row++) {
        errors[row] = (2 * (values[row]! - targets[indices[row]!]!)) / minibatch.length
      }
      network.prepareBackward(parameters.pointer)
      network.backward(parameters.pointer, block, regions.errors.pointer, gradient.pointer)
    }
  }
}

function stepAdam(context: CriticContext, slot: CriticSlot, update: number, settings: CriticFitSettings): void {
  context.kernels.adam(
    paddedCount(context.shape),
    slot.parameters.pointer,
    slot.gradient.pointer,
    slot.firstMoment.pointer,
    slot.secondMoment.pointer,
    settings.learningRate,
    2 * settings.l2,
    settings.maxGradientNorm,
    1 - BETA_1 ** update,
    1 - BETA_2 ** update,
  )
}
