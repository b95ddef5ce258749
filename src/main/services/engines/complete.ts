import { isSameProblem } from '../../../core/engines/timings.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { problemsOf, type MeasuredSizes } from './measure.ts'
import type { EngineMeasurement } from './timings-file.ts'

/**
 * Which engines are not timed at every size yet: interrupted or new. One that failed is not tried again, since it would
 * fail again, at the cost of a crash and of the time: until something that may be the reason has changed, there is no
 * measurement that knows of its failure.
 */
export function incompleteEngines(
  engines: readonly TriableEngine[],
  { sizes, measurement }: { readonly sizes: MeasuredSizes; readonly measurement: EngineMeasurement | null },
): TriableEngine[] {
  const problems = problemsOf(sizes)
  const settled = measurement === null ? [] : [...measurement.timings, ...measurement.skipped]
  const hasFailed = (name: TriableEngine) =>
    measurement?.engines.some((engine) => engine.name === name && engine.failure !== null) ?? false
  return engines.filter((name) => {
    if (hasFailed(name)) return false
    const own = settled.filter(({ engine }) => engine === name)
    return problems.some((problem) => !own.some((one) => isSameProblem(one, problem)))
  })
}
