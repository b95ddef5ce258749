/** How a figure looks: page, type sizes, and a colour, dash and marker for every series. */
import type { Figure, Panel, Reference, SeriesRole } from '../../../core/study/figure-data.ts'
import { seriesMarks, type SeriesMarks } from '../../../core/study/series-styles.ts'
import type { TextStyle } from './text.ts'

/** 170 mm, the text width of A4, at 96 pixels an inch. */
export const FIGURE_WIDTH = 642
export const MARGIN = 8
export const GREY = '#5a5a5a'
export const RULE = '#e4e4e4'
export const FRAME = '#8c8c8c'

/** In print, a pixel is 0.75 pt: the smallest type is 7 pt. */
export const type = {
  title: { size: 13, bold: true },
  panelTitle: { size: 11, bold: true },
  axis: { size: 10.5 },
  tick: { size: 10, colour: '#333333' },
  legend: { size: 10.5 },
  caption: { size: 10, colour: '#333333' },
  seed: { size: 9.4, colour: GREY },
} as const satisfies Record<string, TextStyle>

export interface SeriesStyle extends SeriesMarks {
  readonly colour: string
}

export const LINE_WIDTH = 1.6
export const BAND_OPACITY = 0.15

/**
 * Okabe and Ito's colours for all kinds of colour vision (https://jfly.uni-koeln.de/color/), in the paper's order: C-MAML
 * blue, random orange, pre-trained green, MAML red. Dashes and markers tell them apart in black and white.
 */
const colours: Record<SeriesRole, string> = {
  'c-maml': '#0072b2',
  random: '#e69f00',
  'pre-trained': '#009e73',
  maml: '#d55e00',
  'other-1': '#8f4d8f',
  'other-2': '#56b4e9',
  'other-3': '#3b3b3b',
  'other-4': '#a08a00',
}

export type StyleOf = (series: { readonly label: string; readonly role: SeriesRole }) => SeriesStyle

/** The styles of a figure's series; series of one label and role look the same in all its panels. */
export function styleSeries(figure: Figure): StyleOf {
  const labels = new Map<SeriesRole, string[]>()
  const rank = (role: SeriesRole, label: string) => {
    const known = labels.get(role) ?? []
    if (!known.includes(label)) labels.set(role, [...known, label])
    return labels.get(role)!.indexOf(label)
  }
  const styleOf: StyleOf = ({ label, role }) => ({ ...seriesMarks(role, rank(role, label)), colour: colours[role] })
  for (const panel of figure.panels) {
    if (panel.kind === 'curves' || panel.kind === 'profile') panel.series.forEach(styleOf)
    if (panel.kind === 'paths') panel.paths.forEach(styleOf)
    if (panel.kind === 'intervals') panel.estimates.forEach(styleOf)
    if (panel.kind === 'scatter') panel.groups.forEach(styleOf)
  }
  return styleOf
}

/** Levels such as cost limits: dark and thin; a second and third level in one figure have dashes of their own. */
const referenceDashes = [
  [5, 3],
  [1.5, 2.5],
  [9, 3, 2, 3],
] as const
export const REFERENCE_COLOUR = '#222222'

/** How the references of a figure are dashed. */
export type DashOf = (reference: Reference) => readonly number[]

/** Equal labels have equal dashes in all panels of the figure. */
export function dashReferences(figure: Figure): DashOf {
  const labels = [...new Set(figure.panels.flatMap(referencesOf).map(({ label }) => label))]
  return ({ label }) => referenceDashes[labels.indexOf(label) % referenceDashes.length]!
}

/** The levels that can be drawn: an infinite limit is none. */
export function referencesOf(panel: Panel): readonly Reference[] {
  const references = 'references' in panel ? panel.references : undefined
  return (references ?? []).filter(({ value }) => Number.isFinite(value))
}

/** What is on a map. Pale fills, so that the paths over them keep their colours. */
export const mapColours = {
  floor: '#fcfcfa',
  hazard: { fill: '#dcd3ea', stroke: '#8a78ab' },
  vase: { fill: '#c4e3e6', stroke: '#3f8791' },
  /** Fills what costs nothing. */
  harmless: '#ffffff',
  goal: { fill: '#d9efc2', stroke: '#5b8f2a' },
  robot: '#1a1a1a',
  cost: '#c00022',
} as const
