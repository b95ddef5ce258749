import type { ForTask } from '../batched-learner.ts'
import type { Tensor, Tf } from './backend.ts'
import type { BatchedNetwork } from './network.ts'
import { blocksOf, stackRows, stackVectors } from './rows.ts'

export type ValuesRequest = ForTask<[critic: Float32Array, observations: Float32Array, count: number]>

/** Values of critics, each of its own observations, [requests x longest]; what is beyond a count means nothing. */
export function valuesOf(
  tf: Tf,
  network: BatchedNetwork,
  requests: readonly ValuesRequest[],
  inputs: number,
  longest: number,
  rowsPerBlock: number,
): Tensor {
  const rows = requests.map(({ arguments: given }) => ({ rows: given[2], stride: 1 }))
  const critics = requests.map(({ arguments: given }) => given[0])
  const parameters = network.unflatten(stackVectors(tf, critics))
  const blocks = blocksOf(longest, rowsPerBlock).map((range) =>
    tf.tidy(() => {
      const observations = stackRows(tf, rows, (t) => requests[t]!.arguments[1], inputs, range)
      const { outputs } = network.forward(parameters, observations)
      return tf.reshape(outputs, [requests.length, range.count])
    }),
  )
  return tf.concat(blocks, 1)
}
