/**
 * What the constraints of a world say about a moment (safety-gymnasium 1.0.0: assets/geoms/hazards.py:68-82,
 * assets/free_geoms/vases.py:68-113, bases/base_task.py:92 `constrain_indicator`).
 */
import { CostPart } from './environment.ts'
import type { Layout } from './layout.ts'
import type { Physics } from './physics/physics.ts'
import type { World } from './world.ts'

export interface CostRule {
  /** x, y and squared radius of each hazard that costs, [hazards x 3]. */
  readonly hazards: Float64Array
  /** A vase costs when it is touched, or moves at this speed or faster (m/s); null where vases are free. */
  readonly vaseSpeed: number | null
}

export function costRule(world: World, layout: Layout): CostRule {
  const hazards: number[] = []
  let vaseSpeed: number | null = null
  let next = 0
  for (const set of world.objects) {
    if (set.kind === 'vase') {
      if (set.constrained) vaseSpeed = set.costSpeed
      continue
    }
    const placed = layout.hazards.slice(next, (next += set.count))
    if (set.constrained) for (const { x, y } of placed) hazards.push(x, y, set.radius ** 2)
  }
  return { hazards: Float64Array.from(hazards), vaseSpeed }
}

/** The bits of `CostPart` that are positive now. The step's cost is 1 if there is any (`constrain_indicator`). */
export function costParts(rule: CostRule, physics: Physics): number {
  let parts = isInHazard(rule.hazards, physics.robot) ? CostPart.hazard : 0
  if (rule.vaseSpeed !== null) {
    if (physics.touchesVase) parts |= CostPart.vaseContact
    if (physics.fastestVase >= rule.vaseSpeed) parts |= CostPart.vaseVelocity
  }
  return parts
}

function isInHazard(hazards: Float64Array, robot: Float64Array): boolean {
  const x = robot[0]!
  const y = robot[1]!
  for (let i = 0; i < hazards.length; i += 3) {
    const dx = hazards[i]! - x
    const dy = hazards[i + 1]! - y
    // The cost is the depth inside the hazard, so its border is free.
    if (dx * dx + dy * dy < hazards[i + 2]!) return true
  }
  return false
}
