// The way of the keyboard through what a chart can read, one item after the other.

/** Keys in the plot, and where they lead. */
export type Ways = Readonly<Partial<Record<string, -1 | 1>>>

export const SIDEWAYS: Ways = { ArrowLeft: -1, ArrowRight: 1 }
/** Of items that stand one below the other, or in no order that the eye sees. */
export const DOWNWARDS: Ways = { ...SIDEWAYS, ArrowUp: -1, ArrowDown: 1 }
/** Of items whose last is the highest. */
export const UPWARDS: Ways = { ...SIDEWAYS, ArrowDown: -1, ArrowUp: 1 }

/**
 * The item that a key leads to from item `now` of `count`.
 *
 * @param now -1: none is read yet
 */
export function itemAfter(key: string, now: number, count: number, ways: Ways): number {
  const last = count - 1
  const next = key === 'Home' ? 0 : key === 'End' ? last : now + (ways[key] ?? 0)
  return Math.min(last, Math.max(0, next))
}
