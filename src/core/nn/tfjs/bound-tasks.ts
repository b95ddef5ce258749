import type { Batch } from '../../rl/batch.ts'
import type { PolicyShape } from '../policy.ts'
import type { Tensor, Tf, TfjsBackend } from './backend.ts'
import type { MemoryBudget } from './memory.ts'
import type { BatchedNetwork, Pass } from './network.ts'
import { blocksOf, stackRows, stackShares, stackVectors, type BlockOfRows, type TaskRows } from './rows.ts'

/** A place's batch and old policy. The arrays of the batch are read again when the device's copy is lost. */
export interface BoundTask {
  readonly place: number
  readonly batch: Batch
  readonly rows: number
  /** Of the old policy. */
  readonly theta: Float32Array
  readonly fisherStride: number
}

/** Rows of a Fisher product: P tasks, n rows each. */
type FisherBlock = {
  /** [P x n x inputs] */
  observations: Tensor
  /** 1 / (the task's rows of the product), or 0 beyond them, [P x n x 1]. */
  share: Tensor
  /** Activations of the old policy, each [P x n x width]; none where memory is short: they are computed again. */
  activations: Tensor[]
}

/** Rows of all other operations. */
type Block = FisherBlock & {
  range: { from: number; count: number }
  /** [P x n x actions] */
  actions: Tensor
  /** [P x n x 1] */
  logProbs: Tensor
  /** Of the old policy, [P x n x actions]. */
  means: Tensor
}

type DeviceData = {
  /** [P x parameters] */
  theta: Tensor
  blocks: Block[]
  fisherBlocks: FisherBlock[]
}

export type { Block, DeviceData, FisherBlock }

/**
 * Tasks that were bound together: their batches lie on the device side by side, padded to the longest of them. Device
 * data are made on first use and may be dropped at any time between calls; where the budget has no room for them, they
 * are made in each call.
 */
export class BoundTasks {
  readonly tasks: readonly BoundTask[]
  private data: DeviceData | null = null
  /** Floats of the data that the budget has granted. */
  private kept = 0
  private readonly backend: TfjsBackend
  private readonly shape: PolicyShape
  private readonly network: BatchedNetwork
  private readonly budget: MemoryBudget
  /** Tasks that a block has room for. */
  private readonly room: number

  constructor(
    backend: TfjsBackend,
    shape: PolicyShape,
    network: BatchedNetwork,
    budget: MemoryBudget,
    tasks: readonly BoundTask[],
    room: number,
  ) {
    this.backend = backend
    this.shape = shape
    this.network = network
    this.budget = budget
    this.tasks = tasks
    this.room = room
  }

  /** Uploads what may stay. To be called outside of any `tf.tidy`, which would take the data away. */
  load(): void {
    if (this.data) return
    const { tf } = this.backend
    const { floats, activationFloats } = this.sizes()
    if (!this.budget.keep(floats)) return
    this.kept = floats
    const keepsActivations = this.budget.keepActivations(activationFloats)
    if (keepsActivations) this.kept += activationFloats
    try {
      this.data = tf.tidy(() => this.upload(tf, keepsActivations))
    } catch (error) {
      this.release()
      throw error
    }
  }

  /** Computes with the data on the device, for the time of the computation at least. */
  onDevice(compute: () => Tensor): Tensor {
    if (this.data) return compute()
    const { tf } = this.backend
    return tf.tidy(() => {
      this.data = this.upload(tf, false)
      try {
        return compute()
      } finally {
        this.data = null
      }
    })
  }

  get device(): DeviceData {
    if (!this.data) throw new Error('The bound tasks are not on the device.')
    return this.data
  }

  drop(): void {
    const { data } = this
    this.data = null
    this.release()
    if (data) this.backend.tf.dispose(data)
  }

  private release(): void {
    this.budget.release(this.kept)
    this.kept = 0
  }

  /** Floats on the device: of the data without activations, and of the activations. */
  private sizes() {
    const { observationSize, hidden, actionSize } = this.shape
    const rows = this.tasks.length * Math.max(...this.tasks.map((task) => task.rows))
    const strides = this.tasks.map((task) => task.fisherStride)
    const ownRows = Math.max(...this.tasks.map((task, i) => Math.ceil(task.rows / strides[i]!)))
    const fisherRows = strides.every((stride) => stride === 1) ? 0 : this.tasks.length * ownRows
    const widths = hidden.reduce((sum, width) => sum + width, 0)
    return {
      floats: rows * (observationSize + 2 * actionSize + 2) + fisherRows * (observationSize + 1),
      activationFloats: (rows + fisherRows) * widths,
    }
  }

  /** The old policy's pass over a block, of all tasks. */
  passOf(parameters: readonly Tensor[], block: FisherBlock): Pass {
    if (block.activations.length === 0) return this.network.forward(parameters, block.observations)
    const layers = [block.observations, ...block.activations]
    return { layers, outputs: this.network.outputsOf(parameters, layers.at(-1)!) }
  }

  private upload(tf: Tf, keepsActivations: boolean): DeviceData {
    const { tasks, budget } = this
    const { observationSize, hidden, actionSize } = this.shape
    const theta = stackVectors(
      tf,
      tasks.map((task) => task.theta),
    )
    const parameters = this.network.unflatten(theta)
    const widest = Math.max(observationSize, ...hidden)
    const rowsPerBlock = budget.rowsOf(this.room * widest)
    const longest = Math.max(...tasks.map((task) => task.rows))

    const every: TaskRows[] = tasks.map(({ rows }) => ({ rows, stride: 1 }))
    const strided: TaskRows[] = tasks.map(({ rows, fisherStride: stride }) => ({
      rows: Math.ceil(rows / stride),
      stride,
    }))
    const batchOf = (task: number) => tasks[task]!.batch
    const fisherBlock = (rows: readonly TaskRows[], range: BlockOfRows) => {
      const observations = stackRows(tf, rows, (t) => batchOf(t).observations, observationSize, range)
      const share = stackShares(tf, rows, () => [null], 1, range)
      const pass = this.network.forward(parameters, observations)
      const block: FisherBlock = { observations, share, activations: keepsActivations ? pass.layers.slice(1) : [] }
      return { block, means: pass.outputs }
    }
    // Each block in a scope of its own, so that the activations that are not kept leave the device at once.
    const blocks = blocksOf(longest, rowsPerBlock).map((range) =>
      tf.tidy((): Block => {
        const { block, means } = fisherBlock(every, range)
        return {
          ...block,
          range: { ...range },
          means,
          actions: stackRows(tf, every, (t) => batchOf(t).actions, actionSize, range),
          logProbs: stackRows(tf, every, (t) => batchOf(t).logProbs, 1, range),
        }
      }),
    )
    const fisherBlocks = strided.every(({ stride }) => stride === 1)
      ? blocks
      : blocksOf(Math.max(...strided.map(({ rows }) => rows)), rowsPerBlock).map((range) =>
          tf.tidy(() => fisherBlock(strided, range).block),
        )
    return { theta, blocks, fisherBlocks }
  }
}
