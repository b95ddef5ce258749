// Where an axis has its ticks: at 1, 2 or 5 times a power of ten, or at the usual parts of a day.

export interface Scale {
  readonly min: number
  readonly max: number
  /** Distance of the ticks; `min` and `max` are multiples of it. */
  readonly step: number
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `distance`. */
export function niceStep(distance: number): number {
  const power = 10 ** Math.floor(Math.log10(distance))
  const leading = distance / power
  // The slack keeps 0.30000000000000004 / 3 at 0.1.
  const factor = [1, 2, 5].find((candidate) => leading <= candidate * (1 + 1e-9)) ?? 10
  return factor * power
}

/**
 * The scale of a value axis around `min`..`max` with about `count` ticks. Values that are positive and not far from zero
 * begin at zero, so that heights can be compared.
 */
export function niceScale(min: number, max: number, count: number): Scale {
  const fromZero = min >= 0 && min <= 0.5 * max
  let low = fromZero ? 0 : min
  let high = max
  if (!(high > low)) {
    const half = low === 0 ? 1 : Math.abs(low) * 0.1
    low -= half
    high += half
  }
  const step = niceStep((high - low) / count)
  return {
    min: multiple(Math.floor(low / step + 1e-9), step),
    max: multiple(Math.ceil(high / step - 1e-9), step),
    step,
  }
}

/** Whole decades around positive values: a scale of decimal logarithms. */
export function decadeScale(min: number, max: number, count: number): Scale {
  const low = Math.floor(Math.log10(min) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(max) - 1e-9))
  const step = Math.max(1, Math.ceil((high - low) / count))
  return { min: low, max: low + step * Math.ceil((high - low) / step), step }
}

/** Multiples of a nice step within `min`..`max`, about `count` of them; `least` bounds the step from below. */
export function ticksWithin(min: number, max: number, count: number, least = 0): number[] {
  if (!(max > min)) return [min]
  return multiplesWithin(min, max, Math.max(least, niceStep((max - min) / count)))
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Steps (s) that clocks are read in. */
const CLOCK_STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
]

/** Ticks of an axis in seconds. */
export function clockTicksWithin(min: number, max: number, count: number): number[] {
  const distance = (max - min) / count
  if (!(distance > 0)) return [min]
  if (distance <= 0.5) return multiplesWithin(min, max, niceStep(distance))
  const step = CLOCK_STEPS.find((candidate) => candidate >= distance) ?? niceStep(distance / DAY) * DAY
  return multiplesWithin(min, max, step)
}

function multiplesWithin(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9)
  const last = Math.floor(max / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => multiple(first + i, step))
}

/** times x step without the digits that binary fractions leave behind. */
function multiple(times: number, step: number): number {
  const product = Number((times * step).toPrecision(12))
  return product === 0 ? 0 : product
}
