/** Where the names of levels stand, so that they hide no value and not each other. */

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Corners of a name at a level: left of it in the plot or right, above the line or below. */
export interface NamePlace {
  readonly side: 'left' | 'right'
  readonly edge: 'above' | 'below'
}

/**
 * The first of the places that covers fewest points; places of which the name would leave the plot come last.
 *
 * @param name its width and height (px)
 * @param y of the level (px)
 * @param points what is drawn (px)
 * @param side preferred
 */
export function namePlace(
  plot: Rectangle,
  name: Pick<Rectangle, 'width' | 'height'>,
  y: number,
  points: readonly (readonly [x: number, y: number])[],
  side: NamePlace['side'],
): NamePlace {
  const other: NamePlace['side'] = side === 'left' ? 'right' : 'left'
  const places: NamePlace[] = [side, other].flatMap((at): NamePlace[] => [
    { side: at, edge: 'above' },
    { side: at, edge: 'below' },
  ])
  const costOf = (place: NamePlace): number => {
    const x = place.side === 'left' ? plot.x : plot.x + plot.width - name.width
    const top = place.edge === 'above' ? y - name.height : y
    if (top < plot.y || top + name.height > plot.y + plot.height) return Number.POSITIVE_INFINITY
    return points.filter(([px, py]) => px >= x && px <= x + name.width && py >= top && py <= top + name.height).length
  }
  const costs = places.map(costOf)
  return places[costs.indexOf(Math.min(...costs))]!
}

/**
 * A line that joins points in the order of x, as points of it at most `apart` from each other in x, as far as it is in the
 * plot: zoomed into, a line may be millions of pixels long.
 */
export function alongLine(
  points: readonly (readonly [x: number, y: number])[],
  apart: number,
  { x: from, width }: Pick<Rectangle, 'x' | 'width'>,
): [number, number][] {
  const to = from + width
  return points.flatMap(([x, y], i): [number, number][] => {
    const [nextX, nextY] = points[i + 1] ?? [x, y]
    const [start, end] = [Math.max(x, from), Math.min(nextX, to)]
    if (!(start <= end) || Number.isNaN(y)) return []
    if (Number.isNaN(nextY) || nextX === x) return [[x, y]]
    const parts = Math.max(1, Math.ceil((end - start) / apart))
    return Array.from({ length: parts }, (_, part) => {
      const at = start + ((end - start) * part) / parts
      return [at, y + ((nextY - y) * (at - x)) / (nextX - x)]
    })
  })
}

/**
 * Places for marks beside their lines, in the order of `wanted` (px): each as near to its line as marks that lie `apart`
 * from each other can be, between `top` and `bottom`.
 */
export function placesApart(wanted: readonly number[], apart: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!)
  const places = [...wanted]
  let least = top
  for (const i of order) {
    places[i] = Math.max(least, places[i]!)
    least = places[i] + apart
  }
  let most = bottom
  for (const i of order.reverse()) {
    places[i] = Math.min(most, places[i]!)
    most = places[i] - apart
  }
  return places
}
