import type { AxisLabel } from '../../../core/study/figure-data.ts'

/** What a panel may fill. */
export interface Box {
  readonly width: number
  /** Starts every identifier in the panel's SVG. */
  readonly idPrefix: string
}

/** SVG elements with the panel's upper left corner at the origin. */
export interface PanelDrawing {
  readonly body: string
  readonly height: number
}

export function axisTitle({ label, unit }: AxisLabel): string {
  return unit ? `${label} (${unit})` : label
}

/** a to z, then aa, ab ... */
export function letterOf(index: number): string {
  const last = String.fromCharCode(97 + (index % 26))
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last
}
