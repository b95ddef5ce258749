import { computed, type ComputedRef } from 'vue'
import type { SeriesRole } from '../../../core/study/figure-data.ts'
import { useChartTheme, type ChartTheme } from '../../charts/theme.ts'

const NAMES = ['floor', 'hazard', 'hazard-line', 'vase', 'vase-line', 'goal', 'goal-line', 'robot'] as const

/** Colours of maps as a canvas takes them, from the style sheet. */
export interface MapColours extends Readonly<Record<(typeof NAMES)[number], string>> {
  readonly cost: string
  readonly soft: string
  readonly line: string
  readonly paper: string
  readonly ink: string
  readonly font: string
  readonly dark: boolean
  readonly series: Readonly<Record<SeriesRole, string>>
}

/** Follows the theme of the page. */
export function useMapColours(): ComputedRef<MapColours> {
  const theme = useChartTheme()
  return computed(() => readMapColours(theme.value))
}

export function readMapColours(theme: ChartTheme): MapColours {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const colours = Object.fromEntries(
    NAMES.map((name) => {
      probe.style.color = `var(--map-${name})`
      return [name, getComputedStyle(probe).color]
    }),
  ) as Record<(typeof NAMES)[number], string>
  probe.remove()
  const { alarm: cost, soft, line, paper, ink, font, dark, series } = theme
  return { ...colours, cost, soft, line, paper, ink, font, dark, series }
}
