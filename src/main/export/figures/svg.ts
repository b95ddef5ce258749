/** A whole figure as one SVG: title, legend, panels, caption. The same data make the same bytes. */
import { checkFigure } from '../../../core/study/figure-data.ts'
import type { Figure, Panel } from '../../../core/study/figure-data.ts'
import { drawCurves } from './curves.ts'
import { drawIntervals } from './intervals.ts'
import { drawLegend } from './legend.ts'
import { drawLayouts, drawPaths } from './map.ts'
import { drawMatrix } from './matrix.ts'
import { letterOf } from './panel.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { drawParallel } from './parallel.ts'
import { drawScatter } from './scatter.ts'
import { FIGURE_WIDTH, MARGIN, dashReferences, styleSeries, type } from './style.ts'
import type { DashOf, StyleOf } from './style.ts'
import { FONT_FAMILY, drawText, escapeXml, fixed, shortenText, wrapText } from './text.ts'
import type { TextStyle } from './text.ts'

const PANEL_GAP = 20
const ROW_GAP = 10
const PANEL_TITLE_HEIGHT = 20

/** @throws {RangeError} if the figure's data do not fit together. */
export function renderSvg(figure: Figure): string {
  checkFigure(figure)
  const width = FIGURE_WIDTH - 2 * MARGIN
  const styleOf = styleSeries(figure)
  const dashOf = dashReferences(figure)
  const parts: string[] = []
  let y = MARGIN
  const stack = (body: string, height: number) => {
    parts.push(translated(body, MARGIN, y))
    y += height
  }

  const title = paragraph(figure.title, width, type.title)
  stack(title.body, title.height + 6)
  const legend = drawLegend(figure, width, styleOf, dashOf)
  if (legend.height > 0) stack(legend.body, legend.height + 8)
  for (const row of rowsOf(figure, width, styleOf, dashOf)) stack(row.body, row.height + ROW_GAP)
  const caption = paragraph(figure.caption, width, type.caption)
  stack(caption.body, caption.height)

  const height = Math.ceil(y + MARGIN)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${FIGURE_WIDTH}" height="${height}" viewBox="0 0 ${FIGURE_WIDTH} ${height}" font-family="${FONT_FAMILY}" role="img">`,
    `<title>${escapeXml(figure.title)}</title>`,
    `<rect width="${FIGURE_WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function rowsOf(figure: Figure, width: number, styleOf: StyleOf, dashOf: DashOf): PanelDrawing[] {
  const { panels } = figure
  const columns = Math.min(figure.columns ?? columnsFor(panels), Math.max(1, panels.length))
  const panelWidth = (width - (columns - 1) * PANEL_GAP) / columns
  const rows: PanelDrawing[] = []
  for (let first = 0; first < panels.length; first += columns) {
    const drawings = panels.slice(first, first + columns).map((panel, i) => {
      const box = { width: panelWidth, idPrefix: `${figure.id}-panel-${first + i}` }
      const letter = panels.length > 1 ? `(${letterOf(first + i)}) ` : ''
      return titled(`${letter}${panel.title}`, drawPanel(panel, box, styleOf, dashOf), panelWidth)
    })
    rows.push({
      body: drawings.map(({ body }, i) => translated(body, i * (panelWidth + PANEL_GAP), 0)).join('\n'),
      height: Math.max(...drawings.map(({ height }) => height)),
    })
  }
  return rows
}

const ONE_BELOW_ANOTHER: readonly Panel['kind'][] = ['intervals', 'matrix', 'parallel']

function columnsFor(panels: readonly Panel[]): number {
  if (panels.every(({ kind }) => ONE_BELOW_ANOTHER.includes(kind))) return 1
  if (panels.some((panel) => panel.kind === 'layouts' && panel.tasks.length > 4)) return 1
  return panels.length === 3 || panels.length > 4 ? 3 : 2
}

function drawPanel(panel: Panel, box: Box, styleOf: StyleOf, dashOf: DashOf): PanelDrawing {
  switch (panel.kind) {
    case 'curves':
    case 'profile':
      return drawCurves(panel, box, styleOf, dashOf)
    case 'intervals':
      return drawIntervals(panel, box, styleOf, dashOf)
    case 'scatter':
      return drawScatter(panel, box, styleOf, dashOf)
    case 'matrix':
      return drawMatrix(panel, box)
    case 'parallel':
      return drawParallel(panel, box)
    case 'paths':
      return drawPaths(panel, box, styleOf)
    case 'layouts':
      return drawLayouts(panel, box)
  }
}

function titled(title: string, drawing: PanelDrawing, width: number): PanelDrawing {
  if (title === '') return drawing
  const text = drawText(shortenText(title, width, type.panelTitle), 0, 12, type.panelTitle)
  return {
    body: `${text}\n${translated(drawing.body, 0, PANEL_TITLE_HEIGHT)}`,
    height: drawing.height + PANEL_TITLE_HEIGHT,
  }
}

function paragraph(text: string, width: number, style: TextStyle): PanelDrawing {
  const lineHeight = style.size * 1.38
  const lines = wrapText(text, width, style)
  return {
    body: lines.map((line, i) => drawText(line, 0, i * lineHeight + style.size, style)).join('\n'),
    height: lines.length * lineHeight,
  }
}

function translated(body: string, x: number, y: number): string {
  return `<g transform="translate(${fixed(x)} ${fixed(y)})">\n${body}\n</g>`
}
