import { computed, onUnmounted, ref, shallowRef, watch } from 'vue'
import type { SqlAnswer } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { formatInteger } from '../format/numbers.ts'
import { formatSpan } from '../format/times.ts'
import { messageOf } from '../shell/report.ts'
import { EXAMPLES } from './examples.ts'
import { readDraft, readHistory, withQuery, writeDraft, writeHistory } from './history.ts'

/** A wait before a query that is worth a word (s). */
const TELLING = 0.2

const spanOf = (seconds: number): string =>
  seconds < 0.1 ? `${Math.max(1, Math.round(seconds * 1000))}\u00a0ms` : formatSpan(seconds)

/** The query that is written, the one that runs, its answer, and those before. */
export function useQuery() {
  const sql = ref(readDraft() ?? EXAMPLES[0]!.sql)
  const limit = ref(1000)
  const history = ref(readHistory())
  const answer = shallowRef<SqlAnswer>()
  /** From the click on (s): the process that reads may have to start first. */
  const waited = ref(0)
  const problem = ref<string>()
  const running = shallowRef<AbortController>()

  watch(sql, writeDraft)
  onUnmounted(() => running.value?.abort())

  /** A query that is asked while another runs takes its place. */
  async function run(): Promise<void> {
    if (sql.value.trim() === '') return
    running.value?.abort()
    const stop = new AbortController()
    running.value = stop
    // What is on the screen belongs to the query that is asked.
    answer.value = problem.value = undefined
    const asked = performance.now()
    try {
      const next = await client.database.query({ sql: sql.value, limit: limit.value }, { signal: stop.signal })
      if (running.value !== stop) return
      waited.value = (performance.now() - asked) / 1000
      answer.value = next
      remember(withQuery(history.value, sql.value))
    } catch (error) {
      if (running.value !== stop) return
      problem.value = stop.signal.aborted ? 'The query was ended.' : messageOf(error)
    } finally {
      if (running.value === stop) running.value = undefined
    }
  }

  function remember(queries: string[]): void {
    history.value = queries
    writeHistory(queries)
  }

  const summary = computed(() => {
    if (running.value !== undefined) return 'Reading …'
    if (answer.value === undefined) return ''
    const { rows, more, seconds } = answer.value
    const count = rows.length === 1 ? '1 row' : `${formatInteger(rows.length)} rows`
    const found = more ? `First ${count} of more` : count
    const start = waited.value - seconds
    return start < TELLING
      ? `${found} in ${spanOf(seconds)}`
      : `${found} in ${spanOf(seconds)}, after ${spanOf(start)} to start reading`
  })

  return { sql, limit, history, answer, problem, running, summary, run, forget: () => remember([]) }
}
