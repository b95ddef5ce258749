// Where values lie in a colour map.

/** What the ends of the colour map stand for; with a middle, each side has half of the map. */
export interface ColourDomain {
  readonly min: number
  readonly middle: number | null
  readonly max: number
}

export function colourDomain(values: ArrayLike<number>, middle: number | null): ColourDomain {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < min) min = value
    if (value > max) max = value
  }
  if (!(min <= max)) [min, max] = [0, 1]
  if (middle !== null) return { min: Math.min(min, middle), middle, max: Math.max(max, middle) }
  return { min, middle, max: max > min ? max : min + 1 }
}

/** Place of a value in the colour map, 0..1. */
export function shareOf(value: number, { min, middle, max }: ColourDomain): number {
  if (middle === null) return (value - min) / (max - min)
  if (value <= middle) return middle > min ? 0.5 * ((value - min) / (middle - min)) : 0.5
  return 0.5 + 0.5 * ((value - middle) / (max - middle))
}
