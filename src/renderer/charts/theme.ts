// Colours and type of the charts. They come from the style sheet (`--chart-*`, else the tokens of the text around them),
// because a canvas knows no style sheets.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { seriesRoles, type SeriesRole } from '../../core/study/figure-data.ts'

export interface ChartTheme {
  readonly paper: string
  readonly ink: string
  readonly soft: string
  readonly line: string
  readonly alarm: string
  readonly font: string
  readonly dark: boolean
  readonly series: Readonly<Record<SeriesRole, string>>
  /** Phases of an iteration, in the order of stacking. */
  readonly phases: readonly string[]
}

/**
 * Okabe and Ito's colours (https://jfly.uni-koeln.de/color/) in the roles that the figures of a study give them; on dark
 * paper lighter ones of the same hues.
 */
const SERIES: Record<SeriesRole, readonly [light: string, dark: string]> = {
  'c-maml': ['#0072b2', '#4fa8e0'],
  random: ['#e69f00', '#f0b63c'],
  'pre-trained': ['#009e73', '#35c79b'],
  maml: ['#d55e00', '#f5874a'],
  'other-1': ['#8f4d8f', '#cf94cf'],
  'other-2': ['#56b4e9', '#9bd5f7'],
  'other-3': ['#3b3b3b', '#c4c4c0'],
  'other-4': ['#a08a00', '#d2bf45'],
}

/** Five fills that neighbours can be told apart by in lightness alone. */
const PHASES: readonly (readonly [light: string, dark: string])[] = [
  ['#0b4f7d', '#2f7fb5'],
  ['#3f8fc4', '#7dc0ec'],
  ['#7a6a00', '#b39d2b'],
  ['#e0b13a', '#f2d27c'],
  ['#c9c8c2', '#5c6067'],
]

/**
 * Resolves colours as the style sheet does, `light-dark()` included: a custom property alone answers its source text.
 *
 * @param scheme that of the page, or light whatever the page is
 */
export function readChartTheme(scheme: 'inherit' | 'light' = 'inherit'): ChartTheme {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const colour = (...candidates: string[]): string => {
    probe.style.color = candidates.reduceRight((fallback, name) => `var(${name}, ${fallback})`)
    return getComputedStyle(probe).color
  }
  const pair = (name: string, [light, dark]: readonly [string, string]): string =>
    colour(`--chart-${name}`, `light-dark(${light}, ${dark})`)
  probe.style.colorScheme = scheme
  const theme: ChartTheme = {
    paper: colour('--chart-paper', '--paper', 'white'),
    ink: colour('--chart-ink', '--ink', 'black'),
    soft: colour('--chart-soft', '--ink-soft', 'grey'),
    line: colour('--chart-line', '--line', 'silver'),
    alarm: colour('--chart-violation', '--alarm', 'crimson'),
    // ECharts writes it into attributes of SVG files as it is, where double quotes would end them.
    font: getComputedStyle(document.body).fontFamily.replaceAll('"', "'"),
    dark: luminance(colour('--chart-paper', '--paper', 'white')) < 0.5,
    series: Object.fromEntries(seriesRoles.map((role) => [role, pair(role, SERIES[role])])) as Record<
      SeriesRole,
      string
    >,
    phases: PHASES.map((phase, i) => pair(`phase-${i + 1}`, phase)),
  }
  probe.remove()
  return theme
}

/** What is printed stands on white paper, whatever the page is. */
export const readPrintTheme = (): ChartTheme => ({ ...readChartTheme('light'), paper: '#ffffff' })

/** Rough lightness 0..1 of `rgb(r, g, b)`. */
function luminance(colour: string): number {
  const [r = 255, g = 255, b = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255
}

/** The same colour with an opacity: `rgb(1, 2, 3)` or `#010203` -> `rgba(1, 2, 3, 0.5)`. */
export function withOpacity(colour: string, opacity: number): string {
  const numbers = colour.startsWith('#')
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? []).map(Number).slice(0, 3)
  return `rgba(${numbers.join(', ')}, ${opacity})`
}

let shared: { readonly theme: ShallowRef<ChartTheme>; readonly stop: () => void; users: number } | null = null

/** The theme of the page; follows the choice of theme on the root element and that of the system. */
export function useChartTheme(): Readonly<ShallowRef<ChartTheme>> {
  shared ??= followTheme()
  const mine = shared
  mine.users++
  onScopeDispose(() => {
    if (--mine.users > 0) return
    mine.stop()
    shared = null
  })
  return mine.theme
}

function followTheme(): NonNullable<typeof shared> {
  const theme = shallowRef(readChartTheme())
  const read = () => (theme.value = readChartTheme())
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', read)
  const observer = new MutationObserver(read)
  observer.observe(document.documentElement, { attributeFilter: ['class', 'style', 'data-theme'] })
  const stop = () => {
    system.removeEventListener('change', read)
    observer.disconnect()
  }
  return { theme, stop, users: 0 }
}
