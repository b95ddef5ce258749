import { computed, reactive, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { EpisodePage, EpisodeRow, EpisodeSort } from '../../../main/api/contract.ts'
import { client } from '../../api/client.ts'
import { messageOf } from '../../shell/report.ts'
import type { Owner } from './owner.ts'

/** Rows asked for at once. */
const PAGE = 200

export interface EpisodeFilter {
  /** Empty: any run. */
  run: string
  /** An imported checkpoint; empty: any. */
  checkpoint: string
  task: number | null
  initialisation: number | null
  step: number | null
  sort: EpisodeSort
  descending: boolean
}

export interface EpisodeList {
  readonly filter: EpisodeFilter
  readonly rows: Readonly<ShallowRef<readonly EpisodeRow[]>>
  /** Of all that match; undefined until the first page has come. */
  readonly total: Readonly<ShallowRef<number | undefined>>
  readonly problem: Readonly<ShallowRef<string | undefined>>
  readonly isFiltered: ComputedRef<boolean>
  /** Reads on, where there is more. */
  more(): Promise<void>
  /** From the beginning, at once. */
  reload(): Promise<void>
}

/** The stored episodes that match, page by page as they come into sight. */
export function useEpisodeList({ run, checkpoint }: Owner): EpisodeList {
  const filter = reactive<EpisodeFilter>({
    ...{ run, checkpoint, task: null, initialisation: null, step: null, sort: 'newest', descending: false },
  })
  const rows = shallowRef<readonly EpisodeRow[]>([])
  const total = shallowRef<number>()
  const problem = shallowRef<string>()
  let next: string | null = null
  let reading: Promise<void> | undefined
  /** Answers to an older question than the present one are dropped. */
  let question = 0

  async function read(after: string | null): Promise<void> {
    const asked = question
    const { run: id, checkpoint: file, task, initialisation, step, sort, descending } = filter
    try {
      const page: EpisodePage = await client.episodes.list({
        ...(id === '' ? {} : { run: id }),
        ...(file === '' ? {} : { checkpoint: file }),
        ...(task === null ? {} : { task }),
        ...(initialisation === null ? {} : { initialisation }),
        ...(step === null ? {} : { step }),
        ...{ sort, descending, after, limit: PAGE },
      })
      if (asked !== question) return
      rows.value = after === null ? page.rows : [...rows.value, ...page.rows]
      total.value = page.total
      next = page.next
      problem.value = undefined
    } catch (error) {
      if (asked === question) problem.value = messageOf(error)
    }
  }

  function reload(): Promise<void> {
    question++
    reading = undefined
    return read(null)
  }

  async function more(): Promise<void> {
    if (next === null || reading !== undefined) return
    const mine = (reading = read(next))
    await mine
    if (reading === mine) reading = undefined
  }

  watch(filter, reload, { immediate: true })
  const isFiltered = computed(
    () =>
      filter.run !== '' ||
      filter.checkpoint !== '' ||
      [filter.task, filter.initialisation, filter.step].some((one) => one !== null),
  )
  return { filter, rows, total, problem, isFiltered, more, reload }
}
