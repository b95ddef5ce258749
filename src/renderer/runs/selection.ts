// Which runs are chosen and where the keyboard stands, as plain data over the lines of the table.
import type { Line } from './arrange.ts'

export interface Selection {
  /** Ids of runs. */
  readonly chosen: ReadonlySet<string>
  /** Key of the line where the keyboard stands. */
  readonly active: string | null
  /** Key of the line where a range begins. */
  readonly anchor: string | null
}

export const NOTHING: Selection = { chosen: new Set(), active: null, anchor: null }

/** This line alone; the head of a group chooses nothing. */
export const choose = (line: Line): Selection => ({
  chosen: new Set(idsOf([line])),
  active: line.key,
  anchor: line.key,
})

/** Goes there without choosing it. */
export const moveTo = (selection: Selection, line: Line): Selection => ({ ...selection, active: line.key })

/** In or out; of a group, all its runs. */
export function toggle({ chosen }: Selection, line: Line): Selection {
  const ids = line.kind === 'run' ? [line.run.id] : line.runs.map(({ id }) => id)
  const next = new Set(chosen)
  const areIn = ids.every((id) => chosen.has(id))
  for (const id of ids) {
    if (areIn) next.delete(id)
    else next.add(id)
  }
  return { chosen: next, active: line.key, anchor: line.key }
}

/** From where the range began to this line. */
export function extendTo(selection: Selection, lines: readonly Line[], line: Line): Selection {
  const to = lines.indexOf(line)
  const began = lines.findIndex(({ key }) => key === (selection.anchor ?? selection.active))
  const from = began === -1 ? to : began
  const range = lines.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { chosen: new Set(idsOf(range)), active: line.key, anchor: lines[from]?.key ?? line.key }
}

export const chooseAll = (selection: Selection, runs: readonly { readonly id: string }[]): Selection => ({
  ...selection,
  chosen: new Set(runs.map(({ id }) => id)),
})

/** Keys that move in the table, as the number of the line they go to; undefined for any other key. */
export function destination(key: string, from: number, count: number, page: number): number | undefined {
  const last = count - 1
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, from + 1)
    case 'ArrowUp':
      return Math.max(0, from - 1)
    case 'PageDown':
      return Math.min(last, Math.max(0, from) + page)
    case 'PageUp':
      return Math.max(0, from - page)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}

/** Chooses nothing; the keyboard goes to the line that takes the place of what is going. */
export function leave({ active }: Selection, lines: readonly Line[], going: ReadonlySet<string>): Selection {
  const stays = (line: Line): boolean => line.kind === 'group' || !going.has(line.run.id)
  const at = lines.findIndex(({ key }) => key === active)
  if (at === -1) return NOTHING
  const next = lines.slice(at).find(stays) ?? lines.slice(0, at).findLast(stays)
  return next === undefined ? NOTHING : moveTo(NOTHING, next)
}

const idsOf = (lines: readonly Line[]): string[] => lines.flatMap((line) => (line.kind === 'run' ? [line.run.id] : []))
