// The language that filters tasks: `distance>1.5 hazards>=2 cost<=5 seed:301..350`. All terms must hold.
import { FIGURE_IDS, isFigure, isResultFigure, type FigureId, type FigureValues } from './figures.ts'

export interface TaskTerm {
  readonly figure: FigureId
  readonly min: number
  readonly max: number
  /** Whether the ends themselves are outside. */
  readonly open: boolean
}

export type TaskFilter = { readonly terms: readonly TaskTerm[] } | { readonly problem: string }

const NUMBER = String.raw`[-+−]?(?:\d+\.?\d*|\.\d+)(?:e[-+−]?\d+)?`
const COMPARED = new RegExp(String.raw`^([a-z]+)(<=|>=|<|>|=|:)(${NUMBER})$`, 'i')
const RANGED = new RegExp(String.raw`^([a-z]+)[:=](${NUMBER})\.\.(${NUMBER})$`, 'i')

export function parseTaskFilter(text: string): TaskFilter {
  const terms: TaskTerm[] = []
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const term = parseTerm(word)
    if (typeof term === 'string') return { problem: term }
    terms.push(term)
  }
  return { terms }
}

function parseTerm(word: string): TaskTerm | string {
  const [, rangedName, from, to] = RANGED.exec(word) ?? []
  if (rangedName !== undefined)
    return named(rangedName, (figure) => ({ figure, min: numberOf(from!), max: numberOf(to!), open: false }))
  if (/^\d+$/.test(word)) return { figure: 'seed', min: Number(word), max: Number(word), open: false }
  const [, name, operator, number] = COMPARED.exec(word) ?? []
  if (name === undefined) return `“${word}” is no condition: write one such as distance>1.5 or hazards:0..2.`
  return named(name, (figure) => {
    const value = numberOf(number!)
    const isBelow = operator!.startsWith('<')
    const isAbove = operator!.startsWith('>')
    return {
      figure,
      min: isBelow ? -Infinity : value,
      max: isAbove ? Infinity : value,
      open: operator === '<' || operator === '>',
    }
  })
}

function named(name: string, term: (figure: FigureId) => TaskTerm): TaskTerm | string {
  const figure = name.toLowerCase()
  return isFigure(figure) ? term(figure) : `There is no figure “${name}”. There are: ${FIGURE_IDS.join(', ')}.`
}

const numberOf = (text: string): number => Number(text.replaceAll('−', '-'))

/** A value that is missing meets no condition. */
export const meets = (values: FigureValues, terms: readonly TaskTerm[]): boolean =>
  terms.every(({ figure, min, max, open }) => {
    const value = values[figure]
    return open ? value > min && value < max : value >= min && value <= max
  })

/** Figures of results that are asked for, of which no task has a value as long as no results are chosen. */
export const resultFiguresIn = (terms: readonly TaskTerm[]): FigureId[] => [
  ...new Set(terms.map(({ figure }) => figure).filter(isResultFigure)),
]

export interface TaskOrder {
  readonly figure: FigureId
  readonly descending: boolean
}

/** Tasks without a value come last in either direction; ties are in the order of the seeds. */
export function sorted<T extends { readonly values: FigureValues }>(
  items: readonly T[],
  { figure, descending }: TaskOrder,
): T[] {
  const sign = descending ? -1 : 1
  return items.toSorted((a, b) => {
    const [first, second] = [a.values[figure], b.values[figure]]
    const missing = Number(Number.isNaN(first)) - Number(Number.isNaN(second))
    if (missing !== 0) return missing
    return (
      (Number.isNaN(first) || first === second ? 0 : sign * (first < second ? -1 : 1)) || a.values.seed - b.values.seed
    )
  })
}
