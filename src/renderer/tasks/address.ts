// A gallery as an address: `#/tasks?world=environment-2&from=301&to=600&runs=…&colour=cost`. What is usual is left out.
import { formatVariant, parseVariant, variantWorld, type WorldVariant } from '../../core/env/world-variant.ts'
import { formatInteger } from '../format/numbers.ts'
import { FIGURE_IDS, isFigure, type FigureId } from './figures.ts'
import type { TaskOrder } from './task-filter.ts'

export const MAP_SIZES = { small: 104, medium: 148, large: 220 } as const
export type MapSize = keyof typeof MAP_SIZES

export interface GalleryAddress {
  readonly world: WorldVariant
  readonly from: number
  readonly to: number
  readonly arcDegrees: number
  /** Whose results colour the tasks. */
  readonly runs: readonly string[]
  /** The first where it is null. */
  readonly label: string | null
  /** Adaptation step; the last where it is null. */
  readonly step: number | null
  readonly colour: FigureId | null
  readonly order: TaskOrder
  readonly filter: string
  readonly size: MapSize
}

/** Of Environment 2 all tasks that the default configuration trains on or holds out. */
export const USUAL: GalleryAddress = {
  world: { base: 'environment-2' },
  from: 0,
  to: 600,
  arcDegrees: 140,
  runs: [],
  label: null,
  step: null,
  colour: null,
  order: { figure: 'seed', descending: false },
  filter: '',
  size: 'medium',
}

/** Seeds that are laid out at most. */
export const MOST_SEEDS = 5000
export const LAST_SEED = 1_000_000

type Query = Readonly<Record<string, unknown>>

function textOf(query: Query, name: string): string | null {
  const value = query[name]
  return typeof value === 'string' && value !== '' ? value : null
}

function numberOf(query: Query, name: string, min: number, max: number): number | null {
  const value = textOf(query, name)
  return value !== null && /^\d+(\.\d+)?$/.test(value) && Number(value) >= min && Number(value) <= max
    ? Number(value)
    : null
}

export function readAddress(query: Query): GalleryAddress {
  const text = (name: string) => textOf(query, name)
  const number = (name: string, min: number, max: number) => numberOf(query, name, min, max)
  const seed = (name: string) => Math.floor(number(name, 0, LAST_SEED) ?? USUAL[name as 'from' | 'to'])
  const from = seed('from')
  const sort = text('sort')
  const figure = sort?.replace(/^-/, '') ?? ''
  const colour = text('colour') ?? ''
  const size = text('size') ?? ''
  return {
    world: parseVariant(text('world') ?? '') ?? USUAL.world,
    from,
    to: Math.min(Math.max(from, seed('to')), from + MOST_SEEDS - 1),
    arcDegrees: number('arc', 1, 360) ?? USUAL.arcDegrees,
    runs: text('runs')?.split(',').filter(Boolean) ?? USUAL.runs,
    label: text('label'),
    step: number('step', 0, 10_000),
    colour: isFigure(colour) ? colour : null,
    order: isFigure(figure) ? { figure, descending: sort!.startsWith('-') } : USUAL.order,
    filter: text('filter') ?? '',
    size: size in MAP_SIZES ? (size as MapSize) : USUAL.size,
  }
}

/** In which points an address is not shown as it says: it was written by hand, or for another version. */
export function addressProblems(query: Query): string[] {
  const { from, to, arcDegrees, world } = readAddress(query)
  const asked = (name: string) => textOf(query, name) ?? ''
  const isWrong = (name: string, min: number, max: number) =>
    asked(name) !== '' && numberOf(query, name, min, max) === null
  const variant = asked('world')
  const wrongSeeds = ['from', 'to'].filter((name) => isWrong(name, 0, LAST_SEED)).map((name) => `“${asked(name)}”`)
  const last = numberOf(query, 'to', 0, LAST_SEED) ?? to
  const figures = [asked('sort').replace(/^-/, ''), asked('colour')].filter((name) => name !== '' && !isFigure(name))
  return [
    ...(variant !== '' && parseVariant(variant) === null
      ? [`There is no world “${variant}”: this is ${variantWorld(world).title}.`]
      : []),
    ...(wrongSeeds.length > 0
      ? [`${wrongSeeds.join(', ')}: seeds are whole numbers from 0 to ${formatInteger(LAST_SEED)}.`]
      : []),
    ...(last > to
      ? [
          `At most ${formatInteger(MOST_SEEDS)} seeds are shown at once: ` +
            `${formatInteger(from)} to ${formatInteger(to)}, not to ${formatInteger(last)}.`,
        ]
      : []),
    ...(last < from ? [`Seed ${formatInteger(from)} alone: the last seed, ${formatInteger(last)}, is below it.`] : []),
    ...(isWrong('arc', 1, 360) ? [`“${asked('arc')}” is no arc from 1° to 360°: it is ${arcDegrees}°.`] : []),
    ...new Set(figures.map((name) => `There is no figure “${name}”.`)),
  ]
}

export function writeAddress(address: GalleryAddress): Record<string, string> {
  const { world, from, to, arcDegrees, runs, label, step, colour, order, filter, size } = address
  const parts: Record<string, string | null> = {
    world: formatVariant(world),
    from: String(from),
    to: String(to),
    arc: String(arcDegrees),
    runs: runs.join(','),
    label,
    step: step === null ? null : String(step),
    colour,
    sort: `${order.descending ? '-' : ''}${order.figure}`,
    filter: filter.trim(),
    size,
  }
  const usual: Record<string, string> = {
    world: formatVariant(USUAL.world),
    from: String(USUAL.from),
    to: String(USUAL.to),
    arc: String(USUAL.arcDegrees),
    sort: FIGURE_IDS[0],
    size: USUAL.size,
  }
  return Object.fromEntries(
    Object.entries(parts).filter(
      (part): part is [string, string] => part[1] !== null && part[1] !== '' && part[1] !== usual[part[0]],
    ),
  )
}
