/** Mean and standard deviation as the paper's figures show them. Its text does not say which form; ours divides by N - 1. */
import type { Estimate } from './estimate.ts'
import { checkedScores, mean, runMeans, taskMeans } from './score-matrix.ts'
import type { ScoreMatrix } from './score-matrix.ts'

/** A mean with low and high one standard deviation from it: a spread, not a confidence interval. */
export interface Spread extends Estimate {
  /** Null with a single value. */
  readonly deviation: number | null
}

/** Figures 4, 5 and 13: mean over T tasks and standard deviation across them, each task averaged over its R runs first. */
export function spreadAcrossTasks(scores: ScoreMatrix): Spread {
  checkedScores(scores)
  const { runs, tasks } = scores
  return spread(
    scores,
    taskMeans(scores),
    runs === 1 ? `${tasks} tasks` : `${tasks} tasks, each the mean of ${runs} runs`,
  )
}

/** Figures 10 and 11: mean over R runs of the means across T tasks, and the standard deviation of these R means. */
export function spreadAcrossRuns(scores: ScoreMatrix): Spread {
  checkedScores(scores)
  const { runs, tasks } = scores
  return spread(
    scores,
    runMeans(scores),
    `${runs} runs, each the mean of ${tasks === 1 ? 'one task' : `${tasks} tasks`}`,
  )
}

function spread({ runs, tasks }: ScoreMatrix, values: Float64Array, units: string): Spread {
  const value = mean(values)
  const provenance = { runs, tasks, resamples: 0, seed: null }
  if (values.length === 1)
    return {
      value,
      deviation: null,
      low: null,
      high: null,
      band: 'no standard deviation: one value only',
      ...provenance,
    }
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0)
  const deviation = Math.sqrt(squares / (values.length - 1))
  const band = `mean plus and minus one standard deviation across ${units}`
  return { value, deviation, low: value - deviation, high: value + deviation, band, ...provenance }
}
