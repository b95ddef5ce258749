import { metricsFiles } from '../../services/metrics-files.ts'
import { adaptationCurves } from '../../services/adaptation.ts'
import { metricNames } from '../../services/run-feed.ts'
import { os } from './implement.ts'
import { storeOf } from './runs.ts'

export const metrics = os.metrics.router({
  series: os.metrics.series.handler(async ({ context, input: { run, metrics: names, ...query } }) =>
    (await storeOf(context)).chartSeries(run, metricNames(names), rangeOf(query)),
  ),
  watch: os.metrics.watch.handler(({ context, input, signal }) => context.feed.metrics(input, signal)),
  tasks: os.metrics.tasks.handler(async ({ context, input: { run, ...query } }) =>
    (await storeOf(context)).taskCells(run, rangeOf(query)),
  ),
  adaptation: os.metrics.adaptation.handler(async ({ context, input }) =>
    adaptationCurves(await storeOf(context), input.run),
  ),
  overlay: os.metrics.overlay.handler(async ({ context, input: { runs, metrics: names, ...query } }) => {
    const store = await storeOf(context)
    const known = metricNames(names)
    return runs.map((run) => ({ run, ...store.chartSeries(run, known, rangeOf(query)) }))
  }),
  files: os.metrics.files.handler(async ({ context, input }) => {
    const files = await metricsFiles(await storeOf(context), input.runs, input.format)
    return files.map(({ name, type, bytes }) => ({ name, type, bytes: new Uint8Array(bytes) }))
  }),
})

/** An end that is undefined is left out. */
function rangeOf<T extends { from?: number | undefined; to?: number | undefined }>({ from, to, ...rest }: T) {
  return { ...rest, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}
