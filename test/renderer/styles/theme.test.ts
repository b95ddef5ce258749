// The contrast of every ink on every paper, computed from the style sheet (WCAG 2.2, 1.4.3 and 1.4.11).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { seriesRoles, type CurvesPanel } from '../../../src/core/study/figure-data.ts'
import { styleSeries } from '../../../src/main/export/figures/style.ts'

type Rgb = readonly [number, number, number]
type Theme = Readonly<Record<string, Rgb>>

const sheet = readFileSync(join(import.meta.dirname, '../../../src/renderer/styles/theme.css'), 'utf8')
const themes = { light: readTheme(0), dark: readTheme(1) }

const PAPERS = ['paper', 'raised', 'well', 'selection']
const INKS = ['ink', 'ink-soft', 'accent', 'alarm', 'warn', 'ok']
const FILLS = ['accent-fill', 'accent-fill-hover', 'alarm-fill', 'alarm-fill-hover']

describe.each(['light', 'dark'] as const)('%s theme', (name) => {
  const theme = themes[name]

  test.each(PAPERS.flatMap((paper) => INKS.map((ink) => [ink, paper])))('%s reads on %s', (ink, paper) => {
    expect(contrast(theme, ink, paper)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(FILLS)('words read on %s', (fill) => {
    expect(contrast(theme, 'on-fill', fill)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['paper', 'raised', 'well'])('edges of controls, the focus and filled controls show on %s', (paper) => {
    for (const edge of ['line-strong', 'focus', 'accent-fill', 'alarm-fill', 'chart-limit', 'chart-violation']) {
      expect(contrast(theme, edge, paper), edge).toBeGreaterThanOrEqual(3)
    }
  })

  test('no two roles of charts look alike', () => {
    const colours = seriesRoles.map((role) => oklab(theme[`chart-${role}`]!))
    const distances = colours.flatMap((a, i) =>
      colours.slice(i + 1).map((b) => Math.hypot(...a.map((x, k) => x - b[k]!))),
    )
    expect(Math.min(...distances)).toBeGreaterThan(0.08)
  })
})

test('in the light theme the roles have the colours of the exported figures', () => {
  const series = seriesRoles.map((role) => ({ label: role, role, x: [], mean: [] }))
  const axis = { label: '' }
  const panel: CurvesPanel = { kind: 'curves', title: '', x: axis, y: axis, series }
  const colourOf = styleSeries({ id: 'training', title: '', caption: '', panels: [panel] })
  for (const one of series) expect(hex(themes.light[`chart-${one.role}`]!), one.role).toBe(colourOf(one).colour)
})

test('in the dark theme the roles show on the paper', () => {
  for (const role of seriesRoles)
    expect(contrast(themes.dark, `chart-${role}`, 'paper'), role).toBeGreaterThanOrEqual(4.5)
})

/** The opaque colours of one theme: 0 light, 1 dark. */
function readTheme(index: 0 | 1): Theme {
  const theme: Record<string, Rgb> = {}
  for (const [, name, value] of sheet.matchAll(/--([\w-]+):\s*([^;]+);/g)) {
    const colours = [...value!.matchAll(/#[0-9a-f]{6}\b/g)].map(([colour]) => colour)
    const colour = colours[index] ?? colours[0]
    if (colour !== undefined)
      theme[name!] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as unknown as Rgb
  }
  return theme
}

function contrast(theme: Theme, ink: string, paper: string): number {
  const [a, b] = [luminance(theme[ink]!), luminance(theme[paper]!)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function linear(colour: Rgb): Rgb {
  return colour.map((byte) => {
    const value = byte / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Rgb): number {
  const [r, g, b] = linear(colour)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** https://bottosson.github.io/posts/oklab/ */
function oklab(colour: Rgb): Rgb {
  const [r, g, b] = linear(colour)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function hex(colour: Rgb): string {
  return `#${colour.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
