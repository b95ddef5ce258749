import type { Command } from 'commander'
import type { Pose } from '../../../core/env/layout.ts'
import { sampleTask, type Task } from '../../../core/env/tasks.ts'
import { integer, SEED_RANGE } from '../arguments.ts'
import { createCommand, outputOf, type CommonOptions } from '../command.ts'
import { formatTable } from '../table.ts'
import { worldByName, worldOption } from '../world-option.ts'

interface Options extends CommonOptions {
  readonly env: string
  readonly seed: number
}

export function layoutCommand(): Command {
  return createCommand('layout', 'Where a task’s robot, goal and objects are: bit for bit Safety-Gymnasium’s.')
    .addOption(worldOption())
    .requiredOption('--seed <n>', 'seed of the task', integer(SEED_RANGE))
    .action((options: Options) => {
      const world = worldByName(options.env)
      const task = sampleTask(world, options.seed)
      const { seed, layout, goalBearing, goalDistance } = task
      const value = { world: world.name, seed, ...layout, goalBearing, goalDistance }
      outputOf(options).result(value, () => layoutText(task, world.title))
    })
}

function layoutText({ seed, layout, goalBearing, goalDistance }: Task, title: string): string {
  const row = (name: string, { x, y, yaw }: Omit<Pose, 'yaw'> & { readonly yaw?: number }) => [
    name,
    x.toFixed(4),
    y.toFixed(4),
    yaw === undefined ? '' : yaw.toFixed(4),
  ]
  const rows = [
    row('robot', layout.robot),
    row('goal', layout.goal),
    ...layout.hazards.map((pose, i) => row(`hazard ${i}`, pose)),
    ...layout.vases.map((pose, i) => row(`vase ${i}`, pose)),
  ]
  const columns = ['', 'x (m)', 'y (m)', 'yaw (rad)'].map((name, i) => ({
    title: name,
    align: i === 0 ? ('left' as const) : ('right' as const),
  }))
  const degrees = ((goalBearing * 180) / Math.PI).toFixed(1)
  return `${title}, seed ${seed}: goal ${goalDistance.toFixed(2)} m away, ${degrees} degrees to the left\n${formatTable(columns, rows)}`
}
