// Where a waiting job goes: the queue is told which job it shall stand before, null for the last place.

/** One place up or down; undefined where it stands at that end already. */
export function stepBefore(ids: readonly string[], id: string, direction: 1 | -1): string | null | undefined {
  const at = ids.indexOf(id)
  if (at < 0 || at + direction < 0 || at + direction >= ids.length) return undefined
  return direction === -1 ? ids[at - 1]! : (ids[at + 2] ?? null)
}

/** The gap between rows that a pointer at height `y` means, by the number of rows above it. */
export function gapUnder(rows: readonly { readonly top: number; readonly height: number }[], y: number): number {
  const below = rows.findIndex(({ top, height }) => y < top + height / 2)
  return below < 0 ? rows.length : below
}

/** The job before which a drop into the gap puts `id`; undefined where that changes nothing. */
export function beforeAtGap(ids: readonly string[], id: string, gap: number): string | null | undefined {
  const at = ids.indexOf(id)
  return gap === at || gap === at + 1 ? undefined : (ids[gap] ?? null)
}
