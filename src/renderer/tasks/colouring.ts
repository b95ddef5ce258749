// From a figure's values to the colours of the maps' frames. Where there is a cost limit, the colours part at it.
import { cssColour, divergingDark, divergingLight, sequential } from '../../core/study/colour-map.ts'
import { colourDomain, shareOf, type ColourDomain } from '../../core/study/colour-domain.ts'
import type { FigureId } from './figures.ts'

export interface Colouring {
  readonly figure: FigureId
  readonly domain: ColourDomain
  /** As CSS writes it; null where there is no value. */
  colourOf(value: number): string | null
}

/** @param limit of the cost; null where runs have several */
export function colouringOf(
  figure: FigureId,
  values: readonly number[],
  limit: number | null,
  dark: boolean,
): Colouring {
  const finite = values.filter(Number.isFinite)
  const middle = figure === 'cost' ? limit : figure === 'bearing' ? 0 : null
  const domain = figure === 'feasible' ? { min: 0, middle: null, max: 1 } : balanced(finite, middle)
  const colours = middle === null ? sequential : dark ? divergingDark : divergingLight
  return {
    figure,
    domain,
    colourOf: (value) => (Number.isFinite(value) ? cssColour(colours(shareOf(value, domain))) : null),
  }
}

/** Where nothing lies far above the middle, small steps above it would have strong colours. */
function balanced(values: readonly number[], middle: number | null): ColourDomain {
  const { min, max } = colourDomain(Float64Array.from(values), middle)
  return { min, middle, max: middle === null ? max : Math.max(max, 2 * middle - min) }
}

/** Values at equal steps through the colours, from end to end: for a legend. */
export function legendValues({ min, middle, max }: ColourDomain, fields: number): number[] {
  return Array.from({ length: fields }, (_, i) => {
    const share = i / (fields - 1)
    if (middle === null) return min + share * (max - min)
    return share <= 0.5 ? min + 2 * share * (middle - min) : middle + (2 * share - 1) * (max - middle)
  })
}
