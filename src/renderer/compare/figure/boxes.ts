/** Where the plots of the figure stand in a picture. */
import type { PanelId } from './figure.ts'

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface PictureSize {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Of the type, pixels: distances follow it. */
  readonly type: number
  /** Pixels that title and legend take above, and the caption below. */
  readonly head?: number
  readonly foot?: number
}

/** Narrower pictures have their plots below each other. */
export const isStacked = ({ width, type }: PictureSize): boolean => width < 52 * type

/**
 * Beside each other: return over the whole height, and cost above its feasible share. Below each other, all three share
 * their x axis.
 */
export function plotBoxes(size: PictureSize): Record<PanelId, Box> {
  const { width, height, type, head = 0, foot = 0 } = size
  const [left, right, title, axis] = [4.6 * type, 1.2 * type, 2.7 * type, 3.6 * type]
  const bottom = height - foot - axis
  const box = (from: number, to: number, top: number, end: number): Box => ({
    left: from,
    top,
    width: Math.max(1, to - from),
    height: Math.max(1, end - top),
  })
  /** Places of plots below each other, by the share of the height that each takes. */
  const column = (from: number, to: number, shares: readonly number[]): Box[] => {
    const room = bottom - head - shares.length * title
    const total = shares.reduce((sum, share) => sum + share, 0)
    let top = head
    return shares.map((share) => {
      const start = top + title
      top = start + (room * share) / total
      return box(from, to, start, top)
    })
  }
  if (isStacked(size)) {
    const [returns, cost, feasible] = column(left, width - right, [4, 4, 2])
    return { return: returns!, cost: cost!, feasible: feasible! }
  }
  const half = width / 2
  const [returns] = column(left, half - right, [1])
  const [cost, feasible] = column(half + left, width - right, [13, 6])
  return { return: returns!, cost: cost!, feasible: feasible! }
}
