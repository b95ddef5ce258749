import { ConfigError, type SettingProblem } from '../../../core/config/parse.ts'
import { InvalidRequest } from '../invalid-request.ts'

/** A request that cannot be done as asked, problem by problem, so that a form can show each at its field. */
export class RefusedRequest extends Error {
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ message }) => message).join('\n'))
    this.name = 'RefusedRequest'
    this.problems = problems
  }
}

/** Does what checks a request; what it refuses becomes a `RefusedRequest`. */
export function checked<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof ConfigError) throw new RefusedRequest(error.problems)
    if (error instanceof InvalidRequest) throw new RefusedRequest([{ path: null, message: error.message }])
    throw error
  }
}
