// What people do to runs, with what they are told about it.
import { storeToRefs } from 'pinia'
import { shallowRef } from 'vue'
import type { EngineName } from '../../core/config/engines.ts'
import type { RunRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { listChanges } from '../compare/saved.ts'
import { saveFile } from '../format/files.ts'
import { queuedWords } from '../queue/news.ts'
import { stopQuestion } from '../queue/stop-question.ts'
import { messageOf } from '../shell/report.ts'
import { useActivity } from '../stores/activity.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { useRuns } from '../stores/runs.ts'
import { UNDO_SECONDS, useToasts } from '../stores/toasts.ts'

/** What goes into the bin and out of it together. */
interface BinChoice {
  readonly runs: string[]
  readonly comparisons: string[]
}

interface Deleted extends BinChoice {
  readonly toast: number
}

/** What was deleted here, the newest last, as long as the messages about it stand. */
const deleted = shallowRef<readonly Deleted[]>([])

export const countOf = (runs: readonly unknown[]): string => (runs.length === 1 ? '1 run' : `${runs.length} runs`)

const idsOf = (runs: readonly RunRow[]): string[] => runs.map(({ id }) => id)

/** Answers whether it was done; a failure is told. */
export async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    useToasts().show({ tone: 'alarm', text: `Could not ${what}`, detail: messageOf(error) })
    return false
  }
}

/** Refusals that are told one by one; of more, only how many there are. */
const MOST_TOLD = 5

/** Does it to one run after the other, in their order, whatever is refused; answers for which it was done. */
async function each(
  runs: readonly RunRow[],
  what: string,
  work: (run: RunRow) => Promise<unknown>,
): Promise<readonly RunRow[]> {
  const done: RunRow[] = []
  const refused: string[] = []
  for (const run of runs)
    try {
      await work(run)
      done.push(run)
    } catch (error) {
      refused.push(runs.length === 1 ? messageOf(error) : `${run.name}: ${messageOf(error)}`)
    }
  if (refused.length > 0) {
    const more = refused.length - MOST_TOLD
    useToasts().show({
      tone: 'alarm',
      text: runs.length === 1 ? `Could not ${what}` : `Could not ${what} ${refused.length} of ${countOf(runs)}`,
      detail: [...refused.slice(0, MOST_TOLD), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'),
    })
  }
  return done
}

export const rename = (run: RunRow, name: string): Promise<boolean> =>
  attempt(`rename ${run.name}`, () => client.runs.rename({ run: run.id, name }))

export const setPinned = (runs: readonly RunRow[], pinned: boolean): Promise<boolean> =>
  attempt(pinned ? 'pin' : 'unpin', () => client.runs.organise({ runs: idsOf(runs), pinned }))

export const changeTags = (
  runs: readonly RunRow[],
  tags: { readonly addTags?: string[]; readonly removeTags?: string[] },
): Promise<boolean> => attempt('change the tags', () => client.runs.organise({ runs: idsOf(runs), ...tags }))

export async function setArchived(runs: readonly RunRow[], archived: boolean): Promise<void> {
  // Undo leaves alone what was so before.
  const changed = runs.filter((run) => run.archived !== archived)
  if (!(await archive(changed, archived))) return
  useToasts().show({
    text: `${archived ? 'Archived' : 'Unarchived'} ${countOf(changed)}`,
    action: { label: 'Undo', run: () => archive(changed, !archived) },
  })
}

const archive = (runs: readonly RunRow[], archived: boolean): Promise<boolean> =>
  attempt(archived ? 'archive' : 'unarchive', () => client.runs.organise({ runs: idsOf(runs), archived }))

interface Deletion {
  /** Called with those that are about to go from the list. */
  readonly leave?: (going: readonly RunRow[]) => void
  /** Ids of comparisons that go with the runs. */
  readonly comparisons?: readonly string[]
  /** What is deleted, where it has a name of its own. */
  readonly what?: string
}

/**
 * Into the bin, with the offer to undo at once. None goes while one of them is running; then the others are offered.
 */
export async function deleteRuns(runs: readonly RunRow[], deletion: Deletion = {}): Promise<boolean> {
  const { leave, comparisons = [], what = runs.length === 1 ? runs[0]!.name : countOf(runs) } = deletion
  const running = runs.filter(({ status }) => status === 'running')
  if (running.length > 0) {
    const others = runs.filter((run) => !running.includes(run))
    const [one] = running
    useToasts().show({
      tone: 'warn',
      text: running.length === 1 ? `${one!.name} is running` : `${countOf(running)} are running`,
      detail: `${others.length > 0 ? 'Nothing was deleted. ' : ''}A run is stopped before it is deleted.`,
      ...(others.length === 0
        ? {}
        : {
            action: {
              label: others.length === 1 ? `Delete ${others[0]!.name}` : `Delete the other ${countOf(others)}`,
              run: () => deleteRuns(others, leave ? { leave } : {}),
            },
          }),
    })
    return false
  }
  leave?.(runs)
  return attempt(`delete ${what}`, async () => {
    const choice: BinChoice = { runs: idsOf(runs), comparisons: [...comparisons] }
    await client.bin.put(choice)
    if (comparisons.length > 0) listChanges.value++
    const toast = useToasts().show({
      text: `Deleted ${what}`,
      seconds: UNDO_SECONDS,
      action: { label: 'Undo', run: () => restore(choice) },
      onExpire: () => forget(choice),
    })
    deleted.value = [...deleted.value, { ...choice, toast }]
  })
}

function forget({ runs }: BinChoice): void {
  deleted.value = deleted.value.filter((one) => one.runs !== runs)
}

/** Some was brought back or went for good elsewhere: messages about its deletion offer no more. */
export function settleDeletion(ids: readonly string[]): void {
  for (const { runs, comparisons, toast } of deleted.value)
    if ([...runs, ...comparisons].some((id) => ids.includes(id))) useToasts().close(toast)
}

/** @param run that was to be deleted with it; the newest deletion if missing */
const deletionOf = (run?: string): Deleted | undefined =>
  run === undefined ? deleted.value.at(-1) : deleted.value.find(({ runs }) => runs.includes(run))

export const canUndelete = (run?: string): boolean => deletionOf(run) !== undefined

/** As the button of the message does, which goes with it. */
export function undelete(run?: string): void {
  const deletion = deletionOf(run)
  if (deletion !== undefined) useToasts().act(deletion.toast)
}

async function restore(choice: BinChoice): Promise<void> {
  forget(choice)
  await attempt('bring the runs back', () => client.bin.restore(choice))
  if (choice.comparisons.length > 0) listChanges.value++
}

export const stop = (runs: readonly RunRow[], how: 'iteration' | 'now'): Promise<readonly RunRow[]> =>
  each(runs, 'stop', ({ id }) => useActivity().stopRun(id, how))

/** Asks before: what is being computed is lost. Those that have ended until the answer comes are left alone. */
export async function stopNow(runs: readonly RunRow[]): Promise<void> {
  const { byId } = storeToRefs(useRuns())
  const running = () => runs.filter(({ id, status }) => (byId.value.get(id)?.status ?? status) === 'running')
  const question = stopQuestion(runs.length === 1 ? runs[0]!.name : countOf(runs), () => running().length === 0)
  if (await useDialogs().confirm(question)) await stop(running(), 'now')
}

/** Runs that are being put into the queue: a second click on the button does nothing. */
const resuming = new Set<string>()

/**
 * @param engine in place of the one that computed them so far
 * @param isSeen whether the screen shows what becomes of them anyway
 */
export async function resume(runs: readonly RunRow[], engine?: EngineName, isSeen = false): Promise<void> {
  const asked = runs.filter(({ id }) => !resuming.has(id))
  for (const { id } of asked) resuming.add(id)
  const { paused, running, waiting } = useActivity()
  const queued = await each(asked, 'resume', ({ id }) =>
    client.jobs.add({ request: { kind: 'resume', run: id, engine }, front: false }).finally(() => resuming.delete(id)),
  )
  if (queued.length === 0 || isSeen) return
  const what = queued.length === 1 ? queued[0]!.name : countOf(queued)
  const text = queuedWords(what, queued.length, false, { paused, running, waiting }, 'goes on')
  useToasts().show({ tone: 'ok', text })
}

export async function copyIds(runs: readonly RunRow[]): Promise<void> {
  const copied = await attempt('copy', () => navigator.clipboard.writeText(idsOf(runs).join('\n')))
  if (copied) useToasts().show({ text: runs.length === 1 ? 'Copied the id' : `Copied ${runs.length} ids` })
}

/** Every iteration's metrics of trainings, every result of fine-tunings, as files that the browser keeps. */
export async function downloadMetrics(runs: readonly RunRow[], format: 'csv' | 'parquet'): Promise<void> {
  await attempt('write the file', async () => {
    const files = await client.metrics.files({ runs: idsOf(runs), format })
    for (const { name, type, bytes } of files) saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
    if (files.length < 2) return
    const text = `Saved two files: the trainings' metrics and the fine-tunings' results`
    useToasts().show({ tone: 'ok', text })
  })
}
