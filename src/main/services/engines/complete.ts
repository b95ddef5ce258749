import { isSameProblem } from '../../../core/engines/timings.ts'
import type { TriableEngine } from '../../trainer/client.ts'
import { problemsOf, type MeasuredSizes } from './measure.ts'
import type { EngineMeasurement } from './timings-file.ts'

/** Which engines are not timed at every size yet: interrupted, new, or failed, and so to be tried again. */
export function incompleteEngines(
  engines: readonly TriableEngine[],
  { sizes, measurement }: { readonly sizes: MeasuredSizes; readonly measurement: EngineMeasurement | null },
): TriableEngine[] {
  const problems = problemsOf(sizes)
  const settled = measurement === null ? [] : [...measurement.timings, ...measurement.skipped]
  return engines.filter((name) => {
    const own = settled.filter(({ engine }) => engine === name)
    return problems.some((problem) => !own.some((one) => isSameProblem(one, problem)))
  })
}
