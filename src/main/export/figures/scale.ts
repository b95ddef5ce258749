/** Axes with round numbers. */

export interface Scale {
  readonly min: number
  readonly max: number
  readonly interval: number
  /** From a value to its place between min and max; null where it has none. */
  readonly place: (value: number) => number | null
  /** The label of a tick, given its place. */
  readonly format: (place: number) => string
}

/** A linear scale over all finite values with about `ticks` intervals; 0 to 1 where there is none. */
export function linearScale(values: readonly number[], ticks: number): Scale {
  let [low, high] = range(values)
  if (low > high) [low, high] = [0, 1]
  // Costs and returns are read against zero where it is near.
  if (low > 0 && low <= high / 2) low = 0
  if (low === high) {
    const around = low === 0 ? 1 : Math.abs(low) / 2
    low -= around
    high += around
  }
  const interval = roundInterval((high - low) / Math.max(1, ticks))
  const min = Math.floor(low / interval + 1e-9) * interval
  const max = Math.ceil(high / interval - 1e-9) * interval
  return {
    min,
    max,
    interval,
    place: (value) => (Number.isFinite(value) ? value : null),
    format: tickFormat(interval, Math.max(Math.abs(min), Math.abs(max))),
  }
}

/** A linear scale that ends where the values end, with ticks at whole numbers where all values are whole. */
export function exactScale(values: readonly number[], ticks: number): Scale {
  let [low, high] = range(values)
  if (low > high) [low, high] = [0, 1]
  if (low === high) [low, high] = [low - 1, high + 1]
  const whole = values.every(Number.isInteger)
  const interval = Math.max(whole ? 1 : 0, roundInterval((high - low) / Math.max(1, ticks)))
  return {
    min: low,
    max: high,
    interval,
    place: (value) => (Number.isFinite(value) ? value : null),
    format: tickFormat(interval, Math.max(Math.abs(low), Math.abs(high))),
  }
}

/** Whole decades; places are decimal logarithms. */
export function logarithmicScale(values: readonly number[], ticks: number): Scale {
  const [low, high] = range(values.filter((value) => value > 0))
  const min = low > high ? -1 : Math.floor(Math.log10(low))
  const max = low > high ? 1 : Math.max(min + 1, Math.ceil(Math.log10(high)))
  return {
    min,
    max,
    interval: Math.max(1, Math.ceil((max - min) / Math.max(1, ticks))),
    place: (value) => (value > 0 && Number.isFinite(value) ? Math.log10(value) : null),
    format: (place) => (Math.abs(place) <= 4 ? String(Number(`1e${place}`)) : `1e${place}`).replace('-', '−'),
  }
}

/** Names at 0, 1, ..., with half a place of room at either end. */
export const categoryScale = (categories: readonly string[]): Scale => ({
  min: -0.5,
  max: Math.max(0, categories.length - 1) + 0.5,
  interval: 1,
  place: (value) => (Number.isInteger(value) ? value : null),
  format: (place) => categories[place] ?? '',
})

/** Places of the ticks: the multiples of the interval from min to max. */
export function ticksOf({ min, max, interval }: Scale): number[] {
  const first = Math.ceil(min / interval - 1e-6)
  const last = Math.floor(max / interval + 1e-6)
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * interval)
}

function range(values: readonly number[]): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** The nearest of 1, 2, 5 times a power of ten, by ratio. */
function roundInterval(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted))
  const ratio = (factor: number) => Math.abs(Math.log((factor * power) / wanted))
  return [1, 2, 5, 10].reduce((best, factor) => (ratio(factor) < ratio(best) ? factor : best)) * power
}

function tickFormat(interval: number, largest: number): (value: number) => string {
  const [unit, suffix] = largest >= 1e6 ? [1e6, 'M'] : largest >= 1e4 ? [1e3, 'k'] : [1, '']
  // Ticks that differ in the fourth digit or later are not told apart by millions.
  if (interval / unit < 0.01) return (value) => formatNumber(value, interval).replace(/\B(?=(\d{3})+$)/g, ',')
  return (value) => `${formatNumber(value / unit, interval / unit)}${value === 0 ? '' : suffix}`
}

/** `value` with as many decimals as multiples of `precision` need. */
export function formatNumber(value: number, precision: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(precision) + 1e-9))
  const text = decimals > 6 ? value.toExponential(1) : value.toFixed(decimals)
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−')
}
