import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { RunSeries } from '../../main/api/contract.ts'
import { client, follow } from '../api/client.ts'
import type { XRange } from '../charts/x-range.ts'
import { messageOf } from '../shell/report.ts'
import { CHART_METRICS } from './chart-list.ts'
import { appended, fromAnswer, longest, NO_METRICS, type RunMetrics } from './run-metrics.ts'

/** Stretches of a whole run: a panel has about as many pixels. */
const BUCKETS = 400
/** With so many times the stretches, the run is read anew in coarser ones: what a page holds does not grow for ever. */
const MOST = 3
/** Live charts are drawn again so often at most (ms): where the processor paints them, a dozen take 60 ms. */
const REDRAW_MS = 500

export interface LiveMetrics {
  /** undefined until they are read. */
  readonly metrics: Readonly<ShallowRef<RunMetrics | undefined>>
  /** Finer stretches of the part that was asked for; null: none. */
  readonly fine: Readonly<ShallowRef<RunMetrics | null>>
  readonly problem: Readonly<ShallowRef<string | undefined>>
  readonly zoom: (iterations: XRange | null) => Promise<void>
}

/** The metrics of a run, read once and then followed while the component lives. */
export function useRunMetrics(run: string): LiveMetrics {
  const metrics = shallowRef<RunMetrics>()
  const fine = shallowRef<RunMetrics | null>(null)
  const problem = shallowRef<string>()
  const stop = new AbortController()
  const { signal } = stop
  onScopeDispose(() => stop.abort())
  void live()

  async function live(): Promise<void> {
    const ask = (): Promise<RunSeries> =>
      client.metrics.series({ run, metrics: [...CHART_METRICS], buckets: BUCKETS }, { signal })
    let newest = NO_METRICS
    let timer: ReturnType<typeof setTimeout> | undefined
    let published = 0
    const publish = () => {
      clearTimeout(timer)
      timer = undefined
      published = performance.now()
      if (!signal.aborted) metrics.value = newest
    }
    try {
      let begin: number | undefined
      await follow<number, Parameters<typeof appended>[1]>(
        async (after, ends) => {
          // A part of what is followed: lost with the connection, it is asked again.
          if (begin === undefined) {
            newest = fromAnswer(await ask())
            begin = newest.cursor
            publish()
          }
          return client.metrics.watch({ run, metrics: [...CHART_METRICS], after: after ?? begin }, { signal: ends })
        },
        async (news) => {
          const longer = appended(newest, news)
          newest = longest(longer) > MOST * BUCKETS ? fromAnswer(await ask()) : longer
          timer ??= setTimeout(publish, REDRAW_MS - (performance.now() - published))
        },
        signal,
      )
    } catch (error) {
      if (!signal.aborted) problem.value = messageOf(error)
    } finally {
      clearTimeout(timer)
    }
  }

  let zooms = 0
  async function zoom(iterations: XRange | null): Promise<void> {
    const turn = ++zooms
    if (iterations === null) {
      fine.value = null
      return
    }
    const { from, to } = iterations
    const answer = await client.metrics.series(
      { run, metrics: [...CHART_METRICS], from, to, buckets: BUCKETS },
      { signal },
    )
    if (turn === zooms && !signal.aborted) fine.value = fromAnswer(answer)
  }

  return { metrics, fine, problem, zoom }
}
