/** What people do to kept comparisons, with what they are told about it. */
import { isDefinedError, safe } from '@orpc/client'
import { shallowRef } from 'vue'
import type { ComparisonLayout, ComparisonSource, SavedComparison } from '../../main/api/contract.ts'
import { client } from '../api/client.ts'
import { saveFile } from '../format/files.ts'
import type { WriteNotes } from '../components/notes-editing.ts'
import { messageOf } from '../shell/report.ts'
import { UNDO_SECONDS, useToasts } from '../stores/toasts.ts'

/** Answers what came of it; undefined where it failed, which is told. */
export async function attempt<T>(
  what: string,
  work: () => Promise<T>,
  /** Whoever asked called it off: there is nothing to tell. */
  signal?: AbortSignal,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (signal?.aborted === true) return undefined
    useToasts().show({ tone: 'alarm', text: `Could not ${what}`, detail: messageOf(error) })
    return undefined
  }
}

/** Counts changes of the list: it may be undone on another screen than it was done on. */
export const listChanges = shallowRef(0)

/** For a while it can be brought back: at once from the message, later from the bin. */
export async function removeComparison({ id, name }: SavedComparison): Promise<boolean> {
  const choice = { runs: [], comparisons: [id] }
  const removed = await attempt(`delete ${name}`, () => client.bin.put(choice))
  if (removed === undefined) return false
  listChanges.value++
  useToasts().show({
    text: `Deleted ${name}`,
    seconds: UNDO_SECONDS,
    action: {
      label: 'Undo',
      run: async () => {
        await attempt(`bring ${name} back`, () => client.bin.restore(choice))
        listChanges.value++
      },
    },
  })
  return true
}

/** Notes are never written over what was written elsewhere. */
export const notesWriter =
  (comparison: string): WriteNotes =>
  async (notes, was) => {
    const [error] = await safe(client.comparisons.setNotes({ comparison, notes, was }))
    if (isDefinedError(error)) return error.data.notes
    if (error) throw error
    return undefined
  }

const saveAnswer = ({ name, type, bytes }: { name: string; type: string; bytes: Uint8Array }) =>
  saveFile(name, new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))

export const saveReport = (source: ComparisonSource, layout: ComparisonLayout, signal: AbortSignal) =>
  attempt(
    'write the report',
    async () => saveAnswer(await client.comparisons.report({ source, layout }, { signal })),
    signal,
  )

export const saveBundle = (comparison: string, format: 'zip' | 'bundle', signal?: AbortSignal) =>
  attempt(
    'write the bundle',
    async () =>
      saveAnswer(await client.comparisons.bundle({ comparison, format }, signal === undefined ? {} : { signal })),
    signal,
  )
