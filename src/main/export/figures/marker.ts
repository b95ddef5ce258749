import type { Marker } from '../../../core/study/series-styles.ts'
import { fixed } from './text.ts'

/** ECharts' markers: `radius` is half their width. */
export function drawMarker(marker: Marker, x: number, y: number, radius: number, colour: string): string {
  const at = (dx: number, dy: number) => `${fixed(x + dx * radius)} ${fixed(y + dy * radius)}`
  switch (marker) {
    case 'circle':
      return `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${radius}" fill="${colour}"/>`
    case 'triangle':
      return `<path d="M${at(0, -1)}L${at(1, 1)}L${at(-1, 1)}Z" fill="${colour}"/>`
    case 'rect':
      return `<path d="M${at(-1, -1)}L${at(1, -1)}L${at(1, 1)}L${at(-1, 1)}Z" fill="${colour}"/>`
    case 'diamond':
      return `<path d="M${at(0, -1)}L${at(1, 0)}L${at(0, 1)}L${at(-1, 0)}Z" fill="${colour}"/>`
  }
}
