// Policies to export, observations to show them, and what they answer: by this program's own engine, and by the target's
// own library from the exported file alone.
import * as tf from '@tensorflow/tfjs'
import { unzipSync } from 'fflate'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { parseRunConfig } from '../../../../src/core/config/parse.ts'
import type { RunConfig } from '../../../../src/core/config/settings.ts'
import { initialisePolicy } from '../../../../src/core/nn/initialise.ts'
import { recordMoments, pointGoalScaling } from '../../../../src/core/nn/observation-scaling.ts'
import { logStdOf } from '../../../../src/core/nn/policy.ts'
import { createSimdEngine } from '../../../../src/core/nn/simd/engine.ts'
import { stream } from '../../../../src/core/random/stream.ts'
import { policyShapeOf, scalingOf } from '../../../../src/core/training/state.ts'
import type { Checkpoint } from '../../../../src/main/store/store.ts'
import { readSteps } from '../../../golden/read.ts'
import { kernelModule } from '../../../core/nn/engine.ts'
import { stateAt } from '../../store/samples.ts'

/** Rows of observations, as float32 numbers: what the exported models take. */
export interface Observations {
  readonly rows: number
  readonly size: number
  readonly values: Float32Array
}

/** Per row [actionSize] each. */
export interface Distribution {
  readonly mean: Float32Array
  readonly logStd: Float32Array
}

const SENSORS = 12
const GOAL_LIDAR = 16
/** Components with all three lidars. */
const ALL = 60

export const SCALINGS = ['affine', 'proximity', 'running'] as const
export type ScalingName = (typeof SCALINGS)[number]

/** Networks of one to four layers, with and without the goal in sight. */
export const NETWORKS: readonly (readonly [string, object])[] = [
  ['64-64, goal hidden', { policy: { hidden: [64, 64] }, environment: { world: 'environment-1', goal: 'hidden' } }],
  ['64-64, goal visible', { policy: { hidden: [64, 64] }, environment: { world: 'environment-1', goal: 'visible' } }],
  ['128, goal visible', { policy: { hidden: [128] }, environment: { world: 'environment-1', goal: 'visible' } }],
  [
    '8-16-8-24, goal hidden',
    { policy: { hidden: [8, 16, 8, 24] }, environment: { world: 'environment-1', goal: 'hidden' } },
  ],
]

/** Recorded from Safety-Gymnasium in three worlds, the goal's lidar left out where the configuration hides it. */
export function recordedObservations(config: RunConfig, rows: number): Observations {
  const size = policyShapeOf(config).observationSize
  const chosen = Array.from({ length: rows }, (_, i) => recorded()[Math.floor((i * recorded().length) / rows)]!)
  const seen = chosen.map((row) =>
    size === ALL ? row : [...row.subarray(0, SENSORS), ...row.subarray(SENSORS + GOAL_LIDAR)],
  )
  return { rows, size, values: Float32Array.from(seen.flatMap((row) => [...row])) }
}

let known: readonly Float64Array[] | undefined
function recorded(): readonly Float64Array[] {
  known ??= (['environment1', 'pointgoal1', 'pointgoal2'] as const)
    .flatMap((world) => readSteps(world).episodes)
    .flatMap(({ observation }) =>
      Array.from({ length: observation.length / ALL }, (_, step) => observation.subarray(ALL * step, ALL * (step + 1))),
    )
  return known
}

/** Sensors around those that were recorded, lidar bins anywhere between 0 and 1. */
export function randomObservations(config: RunConfig, rows: number): Observations {
  const random = stream('random observations')
  const { size, values } = recordedObservations(config, rows)
  return {
    rows,
    size,
    values: values.map((value, i) => (i % size < SENSORS ? value + random.normal() : random.uniform())),
  }
}

/** A checkpoint whose policy answers with numbers of order 1, and whose statistics are those of recorded observations. */
export function actingCheckpoint(scaling: ScalingName, network: object): Checkpoint {
  const config = parseRunConfig({ observationScaling: scaling, ...network })
  const random = stream('acting policy')
  const theta = initialisePolicy(policyShapeOf(config), 0.5, -0.5, random).map(
    (value) => value + 0.02 * random.normal(),
  )
  const { rows, size, values } = recordedObservations(config, 1000)
  const recorder = recordMoments(pointGoalScaling(size))
  for (let row = 0; row < rows; row++)
    recorder.apply(Float64Array.from(values.subarray(row * size, (row + 1) * size)), new Float32Array(size), 0)
  return { config, state: { ...stateAt(3, config), theta, moments: recorder.moments() } }
}

/** By the engine that rollouts use; observations are scaled in float64, as there. */
export function actByEngine({ config, state }: Checkpoint, { rows, size, values }: Observations): Distribution {
  const policyShape = policyShapeOf(config)
  const engine = createSimdEngine({ module: kernelModule(), policyShape, capacity: rows, episodes: 1 })
  const batch = engine.createBatch(rows, 1)
  const scaling = scalingOf(config, state.moments)
  for (let row = 0; row < rows; row++)
    scaling.apply(Float64Array.from(values.subarray(row * size, (row + 1) * size)), batch.observations, row * size)
  engine.loadPolicy(state.theta)
  engine.forwardPolicy(batch, 0, rows)
  return {
    mean: batch.means.slice(0, rows * policyShape.actionSize),
    logStd: repeated(logStdOf(policyShape, state.theta), rows),
  }
}

export const repeated = (values: ArrayLike<number>, rows: number): Float32Array =>
  Float32Array.from({ length: rows * values.length }, (_, i) => values[i % values.length]!)

export async function actByOnnx(model: Uint8Array, { rows, size, values }: Observations): Promise<Distribution> {
  const session = await InferenceSession.create(model)
  try {
    const { mean, log_std: logStd } = await session.run({ observation: new Tensor('float32', values, [rows, size]) })
    return { mean: mean!.data as Float32Array, logStd: logStd!.data as Float32Array }
  } finally {
    await session.release()
  }
}

/** The unpacked folder is served as a web page would have it. */
export async function actByTfjs(archive: Uint8Array, { rows, size, values }: Observations): Promise<Distribution> {
  const files = unzipSync(archive)
  const server = createServer((request, response) => response.end(files[request.url!.slice(1)]))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await tf.setBackend('cpu')
    const model = await tf.loadLayersModel(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json`)
    const input = tf.tensor2d(values, [rows, size])
    const [mean, logStd] = model.predict(input, { batchSize: rows }) as [tf.Tensor, tf.Tensor]
    const result = { mean: (await mean.data()) as Float32Array, logStd: (await logStd.data()) as Float32Array }
    tf.dispose([input, mean, logStd])
    model.dispose()
    return result
  } finally {
    server.close()
  }
}

/** Named tensors, row-major, as they are in an exported file. */
interface NamedTensor {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number>
}
export type NamedTensors = (name: string) => NamedTensor | undefined

/** Of one float32 sum no more can be asked than to be exact relative to the sizes of what it adds. */
interface Exact extends Distribution {
  /** Sum of the sizes of all terms behind each mean. */
  readonly terms: readonly number[]
}

/** As a stranger would write it down from the card's words, in float64. */
export function actByTensors(tensors: NamedTensors, isProximity: boolean, observations: Observations): Exact {
  const { rows, size, values } = observations
  const tensor = (name: string) => {
    const found = tensors(name)
    if (found === undefined) throw new Error(`There is no tensor ${name}.`)
    return found
  }
  const [offset, gain, limit] = ['offset', 'gain', 'limit'].map((name) => tensor(`scaling.${name}`).data)
  const mean: number[] = []
  const terms: number[] = []
  for (let row = 0; row < rows; row++) {
    let h = Array.from({ length: size }, (_, i) => {
      const x = values[row * size + i]!
      if (isProximity && gain![i] === 0) return 4 / (1 + 15 * (1 - x)) - 1
      return Math.max(-limit![i]!, Math.min(limit![i]!, (x - offset![i]!) * gain![i]!))
    })
    for (let layer = 0; ; layer++) {
      const kernel = tensors(`policy.hidden${layer}.kernel`)
      if (kernel === undefined) break
      const bias = tensor(`policy.hidden${layer}.bias`).data
      const outputs = kernel.shape[1]!
      const input = h
      h = Array.from({ length: outputs }, (_, j) =>
        Math.tanh(input.reduce((sum, value, i) => sum + value * kernel.data[i * outputs + j]!, bias[j]!)),
      )
    }
    const head = tensor('policy.head.kernel')
    const bias = tensor('policy.head.bias').data
    const [outputs, inputs] = head.shape as [number, number]
    for (let j = 0; j < outputs; j++) {
      const added = [bias[j]!, ...h.map((value, i) => value * head.data[j * inputs + i]!)]
      mean.push(added.reduce((sum, term) => sum + term, 0))
      terms.push(added.reduce((sum, term) => sum + Math.abs(term), 0))
    }
  }
  return { mean: Float32Array.from(mean), logStd: repeated(tensor('policy.logStd').data, rows), terms }
}

/** The format from its specification alone (https://huggingface.co/docs/safetensors), with nothing of this program. */
export function readSafetensors(file: Uint8Array): { tensor: NamedTensors; metadata: Record<string, string> } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const start = 8 + Number(view.getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start))) as Record<
    string,
    { dtype: 'F32' | 'F64'; shape: number[]; data_offsets: [number, number] }
  > & { __metadata__: Record<string, string> }
  const tensor: NamedTensors = (name) => {
    const entry = header[name]
    if (entry === undefined) return undefined
    const { dtype, shape, data_offsets: offsets } = entry
    const bytes = dtype === 'F32' ? 4 : 8
    const data = Array.from({ length: (offsets[1] - offsets[0]) / bytes }, (_, i) => {
      const at = start + offsets[0] + i * bytes
      return dtype === 'F32' ? view.getFloat32(at, true) : view.getFloat64(at, true)
    })
    return { shape, data }
  }
  return { tensor, metadata: header.__metadata__ }
}

/** What the environment makes of means: where its actions end. */
export const clipped = (mean: Float32Array): Float32Array => mean.map((value) => Math.max(-1, Math.min(1, value)))

/** Largest difference: absolute where `sizes` are up to 1, where actions end, else as a share of them. */
export function largestError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  sizes: ArrayLike<number> = expected,
): number {
  if (actual.length !== expected.length || sizes.length !== expected.length) return Infinity
  let largest = 0
  for (let i = 0; i < actual.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(sizes[i]!))
    // NaN has to count as the worst, not as nothing.
    if (!(error <= largest)) largest = Number.isNaN(error) ? Infinity : error
  }
  return largest
}
