// A policy as a TensorFlow.js layers model, for `tf.loadLayersModel`: `observation` [batch, n], as the environment gives
// it, to `mean` and `log_std` [batch, a]. Only standard layers, so that nothing has to be registered before loading.
import { LIDAR_STEEPNESS } from '../../../core/training/scaling-coefficients.ts'
import type { CheckpointCard } from '../../store/checkpoint/card.ts'
import { inSingles, type ActingPolicy, type DenseLayer } from './acting-policy.ts'

/** Files of one folder, by name. */
export type TfjsModel = Readonly<Record<'model.json' | 'weights.bin', Uint8Array>>

interface Layer {
  readonly name: string
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inbound_nodes: readonly unknown[]
}

interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export function tfjsModel(policy: ActingPolicy, card: CheckpointCard): TfjsModel {
  const { layers, weights } = policyLayers(policy)
  const model = {
    format: 'layers-model',
    generatedBy: `C-MAML Studio ${card.appVersion}`,
    convertedBy: null,
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Functional',
        config: {
          name: 'policy',
          layers,
          input_layers: [['observation', 0, 0]],
          output_layers: [
            ['mean', 0, 0],
            ['log_std', 0, 0],
          ],
        },
      },
    },
    weightsManifest: [
      { paths: ['weights.bin'], weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
    userDefinedMetadata: { card },
  }
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(model)),
    // Little-endian, as typed arrays are on every platform that Node supports here.
    'weights.bin': Buffer.concat(
      weights.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ),
  }
}

function policyLayers({ shape, scaling, hidden, head, logStd }: ActingPolicy) {
  const layers: Layer[] = []
  const weights: Weight[] = []
  const add = (kind: string, name: string, config: object, inbound: readonly string[]): string => {
    const inbound_nodes = inbound.length === 0 ? [] : [inbound.map((from) => [from, 0, 0, {}])]
    layers.push({
      name,
      class_name: kind,
      config: { name, trainable: false, dtype: 'float32', ...config },
      inbound_nodes,
    })
    return name
  }
  const weight = (layer: string, name: string, shape: readonly number[], data: Float32Array) =>
    weights.push({ name: `${layer}/${name}`, shape, data })

  const size = shape.observationSize
  const zeros = new Float32Array(size)
  const ones = zeros.map(() => 1)
  /** (x - offset) * gain + shift: normalisation by a variance of 1. */
  const affine = (name: string, from: string, offset: Float32Array, gain: Float32Array, shift: Float32Array) => {
    add('BatchNormalization', name, { axis: -1, epsilon: 0, center: true, scale: true }, [from])
    weight(name, 'gamma', [size], gain)
    weight(name, 'beta', [size], shift)
    weight(name, 'moving_mean', [size], offset)
    weight(name, 'moving_variance', [size], ones)
    return name
  }
  /** The same vector for every observation: merging layers take no constants. */
  const constant = (name: string, values: Float32Array) => affine(name, 'observation', zeros, zeros, values)
  const dense = (name: string, from: string, { inputs, outputs, kernel, bias }: DenseLayer, activation: string) => {
    add('Dense', name, { units: outputs, activation, use_bias: true }, [from])
    weight(name, 'kernel', [inputs, outputs], kernel)
    weight(name, 'bias', [outputs], bias)
    return name
  }

  add('InputLayer', 'observation', { batch_input_shape: [null, size], sparse: false }, [])
  const { offset, gain, shift, limit, lidar } = inSingles(scaling)
  const scaled = affine('scaled', 'observation', offset, gain, shift)
  const below = add('Minimum', 'below', {}, [scaled, constant('limit', limit)])
  const lowest = limit.map((value) => -value)
  let last = add('Maximum', 'clipped', {}, [below, constant('lowest', lowest)])
  if (lidar) {
    const steepness = zeros.map(() => -LIDAR_STEEPNESS)
    const distance = affine('distance', 'observation', ones, steepness, zeros)
    const squashed = add('Activation', 'squashed', { activation: 'softsign' }, [distance])
    const near = affine('near', squashed, zeros, lidar.gain, lidar.shift)
    last = add('Add', 'input', {}, [last, near])
  }
  hidden.forEach((layer, i) => {
    last = dense(`hidden${i}`, last, layer, 'tanh')
  })
  dense('mean', last, head, 'linear')
  // Independent of the state: a layer without anything but biases.
  dense('log_std', last, { ...head, kernel: head.kernel.map(() => 0), bias: logStd }, 'linear')
  return { layers, weights }
}
