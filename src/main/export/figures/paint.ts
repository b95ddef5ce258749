import type { ObjectSet } from '../../../core/env/world.ts'
import { mapColours } from './style.ts'

/** How something on a map is filled and outlined. */
export interface Paint {
  readonly fill: string
  readonly stroke: string
}

/** What costs nothing is hollow. */
export function paintOf({ kind, constrained }: Pick<ObjectSet, 'kind' | 'constrained'>): Paint {
  const paint = mapColours[kind]
  return constrained ? paint : { ...paint, fill: mapColours.harmless }
}

export function painted({ fill, stroke }: Paint): string {
  return `fill="${fill}" stroke="${stroke}" stroke-width="0.8"`
}
