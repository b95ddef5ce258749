/** A policy's episodes on record, apart from any training: random streams of their own leave all others as they are. */
import type { Batch } from '../rl/batch.ts'
import type { PolicyForward } from '../nn/learner.ts'
import type { ObservationScaling } from '../nn/observation-scaling.ts'
import type { PolicyShape } from '../nn/policy.ts'
import { stream, type Stream } from '../random/stream.ts'
import { rollout } from '../rl/rollout.ts'
import { fineTune } from '../study/fine-tune.ts'
import type { PointGoalEnvironment } from '../env/goal-task.ts'
import type { RecordedEpisode, RecordJob, RecordResult } from '../training/jobs.ts'
import { randomPolicy, scalingOf } from '../training/state.ts'
import type { WorkerContext } from '../training/worker-context.ts'
import type { Episode } from './episode.ts'
import { createRecorder, watched, type StepListener } from './recorder.ts'

/** What drives the robot. */
export interface Driver {
  readonly forward: PolicyForward
  readonly shape: PolicyShape
  readonly theta: Float32Array
  readonly scaling: ObservationScaling
  /** For at least one episode. */
  readonly batch: Batch
  readonly stochastic: boolean
}

/** Noise of the recorded episode of a task with this number; the same before and after adaptation. */
export const episodeStream = (seed: number, task: number, number: number): Stream =>
  number === 0 ? stream(seed, 'single rollout', task) : stream(seed, 'single rollout', task, number)

/** One whole episode in an environment that has its task. */
export function recordEpisode(
  environment: PointGoalEnvironment,
  task: number,
  { forward, shape, theta, scaling, batch, stochastic }: Driver,
  random: Stream,
  onStep: StepListener = () => {},
): Episode {
  const recorder = createRecorder(environment, task)
  const world = watched(environment, (action) => {
    recorder.onStep(action)
    onStep(action)
  })
  rollout(forward, shape, theta, [world], scaling, batch, random, { stochastic })
  return recorder.episode()
}

/** Policies after adaptation are not stored anywhere: the adaptation is done once more, which gives the same bits. */
export async function recordEpisodes(worker: WorkerContext, job: RecordJob): Promise<RecordResult> {
  const { config, engine, batch } = worker
  const { task, stochastic, adaptationSteps, firstEpisode = 0 } = job
  const policies = await policiesOf(worker, job)
  const scaling = scalingOf(config, job.initialisation.moments)
  const recorded: RecordedEpisode[] = []
  for (const step of adaptationSteps)
    for (let number = firstEpisode; number < firstEpisode + job.episodes; number++) {
      const { policyShape: shape } = engine
      const driver = { forward: engine, shape, theta: policies[step]!, scaling, batch, stochastic }
      const random = episodeStream(config.seed, task, number)
      recorded.push({ step, number, episode: recordEpisode(worker.simulator(task), task, driver, random) })
    }
  return { recorded }
}

/** By adaptation step, as far as they are needed. */
async function policiesOf(worker: WorkerContext, job: RecordJob): Promise<readonly Float32Array[]> {
  const { config } = worker
  const { task, initialisation } = job
  const steps = Math.max(...job.adaptationSteps)
  if (steps === 0) return [initialisation.theta ?? randomPolicy(config, [config.seed, 'random initialisation', task])]
  // No step knows how many come after it.
  const shortened = { ...worker, config: { ...config, fineTune: { ...config.fineTune, steps } } }
  const { policies } = await fineTune(shortened, { kind: 'fine-tune', task, initialisation, keepPolicies: true })
  return policies!
}
