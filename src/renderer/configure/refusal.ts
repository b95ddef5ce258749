import type { SettingProblem } from '../../core/config/form/problems.ts'

/** Why the machine refused a request: problems of settings, or words. */
export type Refusal = { readonly problems: readonly SettingProblem[] } | { readonly message: string }

export function refusalOf(error: unknown): Refusal {
  const problems = error instanceof Error && 'data' in error ? problemsIn(error.data) : undefined
  return problems ? { problems } : { message: error instanceof Error ? error.message : String(error) }
}

function problemsIn(data: unknown): readonly SettingProblem[] | undefined {
  if (typeof data !== 'object' || data === null || !('problems' in data) || !Array.isArray(data.problems))
    return undefined
  return data.problems as SettingProblem[]
}
