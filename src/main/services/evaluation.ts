/** What a policy does as it is, without adaptation: whole episodes on layouts, in this process. */
import type { RunConfig } from '../../core/config/settings.ts'
import { createWorkerContext } from '../trainer/worker-context.ts'
import { loadKernels } from '../trainer/kernels.ts'
import { stream } from '../../core/random/stream.ts'
import { rollout, type Episode } from '../../core/rl/rollout.ts'
import { scalingOf } from '../../core/training/state.ts'
import { heldOutTasks, trainingTasks } from '../../core/training/tasks.ts'
import { requiredRows } from '../../core/training/worker-context.ts'
import { meanInterval, type Interval } from '../../core/study/paired.ts'
import type { Store } from '../store/store.ts'
import { InvalidRequest } from './invalid-request.ts'

/** Where to evaluate: every episode in a layout never met, on a task set of the checkpoint's configuration, or on seeds. */
export type EvaluationLayouts = 'fresh' | 'training' | 'held-out' | readonly number[]

export interface EvaluationRequest {
  /** Id of a checkpoint. */
  readonly checkpoint: string
  readonly layouts: EvaluationLayouts
  readonly episodes: number
  readonly seed: number
  /** Act with the policy's mean instead of sampling. */
  readonly deterministic: boolean
}

export interface Evaluation extends EvaluationRequest {
  readonly world: string
  readonly costLimit: number
  /** Means over episodes, each with the 95 % t interval and the SD over episodes. */
  readonly return: Interval & { readonly deviation: number }
  readonly cost: Interval & { readonly deviation: number }
  readonly goals: number
  readonly length: number
}

/** Fresh layouts are drawn below this bound, as in pre-training. */
const FRESH_LAYOUTS = 2 ** 31 - 1

export async function evaluate(store: Store, request: EvaluationRequest): Promise<Evaluation> {
  const { config, state } = store.readCheckpoint(request.checkpoint)
  const worker = await createWorkerContext({ config, kernels: loadKernels(config.kernels).module })
  const { engine, batch } = worker
  const scaling = scalingOf(config, state.moments)
  const options = { stochastic: !request.deterministic }
  const layouts = chooseLayouts(config, request)
  const perBatch = requiredRows(config).episodes
  const episodes: Episode[] = []
  for (let at = 0; at < layouts.length; at += perBatch) {
    const environments = worker.environments(layouts.slice(at, at + perBatch))
    const random = stream(request.seed, 'evaluation', at)
    episodes.push(...rollout(engine, engine.policyShape, state.theta, environments, scaling, batch, random, options))
  }
  const mean = (of: (episode: Episode) => number) => episodes.reduce((sum, e) => sum + of(e), 0) / episodes.length
  return {
    ...request,
    world: config.environment.world,
    costLimit: config.costLimit,
    return: summarise(episodes.map((episode) => episode.return)),
    cost: summarise(episodes.map((episode) => episode.cost)),
    goals: mean((episode) => episode.goals),
    length: mean((episode) => episode.length),
  }
}

/** One entry per episode; a task set is gone through in turn, as often as it takes. */
function chooseLayouts(config: RunConfig, { layouts, episodes, seed }: EvaluationRequest): number[] {
  if (layouts === 'fresh') {
    const random = stream(seed, 'evaluation layouts')
    return Array.from({ length: episodes }, () => random.integer(FRESH_LAYOUTS))
  }
  const tasks = layouts === 'training' ? trainingTasks(config) : layouts === 'held-out' ? heldOutTasks(config) : layouts
  if (tasks.length === 0) throw new InvalidRequest('No task is left to evaluate on.')
  return Array.from({ length: episodes }, (_, i) => tasks[i % tasks.length]!)
}

function summarise(values: readonly number[]): Interval & { readonly deviation: number } {
  const interval = meanInterval(values)
  const squares = values.reduce((sum, value) => sum + (value - interval.mean) ** 2, 0)
  return { ...interval, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
