// Where things lie within a drawing.

/** Pixels around the plot. */
export interface Margins {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export const marginsOf = ({ left = 60, right = 14, top = 10, bottom = 40 }: Partial<Margins>): Margins => ({
  left,
  right,
  top,
  bottom,
})

/** Pixels of the whole drawing. */
export interface PlotSize {
  readonly width: number
  readonly height: number
}

/** A place in the plot: shares from its left and its top, and its size in pixels. */
export interface PlotPlace extends PlotSize {
  readonly x: number
  readonly y: number
}

/** What an axis shows. */
export interface AxisRange {
  readonly min: number
  readonly max: number
}

export const valueAt = (share: number, { min, max }: AxisRange): number => min + share * (max - min)
export const shareAt = (value: number, { min, max }: AxisRange): number => (value - min) / (max - min)

/** The item nearest to a place within `reach` pixels; -1 where none is. */
export function nearestItem(
  count: number,
  itemAt: (index: number) => { readonly x: number; readonly y: number },
  place: PlotPlace,
  reach: number,
): number {
  let [found, least] = [-1, reach]
  for (let i = 0; i < count; i++) {
    const { x, y } = itemAt(i)
    const distance = Math.hypot((x - place.x) * place.width, (y - place.y) * place.height)
    if (distance <= least) [found, least] = [i, distance]
  }
  return found
}
