/** A panel that is loaded and computed when it first comes into view. */
import { defineAsyncComponent, h, type Component } from 'vue'
import type { ComparePanel } from '../context.ts'
import PanelPlace from './PanelPlace.vue'

export function framed(
  id: string,
  title: string,
  load: () => Promise<{ readonly default: Component }>,
  size: 'chart' | 'wide' | 'table' = 'chart',
): ComparePanel {
  const panel = defineAsyncComponent(async () => (await load()).default)
  return { id, title, component: () => h(PanelPlace, { title, panel, size }) }
}
