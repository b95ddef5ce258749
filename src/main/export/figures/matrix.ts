/** Rows x columns as coloured cells, and what the colours mean. */
import { colourDomain, shareOf } from '../../../core/study/colour-domain.ts'
import { barColours, cssColour, divergingLight, sequential } from '../../../core/study/colour-map.ts'
import type { MatrixPanel } from '../../../core/study/figure-data.ts'
import { axisTitle } from './panel.ts'
import type { Box, PanelDrawing } from './panel.ts'
import { formatNumber } from './scale.ts'
import { FRAME, GREY, type } from './style.ts'
import { drawText, fixed, shortenText, textWidth } from './text.ts'

const ROW = 20
const GAP = 8
/** Between the labels of columns. */
const LABEL_SPACE = 8
const BAR = { width: 160, height: 8 } as const

export function drawMatrix(panel: MatrixPanel, { width }: Box): PanelDrawing {
  const { rows, columns, values } = panel
  if (values.length === 0)
    return { body: drawText('no data', width / 2, ROW, { ...type.axis, colour: GREY, anchor: 'middle' }), height: ROW }
  const domain = colourDomain(values.filter(Number.isFinite), panel.middle ?? null)
  const colours = panel.middle === undefined ? sequential : divergingLight
  const labels = rows.map((label) => shortenText(label, width * 0.3, type.axis))
  const left = Math.max(...labels.map((label) => textWidth(label, type.axis))) + GAP
  const cell = (width - left - 1) / columns.length
  const bottom = rows.length * ROW
  // Gaps only where cells stay larger than them; else a little overlap: seams would show in between.
  const wide = cell > 12 ? cell - 1 : cell + 0.3
  const cells = values.flatMap((value, at) => {
    if (!Number.isFinite(value)) return []
    const [row, column] = [Math.floor(at / columns.length), at % columns.length]
    const place = `x="${fixed(left + column * cell)}" y="${row * ROW}" width="${fixed(wide)}" height="${ROW - 1}"`
    return [`<rect ${place} fill="${cssColour(colours(shareOf(value, domain)))}"/>`]
  })

  const widest = Math.max(...columns.map((name) => textWidth(name, type.tick)))
  const every = Math.max(1, Math.ceil((widest + LABEL_SPACE) / cell))
  const ticks = columns.flatMap((name, column) => {
    if (column % every !== 0) return []
    const x = left + (column + 0.5) * cell
    const mark = `<path d="M${fixed(x)} ${bottom}v4" stroke="${FRAME}" stroke-width="0.8"/>`
    return [mark, drawText(name, x, bottom + 15, { ...type.tick, anchor: 'middle' })]
  })
  const keyTop = bottom + 40
  const body = [
    ...cells,
    ...labels.map((label, row) =>
      drawText(label, left - GAP, (row + 0.5) * ROW + 3.2, { ...type.axis, anchor: 'end' }),
    ),
    ...ticks,
    drawText(axisTitle(panel.x), left + (width - left) / 2, bottom + 29, { ...type.axis, anchor: 'middle' }),
    drawText(axisTitle(panel.value), left - GAP, keyTop + 7, { ...type.axis, anchor: 'end' }),
    colourBar(barColours(colours), left, keyTop),
    ...keyLabels(domain).map(({ share, text }) =>
      drawText(text, left + share * BAR.width, keyTop + BAR.height + 12, { ...type.tick, anchor: 'middle' }),
    ),
  ]
  return { body: body.join('\n'), height: keyTop + BAR.height + 18 }
}

function colourBar(colours: readonly string[], x: number, y: number): string {
  const field = BAR.width / colours.length
  return colours
    .map((colour, i) => {
      const end = i + 1 < colours.length ? 0.3 : 0
      return `<rect x="${fixed(x + i * field)}" y="${y}" width="${fixed(field + end)}" height="${BAR.height}" fill="${colour}"/>`
    })
    .join('')
}

/** At the ends and in the middle of the bar; an end that is the middle stands once. */
function keyLabels({ min, middle, max }: ReturnType<typeof colourDomain>) {
  const precision = (max - min) / 50 || 1
  const labels = [
    { share: 0, value: min },
    { share: 0.5, value: middle ?? (min + max) / 2 },
    { share: 1, value: max },
  ]
  const shown = labels.filter(({ share, value }) => share === 0.5 || value !== middle)
  return shown.map(({ share, value }) => ({ share, text: formatNumber(value, precision) }))
}
