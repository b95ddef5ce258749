import { ConfigError, parseRunConfig, type SettingProblem } from '../parse.ts'
import { fieldAt } from './fields.ts'
import type { Settings } from './values.ts'

export type { SettingProblem } from '../parse.ts'

/** All that is wrong with the settings: the schema's problems, else those of settings that do not go together. */
export function validate(settings: Settings): SettingProblem[] {
  try {
    parseRunConfig(settings)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return distinct(error.problems)
  }
}

/** The first problem of every setting: one value may fail several checks, which all name what is allowed. */
export function distinct(problems: readonly SettingProblem[]): SettingProblem[] {
  const first = new Map<string, SettingProblem>()
  for (const problem of problems) {
    const about = problem.path ?? problem.message
    if (!first.has(about)) first.set(about, problem)
  }
  return [...first.values()]
}

/** What the setting of a problem is called on the form; undefined where it is no one setting's. */
export function labelOfProblem({ path }: SettingProblem): string | undefined {
  const field = fieldOfProblem(path)
  return field === undefined ? undefined : fieldAt(field)?.label
}

/** The field at which a problem is shown: `policy.hidden` for `policy.hidden.0`; undefined for unknown settings. */
export function fieldOfProblem(path: string | null): string | undefined {
  for (let at = path ?? ''; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) if (fieldAt(at)) return at
  return undefined
}

/** Problems by the field that they are shown at; what belongs to no field is under `''`. */
export function problemsByField(problems: readonly SettingProblem[]): ReadonlyMap<string, readonly string[]> {
  const byField = new Map<string, string[]>()
  for (const { path, message } of problems) {
    const field = fieldOfProblem(path) ?? ''
    byField.set(field, [...(byField.get(field) ?? []), message])
  }
  return byField
}
