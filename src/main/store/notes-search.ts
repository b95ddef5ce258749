import { read, type Connection } from './transaction.ts'

/** For each text (in small letters): ids of the runs outside the bin whose notes have it in them, newest first. */
export function runsNoting(connection: Connection, texts: readonly string[]): string[][] {
  const found = texts.map((): string[] => [])
  if (texts.length === 0) return found
  return read(connection, () => {
    // SQLite knows small letters of ASCII only. One run at a time: notes may be long.
    const noted = connection
      .prepare("SELECT id, notes FROM runs WHERE notes <> '' AND binned_at IS NULL ORDER BY key DESC")
      .raw()
      .iterate() as IterableIterator<[id: string, notes: string]>
    for (const [id, notes] of noted) {
      const small = notes.toLowerCase()
      texts.forEach((text, index) => {
        if (small.includes(text)) found[index]!.push(id)
      })
    }
    return found
  })
}
