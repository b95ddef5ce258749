/** What a request would take: environment steps, time, disk. */
import { availableParallelism, cpus } from 'node:os'
import { totalIterations, type RunConfig } from '../../../core/config/settings.ts'
import { mostStepsPerIteration } from '../../../core/study/plan/budget.ts'
import { trainingTasks } from '../../../core/training/tasks.ts'
import type { Estimate, JobRequest } from './job.ts'
import type { Store } from '../../store/store.ts'
import { chosenEngine } from '../engines/chosen-engine.ts'
import { freeBytes } from '../free-bytes.ts'
import { ownFineTuning } from '../own-fine-tuning.ts'
import { counted } from '../conclusion.ts'
import { parseInits, planFromOrder } from '../study/prepare.ts'
import { studyIn, studyStates } from '../study/run-study.ts'
import { fineTuningUnit } from '../study/study-progress.ts'
import { checked } from './refused-request.ts'
import { fineTuningBytes, trainingBytes } from './run-bytes.ts'
import { workOf, type Work } from './work.ts'

/** Work left on one configuration. */
interface Part {
  readonly config: RunConfig
  /** Iterations and fine-tuning results to come. */
  readonly iterations: number
  readonly results: number
}

interface Plan {
  readonly parts: readonly Part[]
  readonly tasks: number
}

/** @param store null where there is no database yet */
export function estimateRequest(
  request: JobRequest,
  database: string,
  store: Store | null,
  workers: number | null,
): Estimate {
  const { parts, tasks } = checked(() => planOf(workOf(request, store), store))
  let [envSteps, seconds, bytes]: [number, number | null, number] = [0, 0, 0]
  const sources = new Set<string>()
  for (const part of parts) {
    const steps = stepsOf(part)
    const speed = steps > 0 && store ? measuredSpeed(store, part.config, workers ?? availableParallelism()) : null
    envSteps += steps
    bytes += trainingBytes(part.config, part.iterations) + fineTuningBytes(part.config, part.results)
    if (speed) sources.add(speed.source)
    if (steps > 0) seconds = seconds !== null && speed ? seconds + steps * speed.secondsPerStep : null
  }
  return {
    envSteps,
    seconds,
    measuredOn: seconds !== null && sources.size > 0 ? [...sources].join('; ') : null,
    bytes: Math.round(bytes),
    bytesFree: freeBytes(database),
    tasks,
  }
}

const stepsOf = ({ config, iterations, results }: Part): number =>
  iterations * mostStepsPerIteration(config) + results * fineTuningUnit('', 0, config, 1).stepsPerItem

function planOf(work: Work, store: Store | null): Plan {
  switch (work.kind) {
    case 'train':
      return {
        parts: [{ config: work.config, iterations: totalIterations(work.config), results: ownResults(work.config) }],
        tasks: trainingTasks(work.config).length,
      }
    case 'fine-tune': {
      const { config, initialisations, tasks } = work
      const results = initialisations.length * tasks.length
      return { parts: [{ config, iterations: 0, results }], tasks: tasks.length }
    }
    case 'resume':
      return resumePlan(store!, work)
    case 'study': {
      const plan = planFromOrder(work.order)
      const study = store && studyIn(store, plan, parseInits(plan, work.order.init ?? []))
      const units = studyStates(plan, study)
      const configOf = (kind: string, arm: string, seed: number) =>
        (kind === 'training' ? plan.trainings : plan.fineTunings).find(
          (planned) => planned.arm === arm && planned.seed === seed,
        )!.config
      const parts = units.map(({ kind, arm, seed, items, done }): Part => {
        const left = Math.max(items - done, 0)
        const config = configOf(kind, arm, seed)
        return kind === 'training' ? { config, iterations: left, results: 0 } : { config, iterations: 0, results: left }
      })
      return { parts, tasks: plan.tasks.length }
    }
  }
}

/** The adapted policy and the random one, on every task of the fine-tuning that follows a training. */
const ownResults = ({ fineTune }: RunConfig): number => 2 * fineTune.tasks

function resumePlan(store: Store, { run: id, iterations }: Extract<Work, { kind: 'resume' }>): Plan {
  const run = store.run(id)
  const { config, done, total, kind, tasks } = run
  if (kind === 'fine-tune')
    return { parts: [{ config, iterations: 0, results: total - done }], tasks: tasks?.length ?? 0 }
  const wanted = iterations ?? total
  // A longer training leaves another policy, so its fine-tuning is a new one.
  const tuned = wanted > total ? null : ownFineTuning(store, run)
  return {
    parts: [{ config, iterations: wanted - done, results: ownResults(config) - (tuned?.done ?? 0) }],
    tasks: trainingTasks(config).length,
  }
}

/** Runs of this many are enough to tell a usual speed from an unlucky one. */
const MOST_RUNS = 5

interface Speed {
  /** Of environment steps at most, as `stepsOf` counts them. */
  readonly secondsPerStep: number
  readonly source: string
}

/** The median over the newest trainings of the same kind on this processor; fine-tuning too is mostly rolling out. */
function measuredSpeed(store: Store, config: RunConfig, workers: number): Speed | null {
  const { method, environment, inner } = config
  const { world, physics } = environment
  const { engine } = chosenEngine(config)
  const speeds = store.speeds({
    method,
    world,
    physics,
    algorithm: inner.algorithm,
    engine,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    fewestWorkers: workers / 1.5,
    mostWorkers: workers * 1.5,
    limit: MOST_RUNS,
  })
  if (speeds.length === 0) return null
  // Per step that they might have taken, as the request's are counted: where episodes end before the horizon, steps that
  // were taken say too much of those that might be.
  const ordered = speeds
    .map(({ seconds, iterations, config }) => seconds / (iterations * mostStepsPerIteration(config)))
    .sort((a, b) => a - b)
  const middle = ordered.length / 2
  const secondsPerStep = (ordered[Math.ceil(middle) - 1]! + ordered[Math.floor(middle)]!) / 2
  const by = engine === 'simd' ? inner.algorithm : `${inner.algorithm} on ${engine}`
  const source = `${counted(speeds.length, 'training')} by ${by} in ${world} on this processor`
  return { secondsPerStep, source }
}
