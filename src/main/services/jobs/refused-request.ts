import { describeSettings } from '../../../core/config/describe.ts'
import { ConfigError } from '../../../core/config/parse.ts'
import { InvalidRequest } from '../invalid-request.ts'

/** One thing that is wrong with a request, by the setting that it is about where it is one setting's. */
export interface RequestProblem {
  readonly path: string | null
  readonly message: string
}

/** A request that cannot be done as asked, problem by problem, so that a form can show each at its field. */
export class RefusedRequest extends Error {
  readonly problems: readonly RequestProblem[]

  constructor(problems: readonly RequestProblem[]) {
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
    if (error instanceof ConfigError)
      throw new RefusedRequest(error.problems.flatMap((text) => text.split('\n')).map(problemOf))
    if (error instanceof InvalidRequest) throw new RefusedRequest([problemOf(error.message)])
    throw error
  }
}

/** Messages about a setting begin with its path. */
function problemOf(message: string): RequestProblem {
  const first = /^[\w.]+/.exec(message)?.[0] ?? ''
  const isPath = message.startsWith(`${first} is not a setting`) || settingPaths().has(first)
  return { path: isPath ? first : null, message }
}

let paths: ReadonlySet<string> | undefined
const settingPaths = (): ReadonlySet<string> => (paths ??= new Set(describeSettings().map(({ path }) => path)))
