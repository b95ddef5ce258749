import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { asksForArchived, asksForNotes, compileQuery, noteTexts, settingPaths } from '../../core/runs/match.ts'
import { askingForMethod } from '../../core/runs/method-words.ts'
import { parseQuery } from '../../core/runs/parse.ts'
import { sentence } from '../../core/text/sentence.ts'
import type { RunRow } from '../../main/api/contract.ts'
import { useRuns } from '../stores/runs.ts'
import { arrange, sortRows } from './arrange.ts'
import { settingOf } from './columns.ts'
import { fittingColumns, readLayout, type TableLayout } from './layout.ts'
import { leave as leaveLines, NOTHING, type Selection } from './selection.ts'
import { useNotedRuns } from './noted-runs.ts'
import { useSettingValues } from './setting-values.ts'

/** The table of runs as it stands: it outlives leaving the screen, and its layout the page. */
export const useRunsTable = defineStore('runs-table', () => {
  const runs = useRuns()
  const kept = useLocalStorage<string | null>('runs-table', null)
  const own = shallowRef<TableLayout>(readLayout(kept.value))
  /** Pixels that the table has for its columns. */
  const room = ref(Infinity)
  const columns = computed(() => fittingColumns(own.value.columns, room.value))
  const layout = computed((): TableLayout => ({ ...own.value, columns: columns.value }))
  const filter = ref('')
  const collapsed = shallowRef<ReadonlySet<string>>(new Set())
  const selection = shallowRef<Selection>(NOTHING)
  /** Paths of all settings, once the schema is loaded. */
  const settings = shallowRef<readonly string[]>([])

  const parsed = computed(() => parseQuery(filter.value, settings.value.length > 0 ? settings.value : undefined))
  /** Somebody writes in the filter: what is wrong with the last term may only be that it is not finished. */
  const isWriting = ref(false)
  /** In words; undefined where the filter can be read. */
  const problem = computed(() => {
    const { length } = filter.value
    const unread = parsed.value.problems.find(({ to }) => !(isWriting.value && to === length))
    return unread === undefined ? undefined : sentence(unread.message)
  })

  /** A filter that was probably meant; null where none is known. */
  const meant = computed(() => askingForMethod(filter.value))

  const neededSettings = computed(() => {
    const { columns, sorting, grouping } = layout.value
    const ids = [...columns.map(({ id }) => id), ...sorting.map(({ column }) => column), grouping ?? '']
    const shown = ids.map(settingOf).filter((path) => path !== null)
    return [...new Set([...settingPaths(parsed.value.query), ...shown])]
  })
  const values = useSettingValues(
    neededSettings,
    computed(() => runs.rows),
  )
  const notes = useNotedRuns(
    computed(() => noteTexts(parsed.value.query)),
    computed(() => runs.rows),
  )
  const isReadingNotes = computed(
    () => asksForNotes(parsed.value.query) && noteTexts(parsed.value.query).some(notes.isReading),
  )
  const isReadingSettings = computed(() => neededSettings.value.some(values.isReading))

  const sorting = computed(() => layout.value.sorting)
  let lastSorted: readonly RunRow[] = []
  const sorted = computed(() => (lastSorted = sortRows(runs.rows, sorting.value, values.of, lastSorted)))
  const showsArchived = computed(() => layout.value.showArchived || asksForArchived(parsed.value.query))
  /** Those that meet the filter, in their order. */
  const found = computed(() => {
    const meets = compileQuery(parsed.value.query, values.of, notes.have)
    return sorted.value.filter((run) => (showsArchived.value || !run.archived) && meets(run))
  })
  const grouping = computed(() => layout.value.grouping)
  const lines = computed(() => arrange(found.value, grouping.value, collapsed.value, values.of))

  /** The runs that an action is for: those chosen that are in sight. */
  const targets = computed(() => {
    const { chosen } = selection.value
    return chosen.size === 0 ? [] : found.value.filter(({ id }) => chosen.has(id))
  })

  /** Kept at once: the next window begins with it. */
  function arrangeAs(next: TableLayout): void {
    // Columns that only this window has no room for are not given up.
    own.value = next.columns === columns.value ? { ...next, columns: own.value.columns } : next
    kept.value = JSON.stringify(own.value)
  }

  function fitInto(pixels: number): void {
    // A table that is not on the screen has no width.
    if (pixels > 0) room.value = pixels
  }

  function setCollapsed(label: string, isCollapsed: boolean): void {
    const next = new Set(collapsed.value)
    if (isCollapsed) next.add(label)
    else next.delete(label)
    collapsed.value = next
  }

  /** The keyboard stays where it was; what is chosen next is chosen by hand. */
  function leave(going: ReadonlySet<string>): void {
    selection.value = leaveLines(selection.value, lines.value, going)
  }

  /** The schema of a configuration is large: loaded when it is first of use. */
  async function readSettings(): Promise<void> {
    if (settings.value.length > 0) return
    const { FIELDS } = await import('../../core/config/form/fields.ts')
    settings.value = FIELDS.map(({ path }) => path)
  }

  return {
    layout,
    filter,
    isWriting,
    problem,
    meant,
    settings,
    selection,
    collapsed,
    found,
    lines,
    targets,
    showsArchived,
    isReadingNotes,
    isReadingSettings,
    valueOf: values.of,
    arrangeAs,
    fitInto,
    setCollapsed,
    leave,
    readSettings,
  }
})
