import { distinct, type SettingProblem } from '../../core/config/form/problems.ts'
import { messageOf } from '../shell/report.ts'

/** Why the machine refused a request: problems of settings, or words. */
export type Refusal = { readonly problems: readonly SettingProblem[] } | { readonly message: string }

export function refusalOf(error: unknown): Refusal {
  const problems = error instanceof Error && 'data' in error ? problemsIn(error.data) : undefined
  return problems ? { problems } : { message: messageOf(error) }
}

function problemsIn(data: unknown): readonly SettingProblem[] | undefined {
  if (typeof data !== 'object' || data === null || !('problems' in data) || !Array.isArray(data.problems))
    return undefined
  return distinct(data.problems as SettingProblem[])
}
