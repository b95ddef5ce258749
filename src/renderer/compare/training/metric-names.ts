/** Metrics as the charts of a run call them. */
import { METRICS, type MetricName } from '../../../core/training/records.ts'
import { chartsOf } from '../../run/chart-list.ts'

/** `costAfter`: `Cost after`, for those that no chart of a run draws as they are. */
const inWords = (metric: string): string => {
  const words = metric.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const NAMES: ReadonlyMap<string, string> = new Map(
  chartsOf({}, new Set(Object.keys(METRICS) as MetricName[])).flatMap(({ title, lines }) =>
    lines
      .filter((line) => line.as === undefined)
      .map(({ metric, name }) => [metric, lines.length === 1 ? title : `${title}, ${name}`] as const),
  ),
)

/** `Episode cost, adapted` */
export const metricTitle = (metric: string): string => NAMES.get(metric) ?? inWords(metric)

/** Those that a cost limit is about. */
export const isEpisodeCost = (metric: string): boolean => /^cost(Before|After|Signal\w+)$/.test(metric)
