/** Maps of chosen tasks on one page, drawn as the studies' figures are. */
import { sampleTask } from '../../core/env/tasks.ts'
import { parseVariant, variantWorld } from '../../core/env/world-variant.ts'
import type { LayoutsPanel } from '../../core/study/figure-data.ts'
import { renderPng } from '../export/figures/png.ts'
import { renderSvg } from '../export/figures/svg.ts'
import { InvalidRequest } from './invalid-request.ts'

export interface SheetRequest {
  /** As `core/env/world-variant.ts` writes it. */
  readonly variant: string
  readonly format: 'svg' | 'png'
  readonly title: string
  readonly caption: string
  readonly tasks: readonly {
    readonly seed: number
    readonly mark?: LayoutsPanel['tasks'][number]['mark'] | undefined
  }[]
}

export function taskSheet({ variant, format, title, caption, tasks }: SheetRequest) {
  const parsed = parseVariant(variant)
  if (parsed === null) throw new InvalidRequest(`${variant} is no world.`)
  const world = variantWorld(parsed)
  const svg = renderSvg({
    id: 'tasks',
    title,
    caption,
    panels: [
      {
        kind: 'layouts',
        title: world.title,
        world,
        tasks: tasks.map(({ seed, mark }) => ({ seed, layout: sampleTask(world, seed).layout, ...(mark && { mark }) })),
      },
    ],
  })
  const name = `tasks-${variant.replaceAll('+', '-').replaceAll('=', '-')}.${format}`
  return format === 'svg'
    ? { name, type: 'image/svg+xml', bytes: new Uint8Array(new TextEncoder().encode(svg)) }
    : { name, type: 'image/png', bytes: new Uint8Array(renderPng(svg)) }
}
