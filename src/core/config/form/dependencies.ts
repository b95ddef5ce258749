// Which settings a run does not use, by its other settings: a training and the fine-tuning that follows it (docs/method.md).
// Every rule is read off the code that uses the setting, which its comment names.
import type { RunConfig } from '../settings.ts'
import type { Dependency } from './dependencies/dependency.ts'
import { outerLoop } from './dependencies/outer-loop.ts'
import { policyStep } from './dependencies/policy-step.ts'
import { preTraining } from './dependencies/pre-training.ts'
import { tasksAndFineTuning } from './dependencies/tasks.ts'

export const DEPENDENCIES: readonly Dependency[] = [...policyStep, ...outerLoop, ...preTraining, ...tasksAndFineTuning]

const concerns = ({ settings }: Dependency, path: string): boolean =>
  settings.some((named) => named === path || path.startsWith(`${named}.`))

const rulesOf = new Map<string, readonly Dependency[]>()

/** Why a run with this configuration does not use a setting; null where it does. */
export function unusedReason(path: string, config: RunConfig): string | null {
  let rules = rulesOf.get(path)
  if (!rules) rulesOf.set(path, (rules = DEPENDENCIES.filter((dependency) => concerns(dependency, path))))
  for (const rule of rules) {
    const reason = rule.unused(config)
    if (reason !== null) return reason
  }
  return null
}

/** Whether a run with this configuration uses a setting. */
export const visible = (path: string, config: RunConfig): boolean => unusedReason(path, config) === null
