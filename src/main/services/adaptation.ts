/** A fine-tuning as curves over adaptation: means and spread over tasks, one curve per initialisation. */
import type { FineTuneRow, Run, Store } from '../store/store.ts'
import { shownInitialisations } from './initialisations.ts'
import { ownFineTuning } from './own-fine-tuning.ts'

/** Mean and spread over tasks by adaptation step, of one initialisation. */
export interface AdaptationCurve {
  readonly label: string
  /** Results behind the numbers. */
  readonly tasks: number
  readonly return: MeanAndDeviation[]
  readonly cost: MeanAndDeviation[]
  /** Share of tasks within the limit. */
  readonly feasible: number[]
}

interface MeanAndDeviation {
  readonly mean: number
  readonly sd: number
}

/** Of a training: of the fine-tuning that it ended with, nothing where there is none. */
export function adaptationCurves(store: Store, id: string): AdaptationCurve[] {
  const chosen = store.run(id)
  const run: Run | null = chosen.kind === 'fine-tune' ? chosen : ownFineTuning(store, chosen)
  if (run === null) return []
  const rows = Map.groupBy(store.fineTuneRows(run.id), ({ initialisation }) => initialisation)
  return shownInitialisations(store, run).map(({ index, label }) =>
    curveOf(label, rows.get(index) ?? [], run.config.costLimit),
  )
}

function curveOf(label: string, rows: readonly FineTuneRow[], costLimit: number): AdaptationCurve {
  const steps = [...Map.groupBy(rows, ({ step }) => step)].sort(([a], [b]) => a - b).map(([, ofStep]) => ofStep)
  return {
    label,
    tasks: steps[0]?.length ?? 0,
    return: steps.map((ofStep) => meanAndDeviation(ofStep.map((row) => row.return))),
    cost: steps.map((ofStep) => meanAndDeviation(ofStep.map(({ cost }) => cost))),
    feasible: steps.map((ofStep) => ofStep.filter(({ cost }) => cost <= costLimit).length / ofStep.length),
  }
}

/** The standard deviation divides by N - 1, as in the studies' figures; of a single value it is 0: there is no band. */
function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
