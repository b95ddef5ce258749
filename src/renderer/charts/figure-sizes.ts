// Sizes that pictures for papers and slides have.

/** CSS pixels in a millimetre: 96 in an inch. */
const PER_MM = 96 / 25.4

export interface FigureSize {
  readonly id: string
  readonly label: string
  /** Millimetres. */
  readonly width: number
  readonly height: number
}

/** In CSS pixels. */
export const pixelSize = ({ width, height }: FigureSize): { readonly width: number; readonly height: number } => ({
  width: Math.round(width * PER_MM),
  height: Math.round(height * PER_MM),
})

/** Widths of columns as journals have them (Elsevier, Springer: 84 to 90 mm and 174 to 190 mm). */
const [SINGLE_COLUMN, DOUBLE_COLUMN] = [85, 175]

/** Of one panel. */
export const PANEL_SIZES: readonly FigureSize[] = [
  { id: 'single-column', label: 'single column (85 mm)', width: SINGLE_COLUMN, height: 60 },
  { id: 'double-column', label: 'double column (175 mm)', width: DOUBLE_COLUMN, height: 85 },
  // 960 x 540 pixels.
  { id: 'slide', label: 'slide (16:9)', width: 254, height: 142.875 },
]

export interface FigurePreset extends FigureSize {
  /** Of the type, points. */
  readonly points: number
  /** Whether the height may not follow what the caption needs. */
  readonly fixed?: true
}

/** Of the height of a figure, what its plots keep: where words need more than the rest, the figure is higher. */
const PLOT_SHARE = 0.55

/** @param words pixels of title, legend and caption */
export function figurePixels(preset: FigurePreset, words: number): ReturnType<typeof pixelSize> {
  const { width, height } = pixelSize(preset)
  return { width, height: preset.fixed ? height : Math.max(height, Math.ceil(words + PLOT_SHARE * height)) }
}

/** Millimetres of CSS pixels. */
export const millimetres = (pixels: number): number => Number((pixels / PER_MM).toFixed(2))

/** Of a figure with its panels, legend and caption: 7 to 8 pt type on paper. */
export const FIGURE_PRESETS: readonly FigurePreset[] = [
  { id: 'single', label: 'Single column, 85 mm', width: SINGLE_COLUMN, height: 130, points: 7 },
  { id: 'double', label: 'Double column, 175 mm', width: DOUBLE_COLUMN, height: 90, points: 8 },
  { id: 'slide', label: 'Slide, 16:9', width: 338.7, height: 190.5, points: 18, fixed: true },
]
