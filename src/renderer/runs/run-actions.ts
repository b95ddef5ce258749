// Everything that can be done to the chosen runs, once: for the toolbar, the context menu, the palette and the keyboard.
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { RunRow } from '../../main/api/contract.ts'
import type { Action, MenuEntry } from '../components/actions.ts'
import type { IconName } from '../components/icon-paths.ts'
import { useActivity } from '../stores/activity.ts'
import { useCommands, type Command } from '../stores/commands.ts'
import { compareRoute } from '../compare/source.ts'
import * as changes from './changes.ts'
import { chooseAll } from './selection.ts'
import { useRunsTable } from './table.ts'

/** More columns than these nobody compares. */
const MOST_COMPARED = 50
/** As many as the machine puts into one file of metrics. */
const MOST_IN_FILE = 1000

export interface RunAction {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  readonly keys?: string
  /** Shown in menus, but the table itself hears it: on other elements the key has another meaning. */
  readonly hint?: string
  readonly words?: string
  readonly danger?: boolean
  readonly can: boolean
  readonly run: () => unknown
}

export interface RunActions {
  readonly byId: ComputedRef<ReadonlyMap<string, RunAction>>
  readonly entries: ComputedRef<readonly MenuEntry[]>
  /** What is being written: a name in its row, tags or notes beside it. */
  readonly renaming: Ref<string | null>
  readonly tagging: Ref<boolean>
  /** Those whose tags these are. */
  readonly tagged: ComputedRef<readonly RunRow[]>
  readonly noting: Ref<RunRow | null>
  endRenaming(): void
  open(run: RunRow): void
  /** For what was pointed at, which is chosen no more than before; where it is one of several that are, for all of them. */
  tag(run: RunRow): void
  note(run: RunRow): void
}

const MENU = [
  ...[
    'open',
    'compare-results',
    'compare',
    'duplicate',
    '-',
    'rename',
    'tags',
    'notes',
    'pin',
    'archive',
    '-',
    'stop',
    'stop-now',
    'resume',
  ],
  ...['-', 'csv', 'parquet', 'copy-id', '-', 'delete'],
]

export function useRunActions(): RunActions {
  const table = useRunsTable()
  const router = useRouter()
  const activity = useActivity()
  const renaming = ref<string | null>(null)
  const tagging = ref(false)
  const noting = ref<RunRow | null>(null)
  /** The run whose tags were pointed at; null where they are those of the chosen ones. */
  const pointed = ref<string | null>(null)
  const tagged = computed(() => {
    const { targets } = table
    return pointed.value === null ? targets : table.found.filter(({ id }) => id === pointed.value)
  })

  function tag(run: RunRow | null): void {
    pointed.value = run !== null && !table.selection.chosen.has(run.id) ? run.id : null
    tagging.value = true
  }
  const open = (run: RunRow): void => void router.push(`/run/${run.id}`)

  const actions = computed((): RunAction[] => {
    const { targets: runs } = table
    const [first] = runs
    const some = runs.length > 0
    const one = runs.length === 1
    const isPinned = some && runs.every(({ pinned }) => pinned)
    const isArchived = some && runs.every(({ archived }) => archived)
    const running = runs.filter(({ status }) => status === 'running')
    const unasked = running.filter(({ id }) => !activity.isStopping(id))
    const resumable = runs.filter(
      ({ id, status }) => ['stopped', 'failed', 'interrupted'].includes(status) && activity.jobOf(id) === undefined,
    )
    const few = runs.length <= MOST_IN_FILE
    const words = 'end pause'
    const numbers = some && runs.every(({ kind }) => kind === 'fine-tune') ? 'Results' : 'Metrics'
    return [
      { id: 'open', label: 'Open', hint: 'enter', can: one, run: () => first && open(first) },
      {
        ...{ id: 'compare-results', label: 'Compare', icon: 'compare', keys: 'c', words: 'results figure adaptation' },
        can: some && few,
        run: () => router.push(compareRoute(runs)),
      },
      {
        ...{ id: 'compare', label: 'Compare settings', keys: 'd', words: 'diff configuration' },
        can: runs.length > 1 && runs.length <= MOST_COMPARED,
        run: () => router.push({ path: '/diff', query: { ids: runs.map(({ id }) => id).join(',') } }),
      },
      {
        ...{ id: 'duplicate', label: 'Duplicate', icon: 'copy', keys: 'shift+d', words: 'new run like this copy' },
        can: one && first?.kind === 'train',
        run: () => router.push({ path: '/new', query: { from: first?.id } }),
      },
      { id: 'rename', label: 'Rename', keys: 'f2', can: one, run: () => (renaming.value = first?.id ?? null) },
      { id: 'tags', label: 'Tags …', keys: 't', words: 'label', can: some, run: () => tag(null) },
      { id: 'notes', label: 'Notes …', keys: 'n', can: one, run: () => (noting.value = first ?? null) },
      {
        ...{ id: 'pin', label: isPinned ? 'Unpin' : 'Pin to the top', icon: 'pin', keys: 'p', can: some },
        run: () => changes.setPinned(runs, !isPinned),
      },
      {
        ...{ id: 'archive', label: isArchived ? 'Unarchive' : 'Archive', keys: 'e', words: 'hide put away', can: some },
        run: () => {
          if (!isArchived && !table.showsArchived) table.leave(new Set(runs.map(({ id }) => id)))
          return changes.setArchived(runs, !isArchived)
        },
      },
      {
        ...{ id: 'stop', label: 'Stop after this iteration', icon: 'stop', can: unasked.length > 0, words },
        run: () => changes.stop(unasked, 'iteration'),
      },
      { id: 'stop-now', label: 'Stop now', can: running.length > 0, words, run: () => changes.stopNow(running) },
      {
        ...{ id: 'resume', label: 'Resume', icon: 'play', can: resumable.length > 0, words: 'continue go on' },
        run: () => changes.resume(resumable),
      },
      {
        ...{ id: 'csv', label: `${numbers} as CSV`, icon: 'download', can: some && few, words: 'export download' },
        run: () => changes.downloadMetrics(runs, 'csv'),
      },
      {
        ...{
          id: 'parquet',
          label: `${numbers} as Parquet`,
          icon: 'download',
          can: some && few,
          words: 'export download',
        },
        run: () => changes.downloadMetrics(runs, 'parquet'),
      },
      { id: 'copy-id', label: one ? 'Copy id' : 'Copy ids', icon: 'copy', can: some, run: () => changes.copyIds(runs) },
      {
        ...{ id: 'delete', label: 'Delete', icon: 'trash', keys: 'delete', danger: true, can: some, words: 'remove' },
        run: () => changes.deleteRuns(runs, { leave: (going) => table.leave(new Set(going.map(({ id }) => id))) }),
      },
    ]
  })
  const byId = computed(() => new Map(actions.value.map((action) => [action.id, action])))

  const entries = computed((): MenuEntry[] => {
    const shown = MENU.flatMap((id): MenuEntry[] => {
      const action = byId.value.get(id)
      if (action === undefined) return ['separator']
      return action.can ? [lineOf(action)] : []
    })
    // Neither two in a row nor one at an end.
    return shown.filter(
      (entry, index) =>
        entry !== 'separator' || (index > 0 && shown[index + 1] !== 'separator' && index < shown.length - 1),
    )
  })

  registerCommands(byId)
  return {
    ...{ byId, entries, renaming, tagging, tagged, noting, open, tag },
    endRenaming: () => (renaming.value = null),
    note: (run) => (noting.value = run),
  }
}

function lineOf({ id, label, icon, keys, hint, danger, run }: RunAction): Action {
  const shownKeys = keys ?? hint
  return {
    ...{ id, label, run },
    ...(icon ? { icon } : {}),
    ...(shownKeys ? { keys: shownKeys } : {}),
    ...(danger ? { danger } : {}),
  }
}

/** Titles are the same whatever is chosen: the palette finds them by what they do. */
const TITLES: Readonly<Record<string, string>> = {
  open: 'Open the selected run',
  'compare-results': 'Compare the results of the selected runs',
  compare: 'Compare the settings of the selected runs',
  duplicate: 'New run like the selected one',
  rename: 'Rename the selected run',
  tags: 'Tags of the selected runs',
  notes: 'Notes of the selected run',
  pin: 'Pin or unpin the selected runs',
  archive: 'Archive or unarchive the selected runs',
  stop: 'Stop the selected runs after their iteration',
  'stop-now': 'Stop the selected runs now',
  resume: 'Resume the selected runs',
  csv: 'Download the metrics or results of the selected runs as CSV',
  parquet: 'Download the metrics or results of the selected runs as Parquet',
  'copy-id': 'Copy the ids of the selected runs',
  delete: 'Delete the selected runs',
}

function registerCommands(byId: ComputedRef<ReadonlyMap<string, RunAction>>): void {
  const table = useRunsTable()
  const commands = [...byId.value.values()].map(({ id, keys, words }): Command => {
    return {
      // `runs.open` and its like come from the native menu, with a run of their own.
      id: `selected.${id}`,
      title: TITLES[id] ?? id,
      group: 'Runs',
      ...(keys ? { keys } : {}),
      ...(words ? { words } : {}),
      when: () => byId.value.get(id)?.can ?? false,
      run: () => byId.value.get(id)?.run(),
    }
  })
  useCommands().register(
    ...commands,
    {
      ...{ id: 'runs.undelete', title: 'Undo the deletion of runs', group: 'Runs', keys: 'mod+z', words: 'restore' },
      when: () => changes.canUndelete(),
      run: () => changes.undelete(),
    },
    {
      ...{ id: 'runs.select-all', title: 'Select all runs', group: 'Runs', words: 'choose' },
      when: () => table.found.length > 0,
      run: () => (table.selection = chooseAll(table.selection, table.found)),
    },
    {
      ...{ id: 'runs.archived', title: 'Show or hide archived runs', group: 'Runs' },
      run: () => table.arrangeAs({ ...table.layout, showArchived: !table.layout.showArchived }),
    },
  )
}
