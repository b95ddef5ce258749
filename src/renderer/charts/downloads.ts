// What is drawn, as files: PNG at twice the size, SVG, and the numbers as CSV.
import type { CustomSeriesRenderItem } from 'echarts/types/dist/shared'
import { csvFile } from '../format/csv.ts'
import { drawnPng, drawnSvg, svgFile } from './drawn-files.ts'
import type { ChartOption } from './echarts.ts'
import type { ChartTheme } from './theme.ts'
import { ruler, wrap } from './wrapped-text.ts'

export interface LegendEntry {
  readonly name: string
  readonly colour: string
  /** Of its line; none is a solid one. */
  readonly dash?: readonly number[] | undefined
  /** Of its points, where it has no line: ECharts' name of the marker. */
  readonly symbol?: string | undefined
}

/** Colours from the lowest to the highest value, and names at equal distances from end to end. */
export interface ColourBar {
  readonly colours: readonly string[]
  readonly labels: readonly string[]
}

/** A panel as it stands on the screen. */
export interface PanelPicture {
  readonly title: string
  readonly option: ChartOption
  readonly legend: readonly LegendEntry[]
  readonly bar?: ColourBar | undefined
  /** Stands below the drawing. */
  readonly caption?: string | undefined
  readonly theme: ChartTheme
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** First row: names of the columns. */
  readonly rows: () => Iterable<readonly (string | number)[]>
}

/** Room for the title and the legend, which on the screen stand outside the drawing. */
export const HEAD = 48

/** Of the sign of a line in the legend (px): wide enough that dashes can be told apart. */
const SIGN = { width: 28, height: 4 } as const

/** The line's own dashes, from end to end; a corner at the end keeps the sign as wide as that of a solid line. */
export function dashSign(dash: readonly number[]): string {
  let [path, x] = ['', 0]
  // Odd patterns are drawn twice, as by SVG.
  const pattern = dash.length % 2 === 0 ? dash : [...dash, ...dash]
  for (let i = 0; x < SIGN.width; i++) {
    const length = pattern[i % pattern.length]!
    const drawn = Math.min(length, SIGN.width - x)
    if (i % 2 === 0) path += `M${x},0h${drawn}v${SIGN.height}h${-drawn}z`
    x += length
  }
  return `path://${path}M${SIGN.width},0h0`
}

export const exportPng = (picture: PanelPicture): Promise<Blob> =>
  drawnPng(standAlone(picture), size(picture), picture.theme.paper)

export const exportSvg = async (picture: PanelPicture): Promise<Blob> =>
  svgFile(await drawnSvg(standAlone(picture), size(picture)))

export const exportCsv = (picture: Pick<PanelPicture, 'rows'>): Blob => csvFile(picture.rows())

/** Pixels of a line of the caption, and of its type. */
const CAPTION_LINE = 14
const CAPTION_TYPE = 11

const captionLines = ({ caption = '', width, theme }: PanelPicture): string[] =>
  caption === '' ? [] : wrap(caption, width - 20, ruler(`${CAPTION_TYPE}px ${theme.font}`))

/** Room for the caption. */
const footOf = (picture: PanelPicture): number => CAPTION_LINE * captionLines(picture).length

function size(picture: PanelPicture) {
  return { width: picture.width, height: picture.height + HEAD + footOf(picture) }
}

/** The option with title, legend and caption, on paper. */
function standAlone(picture: PanelPicture): ChartOption {
  const { title, option, legend, bar, theme } = picture
  const grid = option['grid'] as { top: number; bottom: number }
  const text = { color: theme.ink, fontFamily: theme.font }
  // Stacked areas and bands are no series with a symbol: the legend has invisible ones of its own.
  const entries = legend.map(({ name, colour }) => ({
    type: 'line',
    name,
    data: [],
    itemStyle: { color: colour },
    lineStyle: { color: colour },
  }))
  const hasMarkers = legend.some(({ symbol }) => symbol !== undefined)
  const drawn = (option['series'] as { name?: string }[]).map(({ name: _, ...series }) => series)
  return {
    ...option,
    backgroundColor: theme.paper,
    title: [
      { text: title, left: 10, top: 6, textStyle: { ...text, fontSize: 14, fontWeight: 600 } },
      {
        text: captionLines(picture).join('\n'),
        left: 10,
        bottom: 2,
        padding: 0,
        textStyle: {
          ...{ ...text, color: theme.soft, fontSize: CAPTION_TYPE, fontWeight: 'normal', lineHeight: CAPTION_LINE },
        },
      },
    ],
    legend: {
      data: legend.map(({ name, dash, symbol }) => {
        const icon = symbol ?? (dash && dash.length > 0 ? dashSign(dash) : undefined)
        return icon === undefined ? name : { name, icon }
      }),
      left: 8,
      top: 27,
      icon: 'roundRect',
      ...(hasMarkers
        ? { itemWidth: 8, itemHeight: 8 }
        : { itemWidth: legend.some(({ dash }) => dash?.length) ? SIGN.width : 14, itemHeight: SIGN.height }),
      selectedMode: false,
      textStyle: { ...text, fontSize: 11 },
    },
    grid: { ...grid, top: grid.top + HEAD, bottom: grid.bottom + footOf(picture) },
    series: [...drawn, ...entries, ...(bar === undefined ? [] : [barSeries(bar, theme)])],
  }
}

const BAR = { left: 60, top: 30, width: 200, height: 8 } as const

/** The colour bar under the title, with its names below it. */
function barSeries({ colours, labels }: ColourBar, theme: ChartTheme): object {
  const field = BAR.width / colours.length
  const place = (i: number) => BAR.left + (i / (labels.length - 1)) * BAR.width
  const renderItem: CustomSeriesRenderItem = () => ({
    type: 'group',
    children: [
      ...colours.map((fill, i) => ({
        type: 'rect' as const,
        // A little overlap: seams would show in between.
        shape: {
          x: BAR.left + i * field,
          y: BAR.top,
          width: field + (i + 1 < colours.length ? 0.5 : 0),
          height: BAR.height,
        },
        style: { fill },
      })),
      ...labels.map((text, i) => ({
        type: 'text' as const,
        style: {
          text,
          x: place(i),
          y: BAR.top + BAR.height + 4,
          align: 'center' as const,
          verticalAlign: 'top' as const,
          fill: theme.ink,
          fontSize: 11,
          fontFamily: theme.font,
        },
      })),
    ],
  })
  return { id: 'colour-bar', type: 'custom', data: [[0, 0]], renderItem, silent: true, clip: false, z: 5 }
}
