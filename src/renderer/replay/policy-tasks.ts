// The tasks that a configuration's policies are for.
import type { RunConfig } from '../../core/config/settings.ts'
import { isWithinArc, sampleTask } from '../../core/env/tasks.ts'
import { worlds, type World } from '../../core/env/world.ts'

/** Seeds that are laid out at most to find one. */
const MOST_SEEDS = 1000

/** The first task that such a policy did not train on; undefined where none is near, or the configuration is not read yet. */
export function firstHeldOut(config: Partial<RunConfig>): number | undefined {
  const of = tasksOf(config)
  if (of === undefined) return undefined
  const last = Math.min(of.to, of.from + MOST_SEEDS - 1)
  for (let seed = of.from; seed <= last; seed++) if (isTask(of, seed)) return seed
  return undefined
}

/** A sentence on the seeds whose first goal lies where none of the policy's tasks has its goal; undefined without such. */
export function arcWarning(config: Partial<RunConfig>, seeds: readonly number[]): string | undefined {
  const of = tasksOf(config)
  if (of === undefined) return undefined
  const outside = seeds.slice(0, MOST_SEEDS).filter((seed) => !isTask(of, seed))
  if (outside.length === 0) return undefined
  const named =
    outside.length > 3 ? `${outside.slice(0, 3).join(', ')} and ${outside.length - 3} more` : outside.join(', ')
  return `Outside the arc of ${of.arcDegrees}° that this policy's tasks have their goals in: ${named}.`
}

interface PolicyTasks {
  readonly world: World
  readonly arcDegrees: number
  readonly from: number
  readonly to: number
}

function tasksOf({ environment, tasks }: Partial<RunConfig>): PolicyTasks | undefined {
  if (environment === undefined || tasks === undefined) return undefined
  const { heldOutFrom: from, heldOutTo: to, arcDegrees } = tasks
  return { world: worlds[environment.world], arcDegrees, from, to }
}

const isTask = ({ world, arcDegrees }: PolicyTasks, seed: number): boolean =>
  isWithinArc(sampleTask(world, seed), arcDegrees)
