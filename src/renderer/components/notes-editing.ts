// The notes of one run in one of perhaps several windows: what is written here never replaces what was written elsewhere
// unless somebody says so.
import { isDefinedError, safe } from '@orpc/client'
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { client } from '../api/client.ts'

export interface NotesEditing {
  readonly text: Ref<string>
  /** Whether the text is another than the one that is stored. */
  readonly isChanged: ComputedRef<boolean>
  /** What was stored elsewhere meanwhile, until somebody has chosen. */
  readonly theirs: Ref<string | undefined>
  /** Stores the text, as long as it changes meanwhile. Rejects where that fails; stops where there is `theirs`. */
  save(): Promise<void>
  /** What was read anew: shown, unless something is being written here. */
  reread(notes: string): void
  keepMine(): Promise<void>
  takeTheirs(): void
}

/** Stores `notes` if `was` is what is stored; resolves with what is stored instead, if it is not. */
export type WriteNotes = (notes: string, was: string) => Promise<string | undefined>

/** The real one. */
export const writerOf =
  (run: string): WriteNotes =>
  async (notes, was) => {
    const [error] = await safe(client.runs.setNotes({ run, notes, was }))
    if (isDefinedError(error)) return error.data.notes
    if (error) throw error
    return undefined
  }

/** @param notes as they were read */
export function editNotes(notes: string, write: WriteNotes): NotesEditing {
  const text = ref(notes)
  const base = ref(notes)
  const theirs = ref<string>()
  const isChanged = computed(() => text.value !== base.value)
  let saving: Promise<void> | undefined
  /** Sent, perhaps in vain. */
  let sent: string | undefined

  async function store(): Promise<void> {
    while (isChanged.value && theirs.value === undefined) {
      const before = sent
      const wanted = (sent = text.value)
      const stored = await write(wanted, base.value)
      if (stored === undefined) base.value = wanted
      // Our own, of which the answer was lost.
      else if (stored === wanted || stored === before) base.value = stored
      else theirs.value = stored
    }
  }

  // One at a time: else a second would meet the first as if it came from elsewhere.
  const save = () => (saving ??= store().finally(() => (saving = undefined)))

  function accept(): string {
    const stored = theirs.value ?? base.value
    base.value = stored
    sent = theirs.value = undefined
    return stored
  }

  return {
    text,
    isChanged,
    theirs,
    save,
    reread(read) {
      if (!isChanged.value && saving === undefined) text.value = base.value = read
    },
    keepMine() {
      accept()
      return save()
    },
    takeTheirs: () => void (text.value = accept()),
  }
}

/** What is not stored yet, by run: a conflict that nobody has decided outlives the screen that it was met on. */
const left = new Map<string, NotesEditing>()

/** The notes of a run: what was being written when its screen was left, else as they were read. */
export function enterNotes(run: string, notes: string, write: WriteNotes = writerOf(run)): NotesEditing {
  const editing = left.get(run) ?? editNotes(notes, write)
  left.delete(run)
  editing.reread(notes)
  return editing
}

/** Stores what was written as far as that can be done, and keeps the rest until the notes are entered again. */
export async function leaveNotes(run: string, editing: NotesEditing): Promise<void> {
  if (!editing.isChanged.value) return
  left.set(run, editing)
  await editing.save()
  if (!editing.isChanged.value && left.get(run) === editing) left.delete(run)
}
