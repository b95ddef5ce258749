// The numbers behind a drawing, for its table and its CSV file.
import { X_NAMES, type XKind } from './format.ts'
import type { TaskValues } from './heat-map-option.ts'
import type { Bound, Limit } from './metric-option.ts'
import type { DrawnSeries } from './series.ts'
import type { Phase, Stack } from './stacked-option.ts'
import type { Stretch } from '../../core/series/stretch.ts'
import { firstAtLeast, type XRange } from './x-range.ts'

type Row = (string | number)[]

/** The x axis as a column, where it is another than the iterations. */
function xName(kind: XKind): string[] {
  if (kind === 'iteration' || kind === 'adaptation-step') return []
  return [kind === 'time' ? `${X_NAMES.time} (s)` : X_NAMES['env-steps']]
}

function span(x: ArrayLike<number>, range: XRange | null): [number, number] {
  if (range === null) return [0, x.length]
  let end = firstAtLeast(x, range.to)
  if (end < x.length && x[end] === range.to) end++
  return [firstAtLeast(x, range.from), end]
}

/** Lines across a chart that are of no series. */
export interface DrawnAcross {
  readonly limit?: Limit | null
  readonly bound?: Bound | null
}

/** One row per series and stretch within the range, then those of the lines across; bands have two columns each. */
export function metricRows(
  drawn: readonly DrawnSeries[],
  kind: XKind,
  range: XRange | null,
  across: DrawnAcross = {},
): Row[] {
  const labels = [...new Set(drawn.flatMap(({ source }) => (source.bands ?? []).map(({ label }) => label)))]
  const anySmoothed = drawn.some(({ smoothed }) => smoothed !== null)
  const header = [
    'Series',
    ...(kind === 'adaptation-step' ? ['First step', 'Last step'] : ['First iteration', 'Last iteration']),
    ...xName(kind),
    'Mean',
    ...(anySmoothed ? ['Smoothed'] : []),
    // What a step of an adaptation counts is the tasks behind its mean; their extremes are not known.
    ...(kind === 'adaptation-step' ? ['Tasks'] : ['Min', 'Max', 'Count']),
    ...labels.flatMap((label) => [`${label}, lower`, `${label}, upper`]),
  ]
  const rows: Row[] = [header]
  for (const { source, x, smoothed } of drawn) {
    const [begin, end] = span(x, range)
    for (let i = begin; i < end; i++) {
      const { first, last, mean, min, max, count } = source.stretches[i]!
      const bands = labels.flatMap((label) => {
        const band = source.bands?.find((candidate) => candidate.label === label)
        return band === undefined ? [NaN, NaN] : [band.lower[i]!, band.upper[i]!]
      })
      const place = xName(kind).length === 0 ? [] : [x[i]!]
      const smooth = anySmoothed ? [smoothed?.[i] ?? NaN] : []
      const extent = kind === 'adaptation-step' ? [count] : [min, max, count]
      rows.push([source.name, first, last, ...place, mean, ...smooth, ...extent, ...bands])
    }
  }
  const named = (name: string, at: Row, value: number): Row => {
    const begin = [name, ...at, value]
    return [...begin, ...Array.from({ length: header.length - begin.length }, () => '')]
  }
  const everywhere: Row = ['', '', ...xName(kind).map(() => '')]
  const { limit = null, bound = null } = across
  if (limit !== null) rows.push(named(`limit ${limit.symbol}`, everywhere, limit.value))
  if (bound !== null) rows.push(...boundRows(bound, kind, range, everywhere, named))
  return rows
}

/** One row of a bound that is the same everywhere. */
function boundRows(
  { symbol, x, y }: Bound,
  kind: XKind,
  range: XRange | null,
  everywhere: Row,
  named: (name: string, at: Row, value: number) => Row,
): Row[] {
  const [begin, end] = span(x, range)
  const values = Array.from(y).slice(begin, end)
  if (values.length > 0 && values.every((value) => value === values[0]))
    return [named(`bound ${symbol}`, everywhere, values[0]!)]
  const at = (place: number): Row => (xName(kind).length === 0 ? [place, place] : ['', '', place])
  return values.map((value, i) => named(`bound ${symbol}`, at(x[begin + i]!), value))
}

export function stackRows(
  stretches: readonly Stretch[],
  phases: readonly Phase[],
  { x }: Stack,
  kind: XKind,
  range: XRange | null,
): Row[] {
  const [begin, end] = span(x, range)
  const header = ['First iteration', 'Last iteration', ...xName(kind), ...phases.map(({ name }) => `${name} (s)`)]
  const rows: Row[] = [header]
  for (let i = begin; i < end; i++) {
    const { first, last } = stretches[i]!
    rows.push([first, last, ...(kind === 'iteration' ? [] : [x[i]!]), ...phases.map(({ seconds }) => seconds[i]!)])
  }
  return rows
}

/** Iterations down, tasks across. */
export function taskRows(
  { columns, tasks, values }: TaskValues,
  nameOf: (row: number) => number,
  edges: ArrayLike<number>,
  range: XRange | null,
): Row[] {
  const names = Array.from({ length: tasks }, (_, row) => `Task ${nameOf(row)}`)
  const rows: Row[] = [['First iteration', 'Last iteration', ...names]]
  columns.forEach(({ first, last }, column) => {
    if (range !== null && (edges[column + 1]! <= range.from || edges[column]! >= range.to)) return
    rows.push([first, last, ...names.map((_, task) => values[task * columns.length + column]!)])
  })
  return rows
}
