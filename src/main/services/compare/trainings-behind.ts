/** The trainings that an initialisation comes from. */
import type { RunConfig } from '../../../core/config/settings.ts'
import type { Origin, TaskCurve } from '../curves.ts'

export interface TrainingsBehind {
  /** Distinct checkpoints behind it, 0 for random networks, and the seeds of their trainings. */
  readonly trainings: number
  /** How all of them were trained; null where there is none, where methods differ or one was deleted. */
  readonly method: RunConfig['method'] | null
  readonly trainingSeeds: readonly number[]
  /** Environment steps of training behind it, mean over its checkpoints; null where one was deleted. */
  readonly trainingSteps: number | null
}

/** The distinct checkpoints behind curves. */
export const originsOf = (curves: readonly TaskCurve[]): Origin[] => [
  ...new Map(curves.flatMap(({ start: { origin } }) => (origin ? [[origin.sha256, origin] as const] : []))).values(),
]

export function trainingsBehind(curves: readonly TaskCurve[]): TrainingsBehind {
  const origins = originsOf(curves)
  const trained = origins.flatMap((origin) => origin.trained ?? [])
  const steps = trained.reduce((sum, { envSteps }) => sum + envSteps, 0) / Math.max(1, trained.length)
  const methods = new Set(origins.map((origin) => origin.trained?.config.method ?? null))
  const [method = null] = methods
  return {
    trainings: origins.length,
    method: methods.size === 1 ? method : null,
    trainingSeeds: ascending(trained.map(({ config }) => config.seed)),
    trainingSteps: trained.length < origins.length ? null : steps,
  }
}

export const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b)
