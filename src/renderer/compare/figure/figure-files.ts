/** The figure as files: for a page of paper in one or two columns, for a slide, or as large as on the screen. */
import { drawnPng, drawnSvg, svgFile } from '../../charts/drawn-files.ts'
import type { ChartOption } from '../../charts/echarts.ts'
import { figurePixels, millimetres, pixelSize, type FigurePreset } from '../../charts/figure-sizes.ts'
import { withOpacity, type ChartTheme } from '../../charts/theme.ts'
import { ruler, wrap } from '../../charts/wrapped-text.ts'
import { csvFile } from '../../format/csv.ts'
import type { PictureSize } from './boxes.ts'
import { figureRows, type AdaptationFigure } from './figure.ts'
import { dashOf, figureOption, lineWidth } from './figure-option.ts'

export interface FigurePicture {
  readonly figure: AdaptationFigure
  readonly theme: ChartTheme
  readonly preset: FigurePreset
}

export async function figurePng(picture: FigurePicture): Promise<Blob> {
  const { option, ...size } = standAlone(picture)
  return drawnPng(option, size, picture.theme.paper)
}

/** With its size in millimetres. */
export async function figureSvg(picture: FigurePicture): Promise<Blob> {
  const { option, ...size } = standAlone(picture)
  const { preset } = picture
  const svg = await drawnSvg(option, size)
  const height = preset.fixed ? preset.height : Math.max(preset.height, millimetres(size.height))
  return svgFile(svg.replace(/width="[\d.]+" height="[\d.]+"/, `width="${preset.width}mm" height="${height}mm"`))
}

export const figureCsv = (figure: AdaptationFigure): Blob => csvFile(figureRows(figure))

/** Of a line of the caption, as a share of its type. */
const LINE = 1.35

/** The option with title, legend and caption in the picture. */
function standAlone({ figure, theme, preset }: FigurePicture) {
  const { width } = pixelSize(preset)
  const type = (preset.points * 96) / 72
  const room = width - 2 * type
  const [titleType, captionType] = [1.15 * type, 0.9 * type]
  const title = wrap(figure.title, room, ruler(`600 ${titleType}px ${theme.font}`))
  const caption = wrap(figure.caption, room, ruler(`${captionType}px ${theme.font}`))
  const entries = legendEntries(figure, room, type, ruler(`${type}px ${theme.font}`))
  const above = 0.5 * type + LINE * titleType * title.length
  const head = above + 1.6 * type * ((entries.at(-1)?.row ?? -1) + 1)
  const foot = caption.length * LINE * captionType + 0.6 * type
  const { height } = figurePixels(preset, head + foot)
  const size: PictureSize = { width, height, type, head, foot }
  const option = figureOption(figure, size, theme)
  const text = { color: theme.ink, fontFamily: theme.font, fontSize: type }
  const words = [
    {
      ...{ text: title.join('\n'), left: type, top: 0.5 * type, padding: 0 },
      textStyle: { ...text, fontSize: titleType, fontWeight: 600, lineHeight: LINE * titleType },
    },
    {
      ...{ text: caption.join('\n'), left: type, bottom: 0.4 * type, padding: 0 },
      textStyle: {
        ...{ ...text, color: theme.soft, fontSize: captionType },
        ...{ fontWeight: 'normal', lineHeight: LINE * captionType },
      },
    },
  ]
  const panels = option['title'] as readonly object[]
  const series = option['series'] as readonly object[]
  const whole: ChartOption = {
    ...option,
    backgroundColor: theme.paper,
    title: [...panels, ...words],
    series: [...series, legendSeries(figure, entries, above, type, theme)],
  }
  return { width, height, option: whole }
}

interface LegendEntry {
  readonly label: string
  readonly x: number
  readonly row: number
}

/** Of the drawn line and the gaps beside it, in widths of the type. */
const SWATCH = 1.9

function legendEntries(
  { panels }: AdaptationFigure,
  room: number,
  type: number,
  widthOf: (text: string) => number,
): LegendEntry[] {
  let [x, row] = [0, 0]
  return (panels[0]?.bands.curves ?? []).map(({ label }) => {
    const width = (SWATCH + 0.4) * type + widthOf(label)
    if (x > 0 && x + width > room) [x, row] = [0, row + 1]
    const entry = { label, x, row }
    x += width + 1.2 * type
    return entry
  })
}

/** Lines with their dash and band, as the plots have them. */
function legendSeries(
  { panels, styles }: AdaptationFigure,
  entries: readonly LegendEntry[],
  top: number,
  type: number,
  theme: ChartTheme,
): object {
  const roles = new Map(panels[0]?.bands.curves.map(({ label, role }) => [label, role]))
  const renderItem = () => ({
    type: 'group' as const,
    children: entries.flatMap(({ label, x, row }) => {
      const colour = theme.series[roles.get(label)!]
      const y = top + type * (0.8 + 1.6 * row)
      const [x1, x2] = [type + x, type + x + SWATCH * type]
      const dash = dashOf(styles.get(label)!.dash, type)
      return [
        {
          type: 'rect' as const,
          shape: { x: x1, y: y - 0.35 * type, width: x2 - x1, height: 0.7 * type },
          style: { fill: withOpacity(colour, 0.15) },
        },
        {
          type: 'line' as const,
          shape: { x1, x2, y1: y, y2: y },
          style: { stroke: colour, lineWidth: lineWidth(type), ...(dash.length === 0 ? {} : { lineDash: dash }) },
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
