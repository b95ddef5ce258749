// Sizes that pictures for papers and slides have, in CSS pixels of 1/96 inch.

export interface FigureSize {
  readonly id: string
  readonly label: string
  readonly width: number
  readonly height: number
}

const PIXELS_PER_MM = 96 / 25.4
const millimetres = (length: number): number => Math.round(length * PIXELS_PER_MM)

export const FIGURE_SIZES: readonly FigureSize[] = [
  { id: 'single-column', label: 'single column (85 mm)', width: millimetres(85), height: millimetres(60) },
  { id: 'double-column', label: 'double column (175 mm)', width: millimetres(175), height: millimetres(85) },
  { id: 'slide', label: 'slide (16:9)', width: 960, height: 540 },
]
