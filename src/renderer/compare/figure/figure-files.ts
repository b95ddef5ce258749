/** The figure as files: for a page of paper in one or two columns, for a slide, or as large as on the screen. */
import { init, type ChartOption } from '../../charts/echarts.ts'
import { withOpacity, type ChartTheme } from '../../charts/theme.ts'
import { csvFile } from '../../format/csv.ts'
import type { PictureSize } from './boxes.ts'
import { figureRows, type AdaptationFigure } from './figure.ts'
import { figureOption } from './figure-option.ts'

/** CSS pixels in a millimetre. */
const PER_MM = 96 / 25.4
const PNG_SCALE = 2

export interface PicturePreset {
  readonly id: string
  readonly label: string
  /** Millimetres. */
  readonly width: number
  readonly height: number
  /** Of the type, points. */
  readonly points: number
}

/** Widths of columns as journals have them (Elsevier, Springer: 84 to 90 mm and 174 to 190 mm), 7 to 8 pt type. */
export const PICTURE_PRESETS: readonly PicturePreset[] = [
  { id: 'single', label: 'Single column, 85 mm', width: 85, height: 130, points: 7 },
  { id: 'double', label: 'Double column, 175 mm', width: 175, height: 90, points: 8 },
  { id: 'slide', label: 'Slide, 16:9', width: 338.7, height: 190.5, points: 18 },
]

export interface FigurePicture {
  readonly figure: AdaptationFigure
  readonly theme: ChartTheme
  readonly preset: PicturePreset
}

/** At twice the size of the screen's pixels. */
export async function figurePng(picture: FigurePicture): Promise<Blob> {
  const { width, height, option } = standAlone(picture)
  const chart = init(document.createElement('div'), null, { width, height })
  try {
    chart.setOption(option)
    const canvas = chart.renderToCanvas({ pixelRatio: PNG_SCALE, backgroundColor: picture.theme.paper })
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob === null ? reject(new Error('The picture could not be encoded.')) : resolve(blob)),
        'image/png',
      )
    })
  } finally {
    chart.dispose()
  }
}

/** With its words as text, and its size in millimetres. */
export async function figureSvg(picture: FigurePicture): Promise<Blob> {
  // Only those who export load it.
  await import('../../charts/svg-renderer.ts')
  const { width, height, option } = standAlone(picture)
  const chart = init(null, null, { width, height, renderer: 'svg', ssr: true })
  try {
    chart.setOption(option)
    const { preset } = picture
    const svg = chart
      .renderToSVGString()
      .replace(/width="[\d.]+" height="[\d.]+"/, `width="${preset.width}mm" height="${preset.height}mm"`)
    return new Blob([svg], { type: 'image/svg+xml' })
  } finally {
    chart.dispose()
  }
}

export const figureCsv = (figure: AdaptationFigure): Blob => csvFile(figureRows(figure))

/** About the width of a character, as a share of the size of the type. */
const CHARACTER = 0.52
const LINE = 1.35

/** The option with title, legend and caption in the picture. */
function standAlone({ figure, theme, preset }: FigurePicture) {
  const [width, height] = [Math.round(preset.width * PER_MM), Math.round(preset.height * PER_MM)]
  const type = (preset.points * 96) / 72
  const room = width - 2 * type
  const lines = figure.caption
    .split('\n')
    .reduce((sum, paragraph) => sum + Math.ceil((paragraph.length * CHARACTER * 0.9 * type) / room), 0)
  const entries = legendRows(figure, room, type)
  const head = type * (2.2 + 1.6 * (entries.at(-1)!.row + 1))
  const foot = lines * LINE * 0.9 * type + 0.6 * type
  const size: PictureSize = { width, height, type, head, foot }
  const option = figureOption(figure, size, theme)
  const text = { color: theme.ink, fontFamily: theme.font, fontSize: type }
  const words = [
    {
      ...{ text: figure.title, left: type, top: 0.5 * type, padding: 0 },
      textStyle: { ...text, fontSize: 1.15 * type, fontWeight: 600, width: room, overflow: 'truncate' },
    },
    {
      ...{ text: figure.caption, left: type, bottom: 0.4 * type, padding: 0 },
      textStyle: {
        ...{ ...text, color: theme.soft, fontSize: 0.9 * type, fontWeight: 'normal' },
        ...{ lineHeight: LINE * 0.9 * type, width: room, overflow: 'break' },
      },
    },
  ]
  const panels = option['title'] as readonly object[]
  const series = option['series'] as readonly object[]
  const whole: ChartOption = {
    ...option,
    backgroundColor: theme.paper,
    title: [...panels, ...words],
    series: [...series, legendSeries(figure, entries, type, theme)],
  }
  return { width, height, option: whole }
}

interface LegendEntry {
  readonly label: string
  readonly x: number
  readonly row: number
}

function legendRows({ panels }: AdaptationFigure, room: number, type: number): LegendEntry[] {
  let [x, row] = [0, 0]
  return (panels[0]?.bands.curves ?? []).map(({ label }) => {
    const width = (3.6 + label.length * CHARACTER * 1.05) * type
    if (x > 0 && x + width > room) [x, row] = [0, row + 1]
    const entry = { label, x, row }
    x += width
    return entry
  })
}

/** Lines with their dash and marker, as the plots have them. */
function legendSeries(
  { panels, styles }: AdaptationFigure,
  entries: readonly LegendEntry[],
  type: number,
  theme: ChartTheme,
): object {
  const roles = new Map(panels[0]?.bands.curves.map(({ label, role }) => [label, role]))
  const renderItem = () => ({
    type: 'group' as const,
    children: entries.flatMap(({ label, x, row }) => {
      const colour = theme.series[roles.get(label)!]
      const y = type * (2.9 + 1.6 * row)
      const [x1, x2] = [type + x, type + x + 1.9 * type]
      const { dash } = styles.get(label)!
      return [
        {
          type: 'rect' as const,
          shape: { x: x1, y: y - 0.35 * type, width: x2 - x1, height: 0.7 * type },
          style: { fill: withOpacity(colour, 0.15) },
        },
        {
          type: 'line' as const,
          shape: { x1, x2, y1: y, y2: y },
          style: { stroke: colour, lineWidth: 1.7, ...(dash.length === 0 ? {} : { lineDash: [...dash] }) },
        },
        {
          type: 'text' as const,
          style: {
            ...{ text: label, x: x2 + 0.4 * type, y, verticalAlign: 'middle' as const, fill: theme.ink },
            ...{ fontSize: type, fontFamily: theme.font },
          },
        },
      ]
    }),
  })
  return { id: 'legend', type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 5 }
}
