// What people do to runs, with what they are told about it.
import { shallowRef } from 'vue'
import type { RunRow } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { saveFile } from '../format/files.ts'
import { messageOf } from '../shell/report.ts'
import { useActivity } from '../stores/activity.ts'
import { useToasts } from '../stores/toasts.ts'

/** What was deleted last, as long as it can be brought back. */
const lastDeleted = shallowRef<{ readonly runs: readonly string[]; readonly toast: number }>()

export const countOf = (runs: readonly unknown[]): string => (runs.length === 1 ? '1 run' : `${runs.length} runs`)

const idsOf = (runs: readonly RunRow[]): string[] => runs.map(({ id }) => id)

/** Answers whether it was done; a failure is told. */
async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
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

/** Into the bin, with the offer to undo for as long as it can be. */
export async function deleteRuns(runs: readonly RunRow[]): Promise<boolean> {
  return attempt(`delete ${runs.length === 1 ? runs[0]!.name : countOf(runs)}`, async () => {
    const { binned, purgeAt } = await client.runs.bin({ runs: idsOf(runs) })
    const toast = useToasts().show({
      text: runs.length === 1 ? `Deleted ${runs[0]!.name}` : `Deleted ${countOf(runs)}`,
      seconds: Math.max(5, (purgeAt - Date.now()) / 1000),
      action: { label: 'Undo', run: () => restore(binned) },
      onExpire: () => forget(binned),
    })
    lastDeleted.value = { runs: binned, toast }
  })
}

function forget(runs: readonly string[]): void {
  if (lastDeleted.value?.runs === runs) lastDeleted.value = undefined
}

export const canUndelete = (): boolean => lastDeleted.value !== undefined

/** As the button of the message does, which goes with it. */
export function undelete(): void {
  if (lastDeleted.value !== undefined) useToasts().act(lastDeleted.value.toast)
}

async function restore(runs: readonly string[]): Promise<void> {
  forget(runs)
  await attempt('bring the runs back', () => client.runs.restore({ runs: [...runs] }))
}

export const stop = (runs: readonly RunRow[], how: 'iteration' | 'now'): Promise<readonly RunRow[]> =>
  each(runs, 'stop', ({ id }) => useActivity().stopRun(id, how))

export async function resume(runs: readonly RunRow[]): Promise<void> {
  const queued = await each(runs, 'resume', ({ id }) =>
    client.jobs.add({ request: { kind: 'resume', run: id }, front: false }),
  )
  if (queued.length > 0) useToasts().show({ tone: 'ok', text: `Queued ${countOf(queued)} to go on` })
}

export async function copyIds(runs: readonly RunRow[]): Promise<void> {
  const copied = await attempt('copy', () => navigator.clipboard.writeText(idsOf(runs).join('\n')))
  if (copied) useToasts().show({ text: runs.length === 1 ? 'Copied the id' : `Copied ${runs.length} ids` })
}

/** Every iteration's metrics, as a file that the browser keeps. */
export async function downloadMetrics(runs: readonly RunRow[], format: 'csv' | 'parquet'): Promise<void> {
  await attempt('write the file', async () => {
    const { name, type, bytes } = await client.metrics.file({ runs: idsOf(runs), format })
    saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
  })
}
