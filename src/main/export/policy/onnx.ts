// A policy as an ONNX model (https://onnx.ai/onnx/repo-docs/IR.html): `observation` [batch, n], as the environment gives
// it, to `mean` and `log_std` [batch, a], all float32. Field numbers are those of onnx.proto
// (https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto).
import { PbfWriter } from 'pbf'
import { LIDAR_STEEPNESS } from '../../../core/training/scaling-coefficients.ts'
import type { CheckpointCard } from '../../store/checkpoint/card.ts'
import { inSingles, type ActingPolicy } from './acting-policy.ts'

/** ONNX 1.12 of 2022: what it asks for, every later runtime has. */
const IR_VERSION = 8
const OPSET = 17
const FLOAT = 1

interface Initialiser {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array
}

interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly output: string
}

interface Graph {
  readonly nodes: readonly Node[]
  readonly initialisers: readonly Initialiser[]
}

export function onnxModel(policy: ActingPolicy, card: CheckpointCard): Uint8Array {
  const graph = policyGraph(policy)
  const { observationSize, actionSize } = policy.shape
  const model = new PbfWriter()
  model.writeVarintField(1, IR_VERSION)
  model.writeStringField(2, 'C-MAML Studio')
  model.writeStringField(3, card.appVersion)
  model.writeMessage(
    7,
    (_, message) => {
      for (const node of graph.nodes) message.writeMessage(1, writeNode, node)
      message.writeStringField(2, 'policy')
      for (const initialiser of graph.initialisers) message.writeMessage(5, writeTensor, initialiser)
      message.writeMessage(11, writeValueInfo, { name: 'observation', size: observationSize })
      message.writeMessage(12, writeValueInfo, { name: 'mean', size: actionSize })
      message.writeMessage(12, writeValueInfo, { name: 'log_std', size: actionSize })
    },
    null,
  )
  model.writeMessage(8, (_, message) => message.writeVarintField(2, OPSET), null)
  for (const [key, value] of cardEntries(card)) model.writeMessage(14, writeEntry, { key, value })
  return model.finish()
}

function policyGraph({ scaling, hidden, head, logStd }: ActingPolicy): Graph {
  const nodes: Node[] = []
  const initialisers: Initialiser[] = []
  const node = (op: string, inputs: readonly string[], output: string) => {
    nodes.push({ op, inputs, output })
    return output
  }
  const constant = (name: string, data: Float32Array, dims: readonly number[] = [data.length]) => {
    initialisers.push({ name, dims, data })
    return name
  }
  const { offset, gain, shift, limit, lidar } = inSingles(scaling)
  const centred = node('Sub', ['observation', constant('scaling.offset', offset)], 'centred')
  const scaled = node('Mul', [centred, constant('scaling.gain', gain)], 'scaled')
  const shifted = node('Add', [scaled, constant('scaling.shift', shift)], 'shifted')
  const below = node('Min', [shifted, constant('scaling.limit', limit)], 'below')
  const lowest = limit.map((value) => -value)
  let last = node('Max', [below, constant('scaling.lowest', lowest)], 'clipped')
  if (lidar) {
    const beyond = node('Sub', [constant('lidar.one', Float32Array.of(1)), 'observation'], 'beyond')
    const steepness = constant('lidar.steepness', Float32Array.of(LIDAR_STEEPNESS))
    const distance = node('Mul', [beyond, steepness], 'distance')
    const squashed = node('Softsign', [distance], 'squashed')
    const weighted = node('Mul', [squashed, constant('lidar.gain', lidar.gain)], 'weighted')
    const near = node('Add', [weighted, constant('lidar.shift', lidar.shift)], 'near')
    last = node('Add', [last, near], 'input')
  }
  const dense = ({ inputs, outputs, kernel, bias }: ActingPolicy['head'], name: string, output: string) =>
    node('Gemm', [last, constant(`${name}.kernel`, kernel, [inputs, outputs]), constant(`${name}.bias`, bias)], output)
  hidden.forEach((layer, i) => {
    last = node('Tanh', [dense(layer, `hidden${i}`, `sum${i}`)], `hidden${i}`)
  })
  const mean = dense(head, 'head', 'mean')
  node('Expand', [constant('logStd', logStd), node('Shape', [mean], 'shape')], 'log_std')
  return { nodes, initialisers }
}

/** Texts under their own names, everything else as JSON; and the whole card as `card`. */
function cardEntries(card: CheckpointCard): [string, string][] {
  const { run, iteration, world, configSha256, costLimit, appVersion, licence } = card
  return [
    ['run', run?.id ?? ''],
    ['iteration', String(iteration)],
    ['world', world],
    ['config_sha256', configSha256],
    ['cost_limit', String(costLimit)],
    ['app_version', appVersion],
    ['licence', licence],
    ['card', JSON.stringify(card)],
  ]
}

function writeNode({ op, inputs, output }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input)
  pbf.writeStringField(2, output)
  pbf.writeStringField(3, output)
  pbf.writeStringField(4, op)
}

function writeTensor({ name, dims, data }: Initialiser, pbf: PbfWriter): void {
  pbf.writePackedVarint(1, [...dims])
  pbf.writeVarintField(2, FLOAT)
  pbf.writeStringField(8, name)
  // raw_data: little-endian, as typed arrays are on every platform that Node supports here.
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
}

function writeValueInfo({ name, size }: { name: string; size: number }, pbf: PbfWriter): void {
  const tensor = (_: null, message: PbfWriter) => {
    message.writeVarintField(1, FLOAT)
    message.writeMessage(
      2,
      (__, shape) => {
        shape.writeMessage(1, (___, dimension) => dimension.writeStringField(2, 'batch'), null)
        shape.writeMessage(1, (___, dimension) => dimension.writeVarintField(1, size), null)
      },
      null,
    )
  }
  pbf.writeStringField(1, name)
  pbf.writeMessage(2, (_, type) => type.writeMessage(1, tensor, null), null)
}

function writeEntry({ key, value }: { key: string; value: string }, pbf: PbfWriter): void {
  pbf.writeStringField(1, key)
  pbf.writeStringField(2, value)
}
