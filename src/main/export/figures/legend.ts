/** One legend for all panels of a figure, above them, where it hides nothing. */
import type { Figure, Panel } from '../../../core/study/figure-data.ts'
import { drawMarker } from './marker.ts'
import { painted, paintOf } from './paint.ts'
import type { Paint } from './paint.ts'
import { BAND_OPACITY, LINE_WIDTH, REFERENCE_COLOUR, mapColours, referencesOf, type } from './style.ts'
import type { DashOf, StyleOf } from './style.ts'
import { drawText, fixed, shortenText, textWidth } from './text.ts'

interface Entry {
  readonly label: string
  /** A sample of `width` pixels, centred on (x, y). */
  readonly sample: (x: number, y: number) => string
  readonly width: number
}

const SAMPLE = 26
/** Of what is on maps. */
const SMALL_SAMPLE = 13
const SAMPLE_GAP = 5
const ENTRY_GAP = 18
const LINE = 16

export interface LegendDrawing {
  readonly body: string
  readonly height: number
}

/** The legend's lines from the origin downwards, `width` pixels wide. */
export function drawLegend(figure: Figure, width: number, styleOf: StyleOf, dashOf: DashOf): LegendDrawing {
  const entries = new Map<string, Entry>()
  for (const panel of figure.panels) {
    for (const [key, entry] of seriesEntries(panel, styleOf)) if (!entries.has(key)) entries.set(key, entry)
  }
  for (const reference of figure.panels.flatMap(referencesOf)) {
    const dash = dashOf(reference)
    entries.set(`reference ${reference.label}`, {
      label: reference.label,
      sample: (x, y) => drawLine(x, y, REFERENCE_COLOUR, 1.1, dash),
      width: SAMPLE,
    })
  }
  for (const panel of figure.panels) for (const entry of mapEntries(panel)) entries.set(`map ${entry.label}`, entry)

  let x = 0
  let line = 0
  const body: string[] = []
  for (const { label, sample, width: sampleWidth } of entries.values()) {
    const text = shortenText(label, width - sampleWidth - SAMPLE_GAP, type.legend)
    const needed = sampleWidth + SAMPLE_GAP + textWidth(text, type.legend)
    if (x > 0 && x + needed > width) {
      x = 0
      line++
    }
    const y = line * LINE + LINE / 2
    body.push(sample(x + sampleWidth / 2, y), drawText(text, x + sampleWidth + SAMPLE_GAP, y + 3.7, type.legend))
    x += needed + ENTRY_GAP
  }
  return { body: body.join('\n'), height: entries.size === 0 ? 0 : (line + 1) * LINE }
}

function seriesEntries(panel: Panel, styleOf: StyleOf): [string, Entry][] {
  switch (panel.kind) {
    case 'curves':
    case 'profile':
      return panel.series.map((series) => {
        const { colour, dash, marker } = styleOf(series)
        const empty = !series.mean.some(Number.isFinite)
        const sample = (x: number, y: number) =>
          (series.low && series.high ? band(x, y, colour) : '') +
          drawLine(x, y, colour, LINE_WIDTH, dash) +
          (panel.kind === 'curves' ? drawMarker(marker, x, y, 2.75, colour) : '')
        return [
          `series ${series.role} ${series.label}`,
          { label: empty ? `${series.label} (no data)` : series.label, sample, width: SAMPLE },
        ]
      })
    case 'paths':
      return panel.paths.map((path) => {
        const { colour, marker } = styleOf(path)
        const sample = (x: number, y: number) =>
          drawLine(x, y, colour, 1.5, []) + drawMarker(marker, x + SAMPLE / 2 - 4, y, 4, colour)
        return [`path ${path.role} ${path.label}`, { label: path.label, sample, width: SAMPLE }]
      })
    case 'scatter':
      return panel.groups.map((group) => {
        const { colour, marker } = styleOf(group)
        const sample = (x: number, y: number) => drawMarker(marker, x, y, 3.5, colour)
        return [`points ${group.role} ${group.label}`, { label: group.label, sample, width: SMALL_SAMPLE }]
      })
    // Rows of intervals and matrices carry their labels, maps their seeds, parallel coordinates their axes.
    case 'intervals':
    case 'matrix':
    case 'parallel':
    case 'layouts':
      return []
  }
}

function mapEntries(panel: Panel): Entry[] {
  if (panel.kind !== 'paths' && panel.kind !== 'layouts') return []
  const disc = (radius: number, paint: Paint) => (x: number, y: number) =>
    `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${radius}" ${painted(paint)}/>`
  const square = (paint: Paint) => (x: number, y: number) =>
    `<rect x="${fixed(x - 4)}" y="${fixed(y - 4)}" width="8" height="8" ${painted(paint)}/>`
  const entries: Omit<Entry, 'width'>[] = [
    {
      label: 'robot at the start',
      sample: (x, y) => `<path d="M${fixed(x + 7)} ${fixed(y)}l-12 -5l3 5l-3 5Z" fill="${mapColours.robot}"/>`,
    },
    { label: 'goal', sample: disc(6, mapColours.goal) },
  ]
  for (const set of panel.world.objects) {
    const label = set.constrained ? set.kind : `${set.kind} (without cost)`
    entries.push({ label, sample: set.kind === 'hazard' ? disc(5, paintOf(set)) : square(paintOf(set)) })
  }
  if (panel.kind === 'paths')
    entries.push({
      label: 'step with cost',
      sample: (x, y) =>
        [-4, 0, 4]
          .map((dx) => `<circle cx="${fixed(x + dx)}" cy="${fixed(y)}" r="1.7" fill="${mapColours.cost}"/>`)
          .join(''),
    })
  return entries.map((entry) => ({ ...entry, width: SMALL_SAMPLE }))
}

function drawLine(x: number, y: number, colour: string, width: number, dash: readonly number[]): string {
  const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(',')}"`
  return `<path d="M${fixed(x - SAMPLE / 2)} ${fixed(y)}h${SAMPLE}" stroke="${colour}" stroke-width="${width}"${dashes}/>`
}

function band(x: number, y: number, colour: string): string {
  const place = `x="${fixed(x - SAMPLE / 2)}" y="${fixed(y - 5)}" width="${SAMPLE}" height="10"`
  return `<rect ${place} fill="${colour}" fill-opacity="${BAND_OPACITY}"/>`
}
