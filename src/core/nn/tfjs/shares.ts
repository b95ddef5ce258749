import type { ForTask } from '../batched-learner.ts'
import type { Tensor, Tf } from './backend.ts'
import type { Block, BoundTask, BoundTasks, FisherBlock } from './bound-tasks.ts'

type Requests<A extends readonly unknown[]> = readonly ForTask<A>[]

/** Those requests of a call whose tasks were bound together; they are computed together. */
export interface Share<A extends readonly unknown[]> {
  readonly bound: BoundTasks
  /** In the order of the bound tasks. */
  readonly tasks: readonly BoundTask[]
  readonly requests: Requests<A>
  /** Of the requests in the call. */
  readonly positions: readonly number[]
  /** Numbers of the tasks among those bound, in their order. */
  readonly members: readonly number[]
}

/** A share in the midst of its computation. */
export interface SharePlaces<A extends readonly unknown[]> extends Share<A> {
  /** The members on the device; null if they are all that is bound. */
  readonly chosen: Tensor | null
}

/** To be called in the scope of the computation, which frees what this makes. */
export function choose<A extends readonly unknown[]>(tf: Tf, share: Share<A>): SharePlaces<A> {
  const { bound, members } = share
  const all = members.length === bound.tasks.length
  return { ...share, chosen: all ? null : tf.tensor1d([...members], 'int32') }
}

/** Sorts a call's requests by what their places are bound to. */
export function shareOut<A extends readonly unknown[]>(
  requests: Requests<A>,
  places: readonly (BoundTasks | null)[],
): Share<A>[] {
  const positions = new Map(requests.map(({ place }, position) => [place, position]))
  const groups = new Set(requests.map(({ place }) => boundAt(places, place)))
  return Array.from(groups, (bound) => {
    const members = bound.tasks.flatMap(({ place }, i) => (positions.has(place) && places[place] === bound ? [i] : []))
    const tasks = members.map((i) => bound.tasks[i]!)
    const of = tasks.map(({ place }) => positions.get(place)!)
    return {
      bound,
      tasks,
      requests: of.map((position) => requests[position]!),
      positions: of,
      members,
    }
  })
}

export function boundAt(places: readonly (BoundTasks | null)[], place: number): BoundTasks {
  const bound = places[place]
  if (bound) return bound
  throw new Error(`The TensorFlow.js engine has no batch at place ${place}: call bind first.`)
}

export function taskAt(places: readonly (BoundTasks | null)[], place: number): BoundTask {
  return boundAt(places, place).tasks.find((task) => task.place === place)!
}

/** A tensor of all bound tasks, [P x ...], cut to those of the share. */
export function pick<A extends readonly unknown[]>(tf: Tf, { chosen }: SharePlaces<A>, tensor: Tensor): Tensor {
  return chosen ? tf.gather(tensor, chosen) : tensor
}

export function pickFisherBlock<A extends readonly unknown[]>(tf: Tf, share: SharePlaces<A>, block: FisherBlock) {
  if (!share.chosen) return block
  return {
    observations: pick(tf, share, block.observations),
    share: pick(tf, share, block.share),
    activations: block.activations.map((h) => pick(tf, share, h)),
  }
}

/** @param atOld whether the old policy's activations are of use */
export function pickBlock<A extends readonly unknown[]>(
  tf: Tf,
  share: SharePlaces<A>,
  block: Block,
  atOld: boolean,
): Block {
  if (!share.chosen) return block
  return {
    ...pickFisherBlock(tf, share, atOld ? block : { ...block, activations: [] }),
    range: block.range,
    actions: pick(tf, share, block.actions),
    logProbs: pick(tf, share, block.logProbs),
    means: pick(tf, share, block.means),
  }
}
