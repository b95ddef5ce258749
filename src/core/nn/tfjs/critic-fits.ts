import { BETA_1, BETA_2, EPSILON } from '../adam.ts'
import type { CriticFit, CriticFitSettings } from '../learner.ts'
import type { NetworkShape } from '../policy.ts'
import type { Tensor, Tf } from './backend.ts'
import type { BatchedNetwork, Pass } from './network.ts'
import { stackVectors } from './rows.ts'

/** A critic to be fitted, one of its task's. */
export interface FitEntry {
  readonly fit: CriticFit
  /** Of the task's batch, [at least rows x inputs]; entries of one task share it. */
  readonly observations: Float32Array
  readonly rows: number
  readonly minibatches: readonly Int32Array[]
  readonly settings: CriticFitSettings
}

/** Minibatches of all epochs in their order; none crosses an epoch's end. */
export function minibatchesOf(epochs: readonly Int32Array[], minibatch: number): Int32Array[] {
  return epochs.flatMap((rows) =>
    Array.from({ length: Math.ceil(rows.length / minibatch) }, (_, i) =>
      rows.subarray(i * minibatch, (i + 1) * minibatch),
    ),
  )
}

/** Parameters and Adam moments of E critics, each [E x parameters]. */
type AdamState = { parameters: Tensor; firstMoment: Tensor; secondMoment: Tensor }

/** The constants as simd/kernels/adam.ts has them, rounded to float32 one by one. */
const KEEP_1 = Math.fround(BETA_1)
const KEEP_2 = Math.fround(BETA_2)
const ADD_1 = Math.fround(1 - KEEP_1)
const ADD_2 = Math.fround(1 - KEEP_2)

/**
 * Fits group after group, without a readback. Observations stay on the device while they are those of the next group: a
 * task's critics follow each other.
 * @returns parameters, first and second moments of each entry, [entries x 3 parameters]
 */
export function queueGroups(
  tf: Tf,
  network: BatchedNetwork,
  shape: NetworkShape,
  groups: readonly FitEntry[][],
): Tensor {
  let uploaded: Uploaded | null = null
  const fitted = groups.map((entries) => {
    if (!uploaded || !isOf(uploaded, entries)) {
      uploaded?.observations.dispose()
      uploaded = uploadObservations(tf, entries, shape.inputs)
    }
    return queueFits(tf, network, entries, uploaded)
  })
  return tf.concat(fitted, 0)
}

/**
 * Queues all minibatches of all entries, step by step, without a readback; an entry with fewer minibatches rests at the
 * end.
 */
function queueFits(
  tf: Tf,
  network: BatchedNetwork,
  entries: readonly FitEntry[],
  { observations, starts }: Uploaded,
): Tensor {
  const offsets = entries.map((entry) => starts.get(entry.observations)!)
  return tf.tidy(() => {
    const stacked = (part: 'parameters' | 'firstMoment' | 'secondMoment') =>
      stackVectors(
        tf,
        entries.map(({ fit }) => fit.critic[part]),
      )
    let state: AdamState = {
      parameters: stacked('parameters'),
      firstMoment: stacked('firstMoment'),
      secondMoment: stacked('secondMoment'),
    }
    const steps = Math.max(...entries.map(({ minibatches }) => minibatches.length))
    const adam = createAdam(tf, entries)
    for (let step = 0; step < steps; step++) {
      const next = tf.tidy((): AdamState => {
        const sample = uploadMinibatches(tf, entries, offsets, step)
        const parameters = network.unflatten(state.parameters)
        const pass: Pass = network.forward(parameters, tf.gather(observations, sample.indices))
        const errors = tf.mul<Tensor>(tf.sub(pass.outputs, sample.targets), sample.share)
        const gradient = network.backward(parameters, pass, network.slopesOf(pass), errors)
        return adam.step(state, gradient, step)
      })
      tf.dispose(state)
      state = next
    }
    return tf.concat([state.parameters, state.firstMoment, state.secondMoment], 1)
  })
}

/** Writes one entry's row of what `queueFits` returned to its critic. */
export function storeFit({ fit: { critic }, minibatches }: FitEntry, result: Float32Array): void {
  const count = critic.parameters.length
  critic.parameters.set(result.subarray(0, count))
  critic.firstMoment.set(result.subarray(count, 2 * count))
  critic.secondMoment.set(result.subarray(2 * count, 3 * count))
  critic.updates += minibatches.length
}

/** Tasks' rows one after the other, [rows x inputs], and where those of each array begin. */
interface Uploaded {
  readonly observations: Tensor
  readonly starts: ReadonlyMap<Float32Array, number>
}

/** Whether the rows are those of one task that the entries need. */
function isOf({ starts }: Uploaded, entries: readonly FitEntry[]): boolean {
  return starts.size === 1 && entries.every((entry) => starts.has(entry.observations))
}

function uploadObservations(tf: Tf, entries: readonly FitEntry[], inputs: number): Uploaded {
  const starts = new Map<Float32Array, number>()
  let rows = 0
  for (const entry of entries) {
    if (starts.has(entry.observations)) continue
    starts.set(entry.observations, rows)
    rows += entry.rows
  }
  const flat = new Float32Array(rows * inputs)
  for (const { observations, rows: own } of entries) {
    flat.set(observations.subarray(0, own * inputs), starts.get(observations)! * inputs)
  }
  return { observations: tf.tensor(flat, [rows, inputs]), starts }
}

/**
 * Global row numbers [E x M], targets [E x M x 1] and the error's factor 2 / rows, which is 0 where an entry's minibatch
 * is shorter than the longest.
 */
function uploadMinibatches(tf: Tf, entries: readonly FitEntry[], offsets: readonly number[], step: number) {
  const longest = Math.max(...entries.map(({ minibatches }) => minibatches[step]?.length ?? 0))
  const size = entries.length * longest
  const indices = new Int32Array(size)
  const targets = new Float32Array(size)
  const share = new Float32Array(size)
  entries.forEach(({ minibatches, fit }, e) => {
    const rows = minibatches[step]
    const length = rows?.length ?? 0
    for (let i = 0; i < longest; i++) {
      const row = i < length ? rows![i]! : 0
      const at = e * longest + i
      indices[at] = offsets[e]! + row
      targets[at] = fit.targets[row]!
      share[at] = i < length ? 2 / length : 0
    }
  })
  const column = [entries.length, longest, 1]
  return {
    indices: tf.tensor(indices, [entries.length, longest], 'int32'),
    targets: tf.tensor(targets, column),
    share: tf.tensor(share, column),
  }
}

/** Made once per fit: a number in an operation would be sent to the device at every step. */
const constantsOf = (tf: Tf) => ({
  one: tf.scalar(1),
  nearZero: tf.scalar(1e-6),
  keep1: tf.scalar(KEEP_1),
  keep2: tf.scalar(KEEP_2),
  add1: tf.scalar(ADD_1),
  add2: tf.scalar(ADD_2),
  epsilon: tf.scalar(EPSILON),
})

/** Adam with an l2 penalty and clipped gradients, as simd/kernels/adam.ts takes its step. */
function createAdam(tf: Tf, entries: readonly FitEntry[]) {
  /** One number per entry, [E x 1]; a scalar where all are the same. */
  const column = (valueOf: (entry: FitEntry) => number): Tensor => {
    const values = entries.map(valueOf)
    return values.every((value) => value === values[0]) ? tf.scalar(values[0]!) : tf.tensor(values, [values.length, 1])
  }
  const l2Gradient = column(({ settings }) => 2 * settings.l2)
  const { one, nearZero, keep1, keep2, add1, add2, epsilon } = constantsOf(tf)
  const maxNorm = column(({ settings }) => settings.maxGradientNorm)

  return {
    step({ parameters, firstMoment, secondMoment }: AdamState, raw: Tensor, step: number): AdamState {
      const update = ({ fit }: FitEntry) => fit.critic.updates + step + 1
      const rate = column((entry) => entry.settings.learningRate / (1 - BETA_1 ** update(entry)))
      const rescale = column((entry) => 1 / Math.sqrt(1 - BETA_2 ** update(entry)))
      const penalised = tf.add<Tensor>(raw, tf.mul(l2Gradient, parameters))
      const norm = tf.sqrt(tf.sum(tf.square(penalised), 1, true))
      const gradient = tf.mul<Tensor>(penalised, tf.minimum(one, tf.div(maxNorm, tf.add(norm, nearZero))))
      const first = tf.add<Tensor>(tf.mul(keep1, firstMoment), tf.mul(add1, gradient))
      const second = tf.add<Tensor>(tf.mul(keep2, secondMoment), tf.mul(add2, tf.square(gradient)))
      const scale = tf.add<Tensor>(tf.mul(tf.sqrt(second), rescale), epsilon)
      const moved = tf.sub<Tensor>(parameters, tf.div(tf.mul(rate, first), scale))
      const active = entries.map(({ minibatches }) => step < minibatches.length)
      if (active.every(Boolean)) return { parameters: moved, firstMoment: first, secondMoment: second }
      const mask = tf.tensor(active, [active.length, 1], 'bool')
      return {
        parameters: tf.where(mask, moved, parameters),
        firstMoment: tf.where(mask, first, firstMoment),
        secondMoment: tf.where(mask, second, secondMoment),
      }
    },
  }
}

/** What the critics of one computation may take together. */
export interface FitLimits {
  /** Critics. */
  readonly entries: number
  /** Rows of all tasks' batches on the device. */
  readonly rows: number
  /** Rows of all critics' minibatches of a step, each as wide as the widest layer: the longest times the critics. */
  readonly minibatchRows: number
}

/** Groups entries that are fitted at once; one that is beyond the limits alone is a group all the same. */
export function groupFits(entries: readonly FitEntry[], limits: FitLimits): FitEntry[][] {
  const groups: FitEntry[][] = []
  let rows = 0
  let longest = 0
  for (const entry of entries) {
    const group = groups.at(-1)
    const shared = group?.some(({ observations }) => observations === entry.observations)
    const more = shared ? 0 : entry.rows
    const own = Math.max(...entry.minibatches.map(({ length }) => length))
    const size = (group?.length ?? 0) + 1
    const fits =
      size <= limits.entries && rows + more <= limits.rows && size * Math.max(longest, own) <= limits.minibatchRows
    if (group && fits) {
      group.push(entry)
      rows += more
      longest = Math.max(longest, own)
    } else {
      groups.push([entry])
      rows = entry.rows
      longest = own
    }
  }
  return groups
}
