// Everything that can be done to the open run, once: for its buttons, its menu, the palette and the keyboard.
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { RunDetail, RunRow } from '../../main/api/contract.ts'
import type { IconName } from '../components/icon-paths.ts'
import { compareRoute } from '../compare/source.ts'
import { deleteRuns, downloadMetrics, resume, setPinned, stop, stopNow } from '../runs/changes.ts'
import { useActivity } from '../stores/activity.ts'
import { useCommands } from '../stores/commands.ts'
import { stoppingWords } from './run-facts.ts'

export interface RunAction {
  readonly id: string
  readonly label: string
  readonly icon?: IconName
  readonly keys?: string
  readonly danger?: boolean
  readonly can: boolean
  /** Why not, where that is not plain. */
  readonly why?: string
  /** It cannot be done because it was asked for already: its button stays where it was. */
  readonly asked?: boolean
  readonly run: () => unknown
}

export interface RunActions {
  readonly actions: ComputedRef<readonly RunAction[]>
  readonly choosingEngine: Ref<boolean>
  readonly extending: Ref<boolean>
  readonly renaming: Ref<boolean>
}

const IDS = [
  'stop',
  'stop-now',
  'resume',
  'resume-with',
  'extend',
  'duplicate',
  'rename',
  'pin',
  'results',
  'compare',
  'csv',
  'parquet',
  'delete',
] as const
type Id = (typeof IDS)[number]

export function useRunActions(
  row: () => RunRow | undefined,
  detail: () => RunDetail | undefined,
  compare: () => void,
): RunActions {
  const router = useRouter()
  const commands = useCommands()
  const activity = useActivity()
  const choosingEngine = ref(false)
  const extending = ref(false)
  const renaming = ref(false)

  const actions = computed((): readonly RunAction[] => {
    const run = row()
    if (run === undefined) return []
    const running = run.status === 'running'
    const isStopping = running && activity.isStopping(run.id)
    const numbers = run.kind === 'train' ? 'Metrics' : 'Results'
    const unit = run.kind === 'train' ? 'iteration' : 'result'
    const can = { resume: detail()?.resumeObstacle === null, extend: detail()?.extendObstacle === null }
    const job = running ? undefined : activity.jobOf(run.id)
    const waits = job !== undefined
    const needsEngine = typeof detail()?.engine.obstacle === 'string'
    const made: Record<Id, Omit<RunAction, 'id'>> = {
      stop: {
        label: isStopping ? stoppingWords(run) : `Stop after this ${unit}`,
        icon: 'stop',
        keys: 's',
        can: running && !isStopping,
        asked: isStopping,
        run: () => stop([run], 'iteration'),
      },
      'stop-now': { label: 'Stop now', keys: 'shift+s', can: running, run: () => stopNow([run]) },
      resume: {
        label: needsEngine ? 'Resume …' : 'Resume',
        icon: 'play',
        keys: 'r',
        can: can.resume && !waits,
        asked: can.resume && waits,
        run: () => (needsEngine ? (choosingEngine.value = true) : resume([run], undefined, true)),
      },
      'resume-with': {
        label: 'Resume with another engine …',
        can: can.resume && !waits,
        run: () => (choosingEngine.value = true),
      },
      extend: {
        label: 'Extend …',
        keys: 'e',
        can: can.extend && !waits,
        asked: can.extend && waits,
        run: () => (extending.value = true),
      },
      duplicate: {
        label: 'Duplicate',
        icon: 'copy',
        keys: 'shift+d',
        can: run.kind === 'train',
        why: 'A fine-tuning begins from a checkpoint: see New run.',
        run: () => router.push({ path: '/new', query: { from: run.id } }),
      },
      rename: { label: 'Rename …', keys: 'f2', can: true, run: () => (renaming.value = true) },
      pin: {
        label: run.pinned ? 'Unpin' : 'Pin',
        icon: 'pin',
        keys: 'p',
        can: true,
        run: () => setPinned([run], !run.pinned),
      },
      results: {
        label: 'Compare results',
        icon: 'compare',
        keys: 'c',
        can: run.kind === 'fine-tune' && run.done > 0,
        why: run.kind === 'train' ? 'Fine-tunings have results; this is a training.' : 'It has no result yet.',
        run: () => router.push(compareRoute([run])),
      },
      compare: { label: 'Compare settings with …', keys: 'd', can: true, run: compare },
      csv: {
        label: `${numbers} as CSV`,
        icon: 'download',
        can: run.done > 0,
        run: () => downloadMetrics([run], 'csv'),
      },
      parquet: {
        label: `${numbers} as Parquet`,
        icon: 'download',
        can: run.done > 0,
        run: () => downloadMetrics([run], 'parquet'),
      },
      delete: {
        label: 'Delete',
        icon: 'trash',
        keys: 'delete',
        danger: true,
        can: !running,
        run: async () => {
          if (await deleteRuns([run])) await router.push({ name: 'runs' })
        },
      },
    }
    return IDS.map((id) => ({ id, ...made[id] }))
  })

  const find = (id: Id): RunAction | undefined => actions.value.find((action) => action.id === id)
  const TITLES: Record<Id, { title: string; keys?: string }> = {
    stop: { title: 'Stop this run after the iteration', keys: 's' },
    'stop-now': { title: 'Stop this run now', keys: 'shift+s' },
    resume: { title: 'Resume this run', keys: 'r' },
    'resume-with': { title: 'Resume this run with another engine' },
    extend: { title: 'Extend this run', keys: 'e' },
    duplicate: { title: 'Duplicate this run', keys: 'shift+d' },
    rename: { title: 'Rename this run', keys: 'f2' },
    pin: { title: 'Pin or unpin this run', keys: 'p' },
    results: { title: 'Compare the results of this run', keys: 'c' },
    compare: { title: 'Compare the settings of this run', keys: 'd' },
    csv: { title: 'Download the numbers of this run as CSV' },
    parquet: { title: 'Download the numbers of this run as Parquet' },
    delete: { title: 'Delete this run', keys: 'delete' },
  }
  commands.register(
    ...IDS.map((id) => ({
      id: `run.${id}`,
      group: 'This run',
      ...TITLES[id],
      when: () => find(id)?.can ?? false,
      run: () => find(id)?.run(),
    })),
  )
  return { actions, choosingEngine, extending, renaming }
}
