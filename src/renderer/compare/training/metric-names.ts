/** Metrics as the charts of a run call them. */
import { METRICS, type MetricName } from '../../../core/training/records.ts'
import { chartsOf } from '../../run/chart-list.ts'

const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** `costAfter`: `Cost after`, for those that no chart of a run draws as they are. */
const inWords = (metric: string): string =>
  capitalised(metric.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))

const NAMES: ReadonlyMap<string, string> = new Map(
  chartsOf({}, new Set(Object.keys(METRICS) as MetricName[])).flatMap(({ title, lines }) =>
    lines
      .filter((line) => line.as === undefined)
      .map(({ metric, name }) => [metric, lines.length === 1 ? title : `${title}, ${name}`] as const),
  ),
)

/** `Episode cost, adapted` */
export const metricTitle = (metric: string): string => NAMES.get(metric) ?? inWords(metric)

/** `Episode return of the meta-policy (undiscounted)` */
export const meaningOf = (metric: string): string => capitalised(METRICS[metric as MetricName] ?? metric)
